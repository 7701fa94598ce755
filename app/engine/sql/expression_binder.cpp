// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/expression_binder.h"

#include "app/engine/sql/nested_binder.h"
#include "app/engine/sql/regex_functions.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/type_rules.h"
#include "app/engine/sql/words.h"

#include <algorithm>
#include <optional>

namespace weir::sql {

namespace {

using ast::ExpressionKind;

constexpr std::uint32_t heaviestExpression = 50'000;

LogicalType booleanLike(const std::vector<ExpressionPtr>& arguments)
{
    LogicalType type = types::boolean();
    type.nullable = std::any_of(
        arguments.begin(), arguments.end(), [](const ExpressionPtr& argument) { return argument->type.nullable; });
    return type;
}

/// Flink's message names types without their nullability.
std::string typeName(const ExpressionPtr& expression)
{
    const LogicalType type = expression->type.asNullable();
    if (type.kind == TypeKind::Varchar)
        return "VARCHAR(" + std::to_string(type.precision) + ")";
    return type.kind == TypeKind::Int ? "INTEGER" : type.text();
}

[[noreturn]] void cannotApply(
    const std::string& operation, const ExpressionPtr& left, const ExpressionPtr& right, const SourceSpan& span)
{
    throw StatementError(span,
        "cannot apply '" + operation + "' to arguments of type '<" + typeName(left) + "> " + operation + " <"
            + typeName(right) + ">'.",
        "Bring both sides to one type: CAST(x AS …)");
}

Function comparisonOf(const std::string& symbol)
{
    if (symbol == "=")
        return Function::Equal;
    if (symbol == "<>")
        return Function::NotEqual;
    if (symbol == "<")
        return Function::Less;
    if (symbol == "<=")
        return Function::LessOrEqual;
    return symbol == ">" ? Function::Greater : Function::GreaterOrEqual;
}

bool isComparison(const std::string& symbol)
{
    return symbol == "=" || symbol == "<>" || symbol == "<" || symbol == "<=" || symbol == ">" || symbol == ">=";
}

Function arithmeticOf(const std::string& symbol)
{
    if (symbol == "+")
        return Function::Add;
    if (symbol == "-")
        return Function::Subtract;
    if (symbol == "*")
        return Function::Multiply;
    return symbol == "/" ? Function::Divide : Function::Modulo;
}

} // namespace

ExpressionPtr compare(Function comparison, ExpressionPtr left, ExpressionPtr right, const SourceSpan& span)
{
    auto type = commonType(left->type, right->type);
    // A text literal beside a boolean or a time is read as one; a number and a text never meet.
    if (!type && left->type.isString() && right->type.isString() == false && !right->type.isNumeric()
        && canCast(left->type, right->type))
        type = right->type;
    if (!type && right->type.isString() && !left->type.isNumeric() && canCast(right->type, left->type))
        type = left->type;
    const bool ordered = comparison != Function::Equal && comparison != Function::NotEqual;
    if (type && type->isNested() && ordered)
        throw StatementError(span, "a " + type->asNullable().text() + " can be compared with = and <> only.");
    if (!type)
        throw StatementError(span,
            "implicit type conversion between " + typeName(left) + " and " + typeName(right) + " is not supported now.",
            "Bring both sides to one type: CAST(x AS …)");
    // An INT beside a BIGINT literal and the like need no common decimal: integers compare as they are stored.
    if (left->type.isInteger() && right->type.isInteger())
        return callOf(comparison, booleanLike({left, right}), {left, right}, span);
    if (type->kind == TypeKind::Decimal) { // each keeps its scale: a common one could cost digits
        left = castTo(left, asDecimal(left->type.kind == TypeKind::Null ? *type : left->type));
        right = castTo(right, asDecimal(right->type.kind == TypeKind::Null ? *type : right->type));
    } else {
        left = castTo(left, type->asNullable());
        right = castTo(right, type->asNullable());
    }
    const LogicalType result = booleanLike({left, right});
    return callOf(comparison, result, {std::move(left), std::move(right)}, span);
}

ExpressionPtr ExpressionBinder::bind(const ast::Expression& expression) const
{
    if (m_replace) {
        if (ExpressionPtr replaced = m_replace(expression))
            return replaced;
    }
    ExpressionPtr bound = bindParts(expression);
    // NULLIF, BETWEEN, IN and CASE use an operand more than once: nested, they would double the work at every level.
    if (bound->weight > heaviestExpression)
        throw StatementError(expression.span, "this expression is too large: more than 50,000 steps for one row.");
    return bound;
}

ExpressionPtr ExpressionBinder::bindParts(const ast::Expression& expression) const
{
    switch (expression.kind) {
    case ExpressionKind::Column:
        return column(expression);
    case ExpressionKind::Field:
        return fieldOf(bind(*expression.arguments.front()), expression.names.front());
    case ExpressionKind::Item:
        return itemOf(expression, bind(*expression.arguments[0]), bind(*expression.arguments[1]));
    case ExpressionKind::Unary:
        return unary(expression);
    case ExpressionKind::Binary:
        return binary(expression);
    case ExpressionKind::Call:
        return call(expression);
    case ExpressionKind::Cast:
        return cast(expression);
    case ExpressionKind::Case:
        return caseOf(expression);
    case ExpressionKind::Is:
        return is(expression);
    case ExpressionKind::Between:
        return between(expression);
    case ExpressionKind::In:
        return in(expression);
    case ExpressionKind::Like:
        return like(expression);
    case ExpressionKind::Exists:
    case ExpressionKind::Subquery:
        throw StatementError(expression.span, "a subquery is not supported at this place.",
            "Subqueries stand behind FROM, in IN (SELECT …) and in EXISTS (SELECT …)");
    case ExpressionKind::Row:
        throw StatementError(
            expression.span, "a row of values is not supported at this place.", "It stands in front of IN (SELECT …)");
    default:
        return bindConstant(expression);
    }
}

ExpressionPtr ExpressionBinder::bindCondition(const ast::Expression& expression, const std::string& clause) const
{
    ExpressionPtr bound = bind(expression);
    if (bound->type.kind == TypeKind::Null)
        bound = castTo(bound, types::boolean());
    if (bound->type.kind != TypeKind::Boolean)
        throw StatementError(
            expression.span, clause + " must be a condition, but this is " + bound->type.asNullable().text() + ".");
    return bound;
}

ExpressionPtr ExpressionBinder::column(const ast::Expression& expression) const
{
    const auto [index, taken] = resolve(expression);
    ExpressionPtr value = columnReference(index, m_scope.columns[index].type, expression.span);
    for (std::size_t name = taken; name < expression.names.size(); ++name)
        value = fieldOf(value, expression.names[name]);
    return value;
}

std::pair<std::size_t, std::size_t> ExpressionBinder::resolve(const ast::Expression& expression) const
{
    const std::vector<ast::Name>& names = expression.names;
    const auto find = [&](const std::string* qualifier, const ast::Name& name) -> std::optional<std::size_t> {
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < m_scope.columns.size(); ++i) {
            const ScopeColumn& column = m_scope.columns[i];
            if (column.name.empty() || column.name != name.text || (qualifier && column.qualifier != *qualifier))
                continue;
            if (found)
                throw StatementError(name.span, "Column '" + name.text + "' is ambiguous.",
                    "Put the table's name or alias in front of it");
            found = i;
        }
        return found;
    };
    if (names.size() > 1) {
        if (const auto qualified = find(&names[0].text, names[1]))
            return {*qualified, 2};
    }
    if (const auto bare = find(nullptr, names[0]))
        return {*bare, 1};
    unknown(expression);
}

