// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/aggregate_call.h"
#include "app/engine/sql/bind_context.h"
#include "app/engine/sql/expression_binder.h"
#include "app/engine/sql/grouping.h"

namespace weir::sql {

/// The expressions of a query with GROUP BY: what is a group key or an aggregate becomes a column of the aggregation,
/// what is neither is an error. Collects calls on the way; then makes the aggregation. Throws StatementError.
class AggregateBinder
{
public:
    /// `span` is what makes the query an aggregation, for errors.
    AggregateBinder(const Relation& input, const SourceSpan& span) : m_input(input), m_span(span) { }

    /// Keys of GROUP BY, and with them whether this is a window aggregation.
    void addKeys(const std::vector<ast::GroupItem>& groupBy);
    /// Keys of SELECT DISTINCT: all columns of the input.
    void addAllColumns();
    /// An expression of SELECT, HAVING or OVER over the output of the aggregation.
    ExpressionPtr bind(const ast::Expression& expression);
    /// The same, where `first` is asked first.
    ExpressionPtr bindWith(const ast::Expression& expression, const ExpressionBinder::Replace& first);
    ExpressionPtr bindCondition(const ast::Expression& expression, const std::string& clause);
    /// The output column of key `key` of addAllColumns().
    ExpressionPtr columnOf(std::size_t key) const { return outputOf(key, {}); }

    /// The aggregation, once everything is bound. What bind() gave is then to go through finished().
    Relation aggregated() const;
    ExpressionPtr finished(const ExpressionPtr& bound) const;

private:
    struct Key
    {
        ExpressionPtr expression;
        std::string name;
        WindowRole role = WindowRole::None; ///< of a window column in a window aggregation: no key of its own
    };

    void addKey(const ast::Expression& written);
    void decide(const Grouping& grouping);
    bool bothBoundsIn(const std::vector<std::size_t>& set) const;
    bool sessionAllows(bool hasSets) const;
    ExpressionPtr replace(const ast::Expression& expression);
    ExpressionPtr keyColumn(const ast::Expression& expression);
    ExpressionPtr outputOf(std::size_t key, const SourceSpan& span) const;
    ExpressionPtr aggregate(const ast::Expression& call);
    ExpressionPtr groupingId(const ast::Expression& call);
    std::size_t firstKey() const { return m_windowed ? 3 : 0; }
    Scope outputScope() const;
    void checkMerging(const AggregateCall& call, const SourceSpan& span) const;

    const Relation& m_input;
    SourceSpan m_span;
    std::vector<Key> m_keys; ///< as written, each once
    std::vector<std::size_t> m_numbers; ///< of m_keys among the keys of the aggregation
    std::vector<ExpressionPtr> m_groupKeys;
    std::vector<std::string> m_groupNames;
    std::vector<std::vector<std::size_t>> m_sets;
    std::vector<AggregateCall> m_calls;
    bool m_windowed = false;
};

} // namespace weir::sql
