// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/rank_binder.h"

#include "app/engine/sql/comparison.h"
#include "app/engine/sql/syntax_error.h"

#include <algorithm>
#include <limits>

namespace weir::sql {

namespace {

/// The row numbers that conditions let through.
struct RankRange
{
    std::int64_t first = 1;
    std::int64_t last = std::numeric_limits<std::int64_t>::max();
};

/// Takes row number `comparison` value into the range; false if it cannot be said by one.
bool narrow(RankRange& range, Function comparison, std::int64_t value)
{
    switch (comparison) {
    case Function::Equal:
        range.first = std::max(range.first, value);
        range.last = std::min(range.last, value);
        return true;
    case Function::Less:
        range.last = std::min(range.last, value - 1);
        return true;
    case Function::LessOrEqual:
        range.last = std::min(range.last, value);
        return true;
    case Function::Greater:
        range.first = std::max(range.first, value + 1);
        return true;
    case Function::GreaterOrEqual:
        range.first = std::max(range.first, value);
        return true;
    default:
        return false;
    }
}

constexpr std::uint64_t heaviestExpression = 50'000;

/// An expression over a waiting query's outputs as one over its input and the row number.
ExpressionPtr below(const ExpressionPtr& expression, const PendingRank& rank)
{
    if (substitutedWeight(*expression, rank.outputs) > heaviestExpression)
        throw StatementError(rank.span, "this expression is too large: more than 50,000 steps for one row.");
    return substituted(expression, rank.outputs);
}

class RankBinder
{
public:
    explicit RankBinder(const Relation& relation) : m_outer(relation), m_rank(*relation.rank) { }

    Relation bounded(const std::vector<ExpressionPtr>& conditions)
    {
        std::vector<ExpressionPtr> rest;
        for (const ExpressionPtr& condition : conditions) {
            const ExpressionPtr moved = below(condition, m_rank);
            if (!takeBound(*moved))
                rest.push_back(moved);
        }
        if (m_range.last == std::numeric_limits<std::int64_t>::max())
            return unbounded(conditions);
        requireWindow();
        if (m_range.last < 1)
            throw StatementError(m_rank.span,
                "Rank end should not less than zero, but now is " + std::to_string(m_range.last) + ".",
                "Row numbers begin with 1");
        return finished(topN(), rest);
    }

    Relation unbounded(const std::vector<ExpressionPtr>& conditions)
    {
        const Scope& scope = m_rank.input.scope;
        const bool byTime = m_rank.order.size() == 1 && scope.columns[m_rank.order[0].column].timeAttribute;
        if (!byTime || m_rank.function != "ROW_NUMBER")
            throw StatementError(m_rank.span,
                "OVER windows' ordering in stream mode must be defined on a time attribute.",
                "The first rows of each window come from a query around this one: WHERE the row number <= 3");
        if (m_rank.order[0].descending)
            throw StatementError(m_rank.span, "The window can only be ordered in ASCENDING mode.",
                "The last row of each window comes from a query around this one: WHERE the row number = 1");
        std::vector<ExpressionPtr> moved;
        for (const ExpressionPtr& condition : conditions)
            moved.push_back(below(condition, m_rank));
        return finished(counted(), moved);
    }

private:
    bool takeBound(const Expression& condition)
    {
        if (condition.kind != Expression::Kind::Call || condition.arguments.size() != 2)
            return false;
        const Expression* number = condition.arguments[0].get();
        const Expression* value = condition.arguments[1].get();
        Function comparison = condition.function;
        if (!isNumber(*number)) {
            std::swap(number, value);
            comparison = mirrored(comparison);
        }
        const auto* constant = std::get_if<std::int64_t>(&value->literal);
        if (!isNumber(*number) || value->kind != Expression::Kind::Constant || !constant || !value->type.isInteger()
            || std::abs(*constant) > INT32_MAX)
            return false;
        return narrow(m_range, comparison, *constant);
    }

    bool isNumber(const Expression& expression) const
    {
        return expression.kind == Expression::Kind::Column && expression.column == m_rank.input.scope.columns.size();
    }

