// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/predicate_scope.h"

#include "app/engine/sql/comparison.h"
#include "app/engine/sql/evaluate.h"

#include <algorithm>

namespace weir::search {

namespace {

using sql::Expression;
using sql::Function;

/// A value of the condition's text: nothing where a column or a failure is in it.
struct Constant
{
    Column column; ///< of one row
    bool isNull() const { return column.isNull(0); }
};

bool hasColumns(const Expression& expression)
{
    return expression.kind == Expression::Kind::Column
        || std::any_of(expression.arguments.begin(), expression.arguments.end(),
            [](const sql::ExpressionPtr& argument) { return hasColumns(*argument); });
}

bool isComparison(Function function)
{
    return function >= Function::Equal && function <= Function::GreaterOrEqual && function != Function::NotEqual;
}

template <typename T>
void intersect(std::optional<std::set<T>>& with, std::set<T> values)
{
    if (!with) {
        with = std::move(values);
        return;
    }
    std::erase_if(*with, [&values](const T& value) { return !values.contains(value); });
}

template <typename T>
std::optional<std::set<T>> united(const std::optional<std::set<T>>& left, const std::optional<std::set<T>>& right)
{
    if (!left || !right)
        return std::nullopt;
    std::set<T> both = *left;
    both.insert(right->begin(), right->end());
    return both;
}

PredicateScope both(PredicateScope left, PredicateScope right)
{
    if (right.partitions)
        intersect(left.partitions, std::move(*right.partitions));
    if (right.keys)
        intersect(left.keys, std::move(*right.keys));
    left.firstOffset = std::max(left.firstOffset, right.firstOffset);
    left.endOffset = std::min(left.endOffset, right.endOffset);
    if (right.fromTime)
        left.fromTime = std::max(left.fromTime.value_or(INT64_MIN), *right.fromTime);
    left.need = bothOf(std::move(left.need), std::move(right.need));
    return left;
}

PredicateScope either(PredicateScope left, PredicateScope right)
{
    left.partitions = united(left.partitions, right.partitions);
    left.keys = united(left.keys, right.keys);
    left.firstOffset = std::min(left.firstOffset, right.firstOffset);
    left.endOffset = std::max(left.endOffset, right.endOffset);
    left.fromTime =
        left.fromTime && right.fromTime ? std::optional(std::min(*left.fromTime, *right.fromTime)) : std::nullopt;
    left.need = eitherOf(std::move(left.need), std::move(right.need));
    return left;
}

/// What a pattern of LIKE demands: its longest plain part. A backslash may be an escape.
std::string partOfPattern(const std::string& pattern)
{
    if (pattern.find('\\') != std::string::npos)
        return {};
    std::string longest;
    for (std::size_t begin = 0; begin <= pattern.size();) {
        const std::size_t end = std::min(pattern.find_first_of("%_", begin), pattern.size());
        std::string part = plainPart(std::string_view(pattern).substr(begin, end - begin));
        if (part.size() > longest.size())
            longest = std::move(part);
        begin = end + 1;
    }
    return longest;
}

class ScopeReader
{
public:
    ScopeReader(std::span<const DecodedColumn> columns, const std::string& timeZone) : m_columns(columns)
    {
        m_context.timeZone = timeZone;
    }

    PredicateScope read(const Expression& expression) const
    {
        if (expression.kind != Expression::Kind::Call)
            return {};
        if (expression.function == Function::And || expression.function == Function::Or) {
            PredicateScope scope = read(*expression.arguments.front());
            for (std::size_t i = 1; i < expression.arguments.size(); ++i) {
                PredicateScope other = read(*expression.arguments[i]);
                scope = expression.function == Function::And ? both(std::move(scope), std::move(other))
                                                             : either(std::move(scope), std::move(other));
            }
            return scope;
        }
        if (expression.function == Function::IsTrue)
            return read(*expression.arguments.front());
        if (expression.function == Function::Like && expression.arguments.size() == 2)
            return readLike(expression);
        return isComparison(expression.function) ? readComparison(expression) : PredicateScope();
    }

private:
    /// The column that an expression is, or its widening.
    const DecodedColumn* columnOf(const Expression& expression) const
    {
        const Expression* inner = &expression;
        while (inner->kind == Expression::Kind::Call && inner->function == Function::Cast
            && ((inner->type.isTimestamp() && inner->arguments.front()->type.kind == inner->type.kind)
                || (inner->type.isString() && inner->arguments.front()->type.isString())))
            inner = inner->arguments.front().get();
        return inner->kind == Expression::Kind::Column && inner->column < m_columns.size() ? &m_columns[inner->column]
                                                                                           : nullptr;
    }