void ExpressionBinder::unknown(const ast::Expression& expression) const
{
    const std::vector<ast::Name>& names = expression.names;
    std::vector<std::string> columns;
    std::vector<std::string> tables;
    bool tableKnown = false;
    for (const ScopeColumn& column : m_scope.columns) {
        const bool offered = names.size() == 1 || column.qualifier == names[0].text;
        if (offered && !column.name.empty())
            columns.push_back(column.name);
        tableKnown = tableKnown || (names.size() > 1 && column.qualifier == names[0].text);
        if (!column.qualifier.empty() && (tables.empty() || tables.back() != column.qualifier))
            tables.push_back(column.qualifier);
    }
    if (names.size() > 1 && !tableKnown)
        throw StatementError(names[0].span, "Table '" + names[0].text + "' not found.",
            tables.size() == 1 ? "Here it is called " + tables.front() : didYouMean(names[0].text, tables));
    const ast::Name& name = names[names.size() > 1 ? 1 : 0];
    throw StatementError(name.span,
        "Column '" + name.text + "' not found in "
            + (names.size() > 1 ? "table '" + names[0].text + "'." : "any table."),
        didYouMean(name.text, columns));
}

std::vector<ExpressionPtr> ExpressionBinder::bindAll(const ast::Expression& expression) const
{
    std::vector<ExpressionPtr> bound;
    for (const auto& argument : expression.arguments)
        bound.push_back(bind(*argument));
    return bound;
}

