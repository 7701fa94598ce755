// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/aggregate_binder.h"

#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/type_rules.h"

#include <algorithm>

namespace weir::sql {

using aggregate::AggregateFunction;

namespace {

constexpr std::size_t windowColumns = 3;

LogicalType resultType(AggregateFunction function, const LogicalType& argument)
{
    LogicalType type = argument;
    if (argument.kind == TypeKind::Decimal && function == AggregateFunction::Sum)
        type = types::decimal(38, argument.scale);
    if (argument.kind == TypeKind::Decimal && function == AggregateFunction::Avg)
        type = types::decimal(38, std::max(6, argument.scale));
    type.nullable = argument.nullable;
    return type;
}

AggregateFunction functionOf(const std::string& name)
{
    for (const AggregateFunction function : {AggregateFunction::Count, AggregateFunction::Sum, AggregateFunction::Avg,
             AggregateFunction::Min, AggregateFunction::Max}) {
        if (name == aggregate::nameOf(function))
            return function;
    }
    return AggregateFunction::Count;
}

bool sameOrNone(const ExpressionPtr& a, const ExpressionPtr& b)
{
    return a && b ? sameExpression(*a, *b) : a == b;
}

bool sameCall(const AggregateCall& a, const AggregateCall& b)
{
    return a.spec == b.spec && sameOrNone(a.argument, b.argument) && sameOrNone(a.filter, b.filter);
}

} // namespace

bool hasAggregate(const ast::Expression& expression)
{
    if (expression.kind == ast::ExpressionKind::Call && isAggregateName(expression.text))
        return true;
    return std::any_of(expression.arguments.begin(), expression.arguments.end(),
        [](const auto& argument) { return hasAggregate(*argument); });
}

bool sameExpression(const Expression& a, const Expression& b)
{
    if (a.kind != b.kind || !(a.type == b.type) || a.arguments.size() != b.arguments.size())
        return false;
    if (a.kind == Expression::Kind::Column && a.column != b.column)
        return false;
    if (a.kind == Expression::Kind::Constant && a.literal != b.literal)
        return false;
    if (a.kind == Expression::Kind::Call && a.function != b.function)
        return false;
    return std::equal(a.arguments.begin(), a.arguments.end(), b.arguments.begin(),
        [](const ExpressionPtr& x, const ExpressionPtr& y) { return sameExpression(*x, *y); });
}

void AggregateBinder::addKeys(const std::vector<ast::ExpressionPtr>& groupBy)
{
    for (const auto& written : groupBy) {
        if (hasAggregate(*written))
            throw StatementError(written->span, "Aggregate expression is illegal in GROUP BY clause.");
        ExpressionPtr key = ExpressionBinder(m_input).bind(*written);
        if (key->kind == Expression::Kind::Column && key->column >= firstWindowColumn()) {
            m_startGrouped = m_startGrouped || key->column == firstWindowColumn();
            m_endGrouped = m_endGrouped || key->column == firstWindowColumn() + 1;
            continue;
        }
        const bool known = std::any_of(
            m_keys.begin(), m_keys.end(), [&](const ExpressionPtr& one) { return sameExpression(*one, *key); });
        if (known)
            continue;
        m_keyNames.push_back(written->kind == ast::ExpressionKind::Column ? written->names.back().text
                                                                          : "EXPR$" + std::to_string(m_keys.size()));
        m_keys.push_back(std::move(key));
    }
}

ExpressionPtr AggregateBinder::bind(const ast::Expression& expression)
{
    return ExpressionBinder(m_input, [this](const ast::Expression& part) { return replace(part); }).bind(expression);
}

ExpressionPtr AggregateBinder::bindCondition(const ast::Expression& expression, const std::string& clause)
{
    return ExpressionBinder(m_input, [this](const ast::Expression& part) {
        return replace(part);
    }).bindCondition(expression, clause);
}

ExpressionPtr AggregateBinder::replace(const ast::Expression& expression)
{
    if (expression.kind == ast::ExpressionKind::Call && isAggregateName(expression.text))
        return aggregate(expression);
    if (hasAggregate(expression))
        return nullptr;
    if (ExpressionPtr key = keyColumn(expression))
        return key;
    if (expression.kind == ast::ExpressionKind::Column) {
        const std::string& name = expression.names.back().text;
        (void)ExpressionBinder(m_input).bind(expression); // an unknown column is the better error
        throw StatementError(expression.span, "Expression '" + name + "' is not being grouped.",
            "Add it to GROUP BY, or aggregate it: MAX(" + name + ")");
    }
    return nullptr;
}

/// The output column of a group key or window column that is written exactly so, else null.
ExpressionPtr AggregateBinder::keyColumn(const ast::Expression& expression)
{
    if (expression.kind != ast::ExpressionKind::Column && m_keys.empty())
        return nullptr;
    ExpressionPtr bound;
    try {
        bound = ExpressionBinder(m_input).bind(expression);
    } catch (const StatementError&) {
        return nullptr; // told again, with its span, where the parts are bound
    }
    if (ExpressionPtr window = windowColumn(bound))
        return window;
    for (std::size_t i = 0; i < m_keys.size(); ++i) {
        if (bound->kind != Expression::Kind::Constant && sameExpression(*m_keys[i], *bound))
            return columnReference(windowColumns + i, bound->type, expression.span);
    }
    return nullptr;
}

ExpressionPtr AggregateBinder::windowColumn(const ExpressionPtr& bound) const
{
    if (bound->kind != Expression::Kind::Column || bound->column < firstWindowColumn())
        return nullptr;
    return columnReference(bound->column - firstWindowColumn(), bound->type, bound->span);
}

ExpressionPtr AggregateBinder::aggregate(const ast::Expression& written)
{
    AggregateCall call;
    const AggregateFunction function = functionOf(written.text);
    call.spec.function = function;
    call.spec.distinct =
        written.distinct && function != AggregateFunction::Min && function != AggregateFunction::Max;
    if (call.spec.distinct)
        throw StatementError(written.span, written.text + "(DISTINCT …) is not supported yet.");
    for (const auto& argument : written.arguments) {
        if (hasAggregate(*argument))
            throw StatementError(argument->span, "Aggregate expressions cannot be nested.");
    }
    const bool counts = function == AggregateFunction::Count;
    if (written.star ? !counts : written.arguments.size() != 1)
        throw StatementError(written.span, written.text + " takes one argument.");
    if (!written.star)
        call.argument = ExpressionBinder(m_input).bind(*written.arguments.front());
    if (written.filter)
        call.filter = ExpressionBinder(m_input).bindCondition(*written.filter, "FILTER (WHERE …)");
    const bool numeric = function == AggregateFunction::Sum || function == AggregateFunction::Avg;
    if (numeric && !call.argument->type.isNumeric())
        throw StatementError(written.span,
            "Cannot apply '" + written.text + "' to an argument of type '<" + call.argument->type.asNullable().text()
                + ">'.",
            written.text + " takes a number");
    if (call.argument)
        call.spec.argument = call.argument->type;
    call.spec.result = counts ? types::bigInt().notNull() : resultType(function, call.argument->type);
    if (call.filter && !counts)
        call.spec.result.nullable = true;
    const auto known =
        std::find_if(m_calls.begin(), m_calls.end(), [&](const AggregateCall& one) { return sameCall(one, call); });
    const auto index = static_cast<std::size_t>(known - m_calls.begin());
    const LogicalType type = call.spec.result;
    if (known == m_calls.end())
        m_calls.push_back(std::move(call));
    return columnReference(windowColumns + m_keys.size() + index, type, written.span);
}

Schema AggregateBinder::schema() const
{
    Schema schema;
    for (std::size_t i = 0; i < windowColumns; ++i) {
        const ScopeColumn& column = m_input.columns[firstWindowColumn() + i];
        schema.push_back({column.name, column.type});
    }
    for (std::size_t i = 0; i < m_keys.size(); ++i)
        schema.push_back({m_keyNames[i], m_keys[i]->type});
    for (std::size_t i = 0; i < m_calls.size(); ++i)
        schema.push_back({"AGG$" + std::to_string(i), m_calls[i].spec.result});
    return schema;
}

} // namespace weir::sql