    void requireWindow() const
    {
        const Relation& input = m_rank.input;
        const auto partitioned = [&](WindowRole role) {
            return std::any_of(m_rank.partition.begin(), m_rank.partition.end(),
                [&](std::size_t column) { return input.scope.columns[column].role == role; });
        };
        if (m_rank.function != "ROW_NUMBER")
            throw StatementError(m_rank.span,
                m_rank.function
                    + "() function is not supported on Window TopN currently, only ROW_NUMBER() is supported.");
        if (input.window && partitioned(WindowRole::Start) && partitioned(WindowRole::End))
            return;
        const bool byTime = m_rank.order.size() == 1 && input.scope.columns[m_rank.order[0].column].timeAttribute;
        throw StatementError(m_rank.span,
            byTime && m_range.last == 1
                ? "a deduplication without a window corrects its rows later, which is not supported."
                : "a Top-N without a window corrects its rows later, which is not supported.",
            input.window ? "Add window_start and window_end to PARTITION BY"
                         : "Read from TABLE(TUMBLE(…)) and write PARTITION BY window_start, window_end");
    }

    Relation topN() const
    {
        WindowTopNNode node;
        const Relation& input = m_rank.input;
        node.input = input.plan;
        node.window = *input.windowColumns();
        for (const std::size_t column : m_rank.partition) {
            const WindowRole role = input.scope.columns[column].role;
            if (role == WindowRole::Start)
                node.window.start = column;
            else if (role == WindowRole::End)
                node.window.end = column;
            else if (role != WindowRole::Time)
                node.partition.push_back(column);
        }
        node.order = m_rank.order;
        node.first = std::max<std::int64_t>(m_range.first, 1);
        node.last = m_range.last;
        node.deduplicates =
            node.last == 1 && m_rank.order.size() == 1 && input.scope.columns[m_rank.order[0].column].timeAttribute;
        Relation relation = numbered();
        relation.plan = nodeOf(std::move(node), schemaOf(relation.scope));
        for (ScopeColumn& column : relation.scope.columns)
            column.windowed = false;
        relation.window->direct = false;
        return relation;
    }

    /// The number of rows up to each one, by OVER.
    Relation counted() const
    {
        OverNode node;
        const Relation& input = m_rank.input;
        node.input = input.plan;
        node.partition = m_rank.partition;
        node.timeColumn = m_rank.order[0].column;
        node.byRows = true;
        AggregateCall count;
        count.spec.result = types::bigInt().notNull();
        node.calls.push_back(std::move(count));
        Relation relation = numbered();
        relation.plan = nodeOf(std::move(node), schemaOf(relation.scope));
        for (ScopeColumn& column : relation.scope.columns)
            column.role = WindowRole::None;
        relation.window.reset();
        return relation;
    }

    Relation numbered() const
    {
        Relation relation = m_rank.input;
        relation.scope.columns.push_back({"", types::bigInt().notNull()});
        return relation;
    }

    Relation finished(Relation relation, const std::vector<ExpressionPtr>& conditions) const
    {
        if (const ExpressionPtr all = conjunctionOf(conditions))
            relation.plan = nodeOf(FilterNode{relation.plan, all}, relation.plan->schema);
        std::vector<NamedExpression> outputs;
        for (std::size_t i = 0; i < m_rank.outputs.size(); ++i)
            outputs.push_back({m_outer.scope.columns[i].name, m_rank.outputs[i]});
        Relation result = projected(relation, outputs);
        for (std::size_t i = 0; i < outputs.size(); ++i)
            result.scope.columns[i].qualifier = m_outer.scope.columns[i].qualifier;
        return result;
    }

    const Relation& m_outer;
    const PendingRank& m_rank;
    RankRange m_range;
};

} // namespace

Relation settled(const Relation& relation)
{
    return relation.rank ? RankBinder(relation).unbounded({}) : relation;
}

Relation ranked(const Relation& relation, const std::vector<ExpressionPtr>& conditions)
{
    return RankBinder(relation).bounded(conditions);
}

Relation projectedRank(const Relation& relation, const std::vector<NamedExpression>& outputs)
{
    auto rank = std::make_shared<PendingRank>(*relation.rank);
    Relation result = relation;
    rank->outputs.clear();
    result.scope = {};
    for (const NamedExpression& output : outputs) {
        rank->outputs.push_back(below(output.expression, *relation.rank));
        result.scope.columns.push_back(outputColumn(relation.scope, output));
    }
    result.rank = std::move(rank);
    return result;
}

} // namespace weir::sql