ExpressionPtr ExpressionBinder::unary(const ast::Expression& expression) const
{
    const ast::Expression& argument = *expression.arguments.front();
    if (expression.text == "NOT") {
        ExpressionPtr operand = bindCondition(argument, "the operand of NOT");
        const LogicalType type = operand->type;
        return callOf(Function::Not, type, {std::move(operand)}, expression.span);
    }
    ExpressionPtr operand = bind(argument);
    if (!operand->type.isNumeric() && !operand->type.isInterval())
        throw StatementError(expression.span,
            "cannot apply '" + expression.text + "' to an argument of type '<" + typeName(operand) + ">'.");
    if (expression.text == "+")
        return operand;
    // A negative number is a constant, not a calculation.
    if (operand->kind == Expression::Kind::Constant) {
        if (const auto* whole = std::get_if<std::int64_t>(&operand->literal); whole && *whole != INT64_MIN)
            return literalOf(-*whole, operand->type, expression.span);
        if (const auto* decimal = std::get_if<Int128>(&operand->literal))
            return literalOf(-*decimal, operand->type, expression.span);
        if (const auto* real = std::get_if<double>(&operand->literal))
            return literalOf(-*real, operand->type, expression.span);
    }
    const LogicalType type = operand->type;
    return callOf(Function::Negate, type, {std::move(operand)}, expression.span);
}

ExpressionPtr ExpressionBinder::binary(const ast::Expression& expression) const
{
    if (expression.text == "AND" || expression.text == "OR")
        return logic(expression);
    ExpressionPtr left = bind(*expression.arguments[0]);
    ExpressionPtr right = bind(*expression.arguments[1]);
    if (isComparison(expression.text))
        return compare(comparisonOf(expression.text), std::move(left), std::move(right), expression.span);
    if (expression.text == "||") {
        if (!left->type.isString() || !right->type.isString())
            cannotApply("||", left, right, expression.span);
        LogicalType type = types::string();
        type.nullable = left->type.nullable || right->type.nullable;
        return callOf(Function::Concat, type, {std::move(left), std::move(right)}, expression.span);
    }
    return arithmetic(expression, left, right);
}

ExpressionPtr ExpressionBinder::logic(const ast::Expression& expression) const
{
    std::vector<ExpressionPtr> sides;
    for (const auto& side : expression.arguments)
        sides.push_back(bindCondition(*side, "each side of " + expression.text));
    const LogicalType type = booleanLike(sides);
    return callOf(expression.text == "AND" ? Function::And : Function::Or, type, std::move(sides), expression.span);
}

ExpressionPtr ExpressionBinder::arithmetic(
    const ast::Expression& expression, const ExpressionPtr& left, const ExpressionPtr& right) const
{
    if (left->type.isInterval() || right->type.isInterval())
        return timeArithmetic(expression, left, right);
    const bool numbers = (left->type.isNumeric() || left->type.kind == TypeKind::Null)
        && (right->type.isNumeric() || right->type.kind == TypeKind::Null);
    if (!numbers)
        cannotApply(expression.text, left, right, expression.span);
    const Function operation = arithmeticOf(expression.text);
    const ExpressionPtr a = left->type.kind == TypeKind::Null ? castTo(left, right->type) : left;
    const ExpressionPtr b = right->type.kind == TypeKind::Null ? castTo(right, left->type) : right;
    const LogicalType type = arithmeticType(operation, a->type, b->type);
    if (type.kind == TypeKind::Decimal) // each side keeps its own scale; the kernel aligns them
        return callOf(operation, type, {castTo(a, asDecimal(a->type)), castTo(b, asDecimal(b->type))}, expression.span);
    const LogicalType common = type.isInteger() ? types::bigInt() : type;
    if (type.isInteger()) // integers are all stored in 64 bits; the result wraps at its own width
        return callOf(operation, type, {a, b}, expression.span);
    return callOf(operation, type, {castTo(a, common), castTo(b, common)}, expression.span);
}

