// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/aggregate_call.h"
#include "app/engine/sql/bind_context.h"
#include "app/engine/sql/expression_binder.h"

namespace weir::sql {

/// The OVER calls of a SELECT. All of them have one window; ROW_NUMBER() and RANK() make the relation wait for a bound.
/// Throws StatementError.
class OverBinder
{
public:
    /// `bind` binds the parts of calls and windows over `input`.
    OverBinder(const ast::Select& select, const Relation& input, BindPart bind);

    bool any() const { return !m_written.empty(); }
    /// What a call with OVER becomes: a column behind those of the input; null for every other expression.
    ExpressionPtr replace(const ast::Expression& expression) const;
    /// The query with these outputs, over the input's columns followed by the calls.
    Relation relation(const std::vector<NamedExpression>& outputs) const;

private:
    struct Window
    {
        std::vector<ExpressionPtr> partition;
        std::vector<ExpressionPtr> order;
        std::vector<SortKey> directions;
        bool byRows = false;
        std::int64_t preceding = -1;
        bool operator==(const Window& other) const;
    };

    void collect();
    void bindWindows();
    void bindCalls();
    Window windowOf(const ast::Expression& call) const;
    Window windowOf(const ast::WindowSpec& spec, int depth) const;
    void addFrame(const ast::WindowSpec& spec, Window& window) const;
    std::int64_t precedingOf(const ast::FrameBound& bound, bool rows, const SourceSpan& span) const;
    void requireTimeOrder() const;
    Relation rankRelation(const std::vector<NamedExpression>& outputs) const;
    Relation overRelation(const std::vector<NamedExpression>& outputs) const;

    const ast::Select& m_select;
    const Relation& m_input;
    BindPart m_bind;
    std::vector<const ast::Expression*> m_written;
    Window m_window;
    std::vector<std::size_t> m_partition; ///< into m_extended
    std::vector<SortKey> m_order;
    Relation m_extended; ///< the input with the columns that the window needs
    std::vector<AggregateCall> m_calls;
    std::vector<std::size_t> m_callOf; ///< by m_written, into m_calls
    bool m_ranks = false;
};

} // namespace weir::sql