    std::optional<Constant> constantOf(const Expression& expression) const
    {
        if (hasColumns(expression))
            return std::nullopt;
        EventBatch one;
        one.rowCount = 1;
        sql::Evaluated value = sql::evaluate(expression, one, m_context);
        if (value.failure)
            return std::nullopt;
        return Constant{std::move(value.column)};
    }

    PredicateScope readLike(const Expression& like) const
    {
        const DecodedColumn* column = columnOf(*like.arguments[0]);
        const auto pattern = constantOf(*like.arguments[1]);
        PredicateScope scope;
        if (!column || column->origin != DecodedOrigin::Field || !pattern || pattern->isNull())
            return scope;
        std::string part = partOfPattern(std::string(pattern->column.values<std::string_view>().front()));
        if (!part.empty())
            scope.need = {RawNeed::Kind::Text, std::move(part), {}};
        return scope;
    }

    PredicateScope readComparison(const Expression& call) const
    {
        const DecodedColumn* column = columnOf(*call.arguments[0]);
        const Expression* other = call.arguments[1].get();
        Function comparison = call.function;
        if (!column) {
            column = columnOf(*call.arguments[1]);
            other = call.arguments[0].get();
            comparison = sql::mirrored(comparison);
        }
        const auto constant = column ? constantOf(*other) : std::nullopt;
        if (!constant || constant->isNull())
            return {};
        switch (column->origin) {
        case DecodedOrigin::Partition:
        case DecodedOrigin::Offset:
            return readPlace(column->origin, comparison, *constant);
        case DecodedOrigin::Timestamp:
            return readTime(comparison, *constant);
        case DecodedOrigin::Key:
        case DecodedOrigin::Field:
            return comparison == Function::Equal ? readEqual(*column, *constant) : PredicateScope();
        default:
            return {};
        }
    }

    static PredicateScope readPlace(DecodedOrigin origin, Function comparison, const Constant& constant)
    {
        PredicateScope scope;
        if (!constant.column.type().isInteger())
            return scope;
        const std::int64_t number = constant.column.values<std::int64_t>().front();
        const std::int64_t next = number == INT64_MAX ? number : number + 1;
        if (origin == DecodedOrigin::Partition) {
            if (comparison == Function::Equal)
                scope.partitions = {number};
            return scope;
        }
        if (comparison == Function::Equal || comparison == Function::GreaterOrEqual)
            scope.firstOffset = std::max<std::int64_t>(0, number);
        if (comparison == Function::Greater)
            scope.firstOffset = std::max<std::int64_t>(0, next);
        if (comparison == Function::Equal || comparison == Function::LessOrEqual)
            scope.endOffset = next;
        if (comparison == Function::Less)
            scope.endOffset = number;
        return scope;
    }

    static PredicateScope readTime(Function comparison, const Constant& constant)
    {
        PredicateScope scope;
        const bool below =
            comparison == Function::Equal || comparison == Function::Greater || comparison == Function::GreaterOrEqual;
        if (below && constant.column.type().isTimestamp())
            scope.fromTime = constant.column.values<Timestamp>().front().millis;
        return scope;
    }

    static PredicateScope readEqual(const DecodedColumn& column, const Constant& constant)
    {
        PredicateScope scope;
        const LogicalType& type = constant.column.type();
        if (type.isString()) {
            const std::string text(constant.column.values<std::string_view>().front());
            if (column.origin == DecodedOrigin::Key) {
                if (text.find("\xEF\xBF\xBD") != std::string::npos) // stands for bytes that are no text
                    return scope;
                scope.keys = {text};
                scope.need = {RawNeed::Kind::Key, text, {}};
            } else if (std::string part = plainPart(text); !part.empty()) {
                scope.need = {RawNeed::Kind::Text, std::move(part), {}};
            }
        } else if (column.origin == DecodedOrigin::Field && type.isInteger() && column.type.isInteger()) {
            const std::int64_t number = constant.column.values<std::int64_t>().front();
            std::string digits = std::to_string(number);
            if (number < 0)
                digits.erase(0, 1);
            if (digits.size() > 1)
                scope.need = {RawNeed::Kind::Digits, std::move(digits), {}};
        }
        return scope;
    }

    std::span<const DecodedColumn> m_columns;
    sql::EvaluationContext m_context;
};

} // namespace

PredicateScope scopeOf(
    const sql::Expression& predicate, std::span<const DecodedColumn> columns, const std::string& timeZone)
{
    return ScopeReader(columns, timeZone).read(predicate);
}

} // namespace weir::search