ExpressionPtr ExpressionBinder::timeArithmetic(
    const ast::Expression& expression, const ExpressionPtr& left, const ExpressionPtr& right) const
{
    const bool add = expression.text == "+";
    if (!add && expression.text != "-")
        cannotApply(expression.text, left, right, expression.span);
    const bool swapped = add && left->type.isInterval() && !right->type.isInterval();
    const ExpressionPtr& time = swapped ? right : left;
    const ExpressionPtr& interval = swapped ? left : right;
    const bool fits = interval->type.isInterval()
        && (time->type.isTimestamp() || time->type.kind == TypeKind::Date || time->type.kind == interval->type.kind);
    if (!fits)
        cannotApply(expression.text, left, right, expression.span);
    LogicalType type = time->type;
    type.nullable = left->type.nullable || right->type.nullable;
    return callOf(add ? Function::Add : Function::Subtract, type, {time, interval}, expression.span);
}

ExpressionPtr ExpressionBinder::is(const ast::Expression& expression) const
{
    Function function = expression.negated ? Function::IsNotNull : Function::IsNull;
    if (expression.text == "DISTINCT")
        return distinctFrom(expression);
    ExpressionPtr operand = bind(*expression.arguments.front());
    if (expression.text == "JSON") {
        ExpressionPtr test = isJsonTest(expression, std::move(operand));
        const LogicalType type = test->type;
        return expression.negated ? callOf(Function::Not, type, {std::move(test)}, expression.span) : test;
    }
    if (expression.text != "NULL") {
        if (operand->type.kind != TypeKind::Boolean)
            throw StatementError(expression.span, "IS " + expression.text + " asks a condition.");
        const bool isTrue = expression.text == "TRUE";
        function = isTrue ? (expression.negated ? Function::IsNotTrue : Function::IsTrue)
                          : (expression.negated ? Function::IsNotFalse : Function::IsFalse);
    }
    return callOf(function, types::boolean().notNull(), {std::move(operand)}, expression.span);
}

/// a IS DISTINCT FROM b is CASE WHEN a IS NULL THEN b IS NOT NULL WHEN b IS NULL THEN TRUE ELSE a <> b END.
ExpressionPtr ExpressionBinder::distinctFrom(const ast::Expression& expression) const
{
    const std::vector<ExpressionPtr> sides = bindAll(expression);
    const SourceSpan& span = expression.span;
    const LogicalType type = types::boolean().notNull();
    const auto test = [&](Function function, std::size_t side) { return callOf(function, type, {sides[side]}, span); };
    ExpressionPtr differ = callOf(Function::Case, type,
        {test(Function::IsNull, 0), test(Function::IsNotNull, 1), test(Function::IsNull, 1),
            literalOf(true, type, span), compare(Function::NotEqual, sides[0], sides[1], span)},
        span);
    return expression.negated ? callOf(Function::Not, type, {std::move(differ)}, span) : differ;
}

ExpressionPtr ExpressionBinder::between(const ast::Expression& expression) const
{
    const std::vector<ExpressionPtr> bound = bindAll(expression);
    std::vector<ExpressionPtr> both{compare(Function::GreaterOrEqual, bound[0], bound[1], expression.span),
        compare(Function::LessOrEqual, bound[0], bound[2], expression.span)};
    const LogicalType type = booleanLike(both);
    ExpressionPtr inside = callOf(Function::And, type, std::move(both), expression.span);
    return expression.negated ? callOf(Function::Not, type, {std::move(inside)}, expression.span) : inside;
}

/// x IN (a, b) is x = a OR x = b, NULLs and all.
ExpressionPtr ExpressionBinder::in(const ast::Expression& expression) const
{
    if (expression.query)
        throw StatementError(expression.span, "IN with a subquery is not supported at this place.",
            "It stands in WHERE, by itself or joined to others by AND");
    const std::vector<ExpressionPtr> bound = bindAll(expression);
    std::vector<ExpressionPtr> equalities;
    for (std::size_t i = 1; i < bound.size(); ++i)
        equalities.push_back(compare(Function::Equal, bound[0], bound[i], expression.span));
    const LogicalType type = booleanLike(equalities);
    ExpressionPtr any = equalities.size() == 1 ? equalities.front()
                                               : callOf(Function::Or, type, std::move(equalities), expression.span);
    return expression.negated ? callOf(Function::Not, type, {std::move(any)}, expression.span) : any;
}

