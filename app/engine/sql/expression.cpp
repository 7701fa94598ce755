// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/expression.h"

#include <algorithm>

namespace weir::sql {

ExpressionPtr columnReference(std::size_t column, const LogicalType& type, SourceSpan span)
{
    auto expression = std::make_shared<Expression>();
    expression->kind = Expression::Kind::Column;
    expression->type = type;
    expression->span = span;
    expression->column = column;
    return expression;
}

ExpressionPtr literalOf(Literal value, const LogicalType& type, SourceSpan span)
{
    auto expression = std::make_shared<Expression>();
    expression->kind = Expression::Kind::Constant;
    expression->type = type;
    expression->span = span;
    expression->literal = std::move(value);
    return expression;
}

ExpressionPtr callOf(Function function, const LogicalType& type, std::vector<ExpressionPtr> arguments, SourceSpan span)
{
    auto expression = std::make_shared<Expression>();
    expression->kind = Expression::Kind::Call;
    expression->type = type;
    expression->span = span;
    expression->function = function;
    std::uint64_t weight = 1;
    for (const ExpressionPtr& argument : arguments)
        weight += argument->weight;
    expression->weight = static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, 1U << 31));
    expression->arguments = std::move(arguments);
    return expression;
}

} // namespace weir::sql
