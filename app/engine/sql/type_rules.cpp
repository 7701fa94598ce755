// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/type_rules.h"

#include <algorithm>

namespace weir::sql {

namespace {

constexpr int maxPrecision = 38;
constexpr int minKeptScale = 6; ///< of a result that is too wide, so many digits of the fraction stay at least

LogicalType withNull(LogicalType type, bool nullable)
{
    type.nullable = nullable;
    return type;
}

/// A precision over 38 gives up digits of the fraction, but keeps six.
LogicalType adjusted(int precision, int scale)
{
    if (precision <= maxPrecision)
        return types::decimal(precision, scale);
    const int whole = precision - scale;
    const int kept = std::max(maxPrecision - whole, std::min(scale, minKeptScale));
    return types::decimal(maxPrecision, kept);
}

LogicalType decimalResult(Function operation, const LogicalType& a, const LogicalType& b)
{
    const int wholeA = a.precision - a.scale;
    const int wholeB = b.precision - b.scale;
    const int scale = std::max(a.scale, b.scale);
    switch (operation) {
    case Function::Multiply:
        return adjusted(a.precision + b.precision + 1, a.scale + b.scale);
    case Function::Divide: {
        const int divided = std::max(minKeptScale, a.scale + b.precision + 1);
        return adjusted(wholeA + b.scale + divided, divided);
    }
    case Function::Modulo:
        return adjusted(std::min(wholeA, wholeB) + scale, scale);
    default:
        return adjusted(std::max(wholeA, wholeB) + scale + 1, scale);
    }
}

LogicalType commonNumeric(const LogicalType& a, const LogicalType& b)
{
    if (a.isApproximate() || b.isApproximate()) {
        const bool decimal = a.kind == TypeKind::Decimal || b.kind == TypeKind::Decimal;
        const bool wide = a.kind == TypeKind::Double || b.kind == TypeKind::Double;
        return decimal || wide ? types::float64() : types::float32();
    }
    if (a.kind == TypeKind::Decimal || b.kind == TypeKind::Decimal) {
        const LogicalType left = asDecimal(a);
        const LogicalType right = asDecimal(b);
        const int scale = std::max(left.scale, right.scale);
        const int whole = std::max(left.precision - left.scale, right.precision - right.scale);
        return types::decimal(std::min(maxPrecision, whole + scale), scale);
    }
    return a.kind >= b.kind ? a : b;
}

bool isTemporal(const LogicalType& type)
{
    return type.kind == TypeKind::Date || type.isTimestamp();
}

} // namespace

bool sameBesidesNull(const LogicalType& a, const LogicalType& b)
{
    return a.asNullable() == b.asNullable();
}

bool sameElements(const LogicalType& a, const LogicalType& b)
{
    if (!a.isNested() || a.kind != b.kind || a.children->size() != b.children->size())
        return !a.isNested() && (sameBesidesNull(a, b) || (a.isString() && b.isString()));
    return std::equal(a.children->begin(), a.children->end(), b.children->begin(),
        [](const RowField& one, const RowField& other) { return sameElements(one.type, other.type); });
}

namespace {

/// Of two types with the same elements; the names are those of `a`.
LogicalType commonNested(const LogicalType& a, const LogicalType& b)
{
    std::vector<RowField> children = *a.children;
    for (std::size_t i = 0; i < children.size(); ++i)
        children[i].type = *commonType(children[i].type, (*b.children)[i].type);
    LogicalType type = a;
    type.children = std::make_shared<const std::vector<RowField>>(std::move(children));
    return type;
}

} // namespace

LogicalType asDecimal(const LogicalType& type)
{
    switch (type.kind) {
    case TypeKind::TinyInt:
        return types::decimal(3, 0);
    case TypeKind::SmallInt:
        return types::decimal(5, 0);
    case TypeKind::Int:
        return types::decimal(10, 0);
    case TypeKind::BigInt:
        return types::decimal(19, 0);
    default:
        return type;
    }
}

std::optional<LogicalType> commonType(const LogicalType& a, const LogicalType& b)
{
    const bool nullable = a.nullable || b.nullable;
    if (a.kind == TypeKind::Null)
        return b.asNullable();
    if (b.kind == TypeKind::Null)
        return a.asNullable();
    if (sameBesidesNull(a, b))
        return withNull(a, nullable);
    if (a.isNumeric() && b.isNumeric())
        return withNull(commonNumeric(a, b), nullable);
    if ((a.isString() && b.isString()) || (a.isBytes() && b.isBytes())) {
        const bool fixed = a.kind == b.kind && a.precision == b.precision;
        LogicalType type = a;
        type.kind = fixed ? a.kind : a.isString() ? TypeKind::Varchar : TypeKind::Varbinary;
        type.precision = std::max(a.precision, b.precision);
        return withNull(type, nullable);
    }
    if (a.isNested() && sameElements(a, b))
        return withNull(commonNested(a, b), nullable);
    if (isTemporal(a) && isTemporal(b)) {
        LogicalType type = a.isTimestamp() ? a : b;
        type.precision = std::max(a.isTimestamp() ? a.precision : 0, b.isTimestamp() ? b.precision : 0);
        return withNull(type, nullable);
    }
    return std::nullopt;
}

LogicalType arithmeticType(Function operation, const LogicalType& a, const LogicalType& b)
{
    const bool nullable = a.nullable || b.nullable;
    const bool approximate = a.isApproximate() || b.isApproximate();
    const bool decimal = a.kind == TypeKind::Decimal || b.kind == TypeKind::Decimal;
    if (decimal && !approximate)
        return withNull(decimalResult(operation, asDecimal(a), asDecimal(b)), nullable);
    if (operation == Function::Modulo && !approximate)
        return withNull(b, nullable);
    return withNull(commonNumeric(a, b), nullable);
}

bool canCast(const LogicalType& from, const LogicalType& to)
{
    if (from.kind == TypeKind::Null || sameBesidesNull(from, to))
        return true;
    if (from.isNested() || to.isNested())
        return to.kind == TypeKind::Varchar || to.kind == TypeKind::Char || sameElements(from, to);
    if (from.isString() || to.isString())
        return !from.isInterval() && !to.isInterval();
    if (from.isNumeric() && (to.isNumeric() || to.kind == TypeKind::Boolean))
        return true;
    if (from.kind == TypeKind::Boolean)
        return to.isNumeric();
    if (from.isBytes() && to.isBytes())
        return true;
    if (isTemporal(from) && (isTemporal(to) || (to.kind == TypeKind::Time && from.isTimestamp())))
        return true;
    return from.kind == to.kind;
}

ExpressionPtr castTo(const ExpressionPtr& expression, const LogicalType& type)
{
    const LogicalType wanted = withNull(type, expression->type.nullable || type.nullable);
    if (sameBesidesNull(expression->type, type))
        return expression;
    const LogicalType result = withNull(type, expression->type.nullable);
    if (expression->kind == Expression::Kind::Constant) {
        if (std::holds_alternative<std::monostate>(expression->literal))
            return literalOf(std::monostate{}, wanted.asNullable(), expression->span);
        if (expression->type.isInteger() && type.isInteger())
            return literalOf(expression->literal, result, expression->span);
        // VARCHAR(n) against STRING: the text stays as it is; CHAR is padded by the cast.
        if (expression->type.isString() && type.kind == TypeKind::Varchar
            && type.precision >= expression->type.precision)
            return literalOf(expression->literal, result, expression->span);
    }
    if (expression->type.isString() && type.kind == TypeKind::Varchar && type.precision >= expression->type.precision
        && expression->type.kind == TypeKind::Varchar)
        return expression; // wider text is the same text
    return callOf(Function::Cast, result, {expression}, expression->span);
}

} // namespace weir::sql