ExpressionPtr ExpressionBinder::like(const ast::Expression& expression) const
{
    std::vector<ExpressionPtr> bound = bindAll(expression);
    for (const ExpressionPtr& one : bound) {
        if (!one->type.isString() && one->type.kind != TypeKind::Null)
            throw StatementError(
                one->span, expression.text + " compares texts, but this is " + one->type.asNullable().text() + ".");
    }
    if (bound.size() == 3) {
        const auto* escape = std::get_if<std::string>(&bound[2]->literal);
        if (!escape || escape->size() != 1 || *escape == "\\")
            throw StatementError(
                bound[2]->span, "Invalid escape character.", "Give one character other than backslash");
    }
    const LogicalType type = booleanLike(bound);
    if (expression.text == "SIMILAR") {
        const auto* pattern = std::get_if<std::string>(&bound[1]->literal);
        const auto* escape = bound.size() == 3 ? std::get_if<std::string>(&bound[2]->literal) : nullptr;
        const std::string fault =
            pattern ? patternFault(similarPattern(*pattern, escape ? escape->front() : '\0')) : std::string();
        if (!fault.empty())
            throw StatementError(bound[1]->span, "The pattern cannot be run: " + fault + ".");
    }
    const Function function = expression.text == "SIMILAR" ? Function::Similar : Function::Like;
    ExpressionPtr matches = callOf(function, type, std::move(bound), expression.span);
    return expression.negated ? callOf(Function::Not, type, {std::move(matches)}, expression.span) : matches;
}

ExpressionPtr ExpressionBinder::caseOf(const ast::Expression& expression) const
{
    std::vector<ExpressionPtr> arguments;
    std::size_t at = 0;
    const ExpressionPtr operand = expression.hasOperand ? bind(*expression.arguments[at++]) : nullptr;
    const std::size_t end = expression.arguments.size() - (expression.hasElse ? 1 : 0);
    std::optional<LogicalType> type;
    const auto addResult = [&](const ast::Expression& written) {
        arguments.push_back(bind(written));
        const auto common = type ? commonType(*type, arguments.back()->type) : arguments.back()->type;
        if (!common)
            throw StatementError(written.span,
                "the results of CASE have no common type: " + type->asNullable().text() + " and "
                    + arguments.back()->type.asNullable().text() + ".");
        type = common;
    };
    for (; at + 1 < end + 1 && at < end; at += 2) {
        const ast::Expression& when = *expression.arguments[at];
        arguments.push_back(operand ? compare(Function::Equal, operand, bind(when), when.span)
                                    : bindCondition(when, "the condition of WHEN"));
        addResult(*expression.arguments[at + 1]);
    }
    if (expression.hasElse)
        addResult(*expression.arguments.back());
    else
        arguments.push_back(literalOf(std::monostate{}, type->asNullable(), expression.span));
    LogicalType result = expression.hasElse ? *type : type->asNullable();
    for (std::size_t i = 1; i < arguments.size(); i += 2)
        arguments[i] = castTo(arguments[i], result);
    arguments.back() = castTo(arguments.back(), result);
    return callOf(Function::Case, result, std::move(arguments), expression.span);
}

ExpressionPtr ExpressionBinder::cast(const ast::Expression& expression) const
{
    const ExpressionPtr operand = bind(*expression.arguments.front());
    if (!canCast(operand->type, expression.type))
        throw StatementError(expression.span,
            "Cast function cannot convert value of type " + operand->type.asNullable().text() + " to type "
                + expression.type.text() + ".");
    LogicalType type = expression.type;
    const bool tries = expression.text == "TRY_CAST";
    type.nullable = tries || operand->type.nullable;
    return callOf(tries ? Function::TryCast : Function::Cast, type, {operand}, expression.span);
}

ExpressionPtr ExpressionBinder::call(const ast::Expression& expression) const
{
    if (expression.over)
        throw StatementError(expression.span, "OVER is not supported at this place.",
            "It stands in SELECT; what is compared with it stands in the query around it");
    if (expression.text == "GROUPING" || expression.text == "GROUPING_ID")
        throw StatementError(expression.span, expression.text + " stands in a query with GROUP BY only.");
    if (isAggregateName(expression.text))
        throw StatementError(expression.span, expression.text + " is an aggregate and cannot stand here.",
            "Aggregates stand in SELECT and HAVING of a query with GROUP BY");
    requireFunction(expression); // before its arguments: they are not what is wrong
    if (expression.star || expression.distinct || expression.filter)
        throw StatementError(expression.span, expression.text + " is no aggregate function.");
    return bindFunction(expression, bindAll(expression));
}

} // namespace weir::sql
