// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/expression_binder.h"
#include "app/engine/sql/plan.h"

namespace weir::sql {

/// The expressions of a query with GROUP BY: what is a group key or an aggregate becomes a column of the aggregation,
/// what is neither is an error. Collects keys and calls on the way. Throws StatementError.
class AggregateBinder
{
public:
    /// `input` is the scope below the aggregation; its last three columns are window_start, window_end, window_time.
    explicit AggregateBinder(const Scope& input) : m_input(input) { }

    void addKeys(const std::vector<ast::ExpressionPtr>& groupBy);
    /// An expression of SELECT or HAVING over the output of the aggregation.
    ExpressionPtr bind(const ast::Expression& expression);
    ExpressionPtr bindCondition(const ast::Expression& expression, const std::string& clause);

    const std::vector<ExpressionPtr>& keys() const { return m_keys; }
    const std::vector<AggregateCall>& calls() const { return m_calls; }
    /// window_start, window_end, window_time, keys, calls. Once everything is bound.
    Schema schema() const;
    bool hasBothBounds() const { return m_startGrouped && m_endGrouped; }

private:
    ExpressionPtr replace(const ast::Expression& expression);
    ExpressionPtr keyColumn(const ast::Expression& expression);
    ExpressionPtr windowColumn(const ExpressionPtr& bound) const;
    ExpressionPtr aggregate(const ast::Expression& call);
    std::size_t firstWindowColumn() const { return m_input.columns.size() - 3; }

    const Scope& m_input;
    std::vector<ExpressionPtr> m_keys;
    std::vector<std::string> m_keyNames;
    std::vector<AggregateCall> m_calls;
    bool m_startGrouped = false;
    bool m_endGrouped = false;
};

/// Whether an aggregate's call stands anywhere in it.
bool hasAggregate(const ast::Expression& expression);

bool sameExpression(const Expression& a, const Expression& b);

} // namespace weir::sql
