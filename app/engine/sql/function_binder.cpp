// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/expression_binder.h"
#include "app/engine/sql/function_call.h"
#include "app/engine/sql/nested_binder.h"
#include "app/engine/sql/script.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/type_rules.h"
#include "app/engine/sql/words.h"

#include <algorithm>
#include <map>

namespace weir::sql {

using Arguments = std::vector<ExpressionPtr>;

LogicalType nullableLike(LogicalType type, const Arguments& arguments)
{
    type.nullable = std::any_of(
        arguments.begin(), arguments.end(), [](const ExpressionPtr& argument) { return argument->type.nullable; });
    return type;
}

void Call::wrong(const std::string& form) const
{
    std::string given;
    for (const ExpressionPtr& argument : arguments)
        given += (given.empty() ? "" : ", ") + argument->type.asNullable().text();
    throw StatementError(
        written.span, "No match found for function signature " + written.text + "(" + given + ").", "It is " + form);
}

void Call::expect(bool fits, const std::string& form) const
{
    if (!fits)
        wrong(form);
}

LogicalType Call::oneType(std::size_t first, const std::string& form, std::size_t step)
{
    LogicalType common = type(first);
    for (std::size_t i = first + step; i < arguments.size(); i += step) {
        const auto both = commonType(common, type(i));
        expect(both.has_value(), form + " with values of one type");
        common = *both;
    }
    for (std::size_t i = first; i < arguments.size(); i += step)
        arguments[i] = castTo(arguments[i], common);
    return common;
}

namespace {

ExpressionPtr sameNumber(Call& call, Function function)
{
    call.expect(call.count(1, 1) && call.type(0).isNumeric(), call.written.text + "(number)");
    LogicalType type = call.type(0);
    if ((function == Function::Floor || function == Function::Ceil) && type.kind == TypeKind::Decimal)
        type.scale = 0;
    return call.make(function, type);
}

/// ROUND and TRUNCATE.
ExpressionPtr round(Call& call, Function function)
{
    call.expect(
        call.count(1, 2) && call.type(0).isNumeric() && (call.arguments.size() == 1 || call.type(1).isInteger()),
        call.written.text + "(number [, digits])");
    LogicalType type = call.type(0);
    const std::int64_t* digits = nullptr;
    if (call.arguments.size() == 2)
        digits = std::get_if<std::int64_t>(&call.arguments[1]->literal);
    if (type.kind == TypeKind::Decimal) {
        const std::int64_t wanted = call.arguments.size() == 1 ? 0 : digits ? *digits : type.scale;
        const int whole = type.precision - type.scale;
        const int scale = static_cast<int>(std::clamp<std::int64_t>(wanted, 0, type.scale));
        if (scale < type.scale) // rounding may carry into one more digit
            type.precision = std::min(38, whole + 1 + scale);
        type.scale = scale;
    }
    return call.make(function, nullableLike(type, call.arguments));
}

ExpressionPtr realFunction(Call& call, Function function, std::size_t count)
{
    call.expect(call.count(count, count), call.written.text);
    for (ExpressionPtr& argument : call.arguments) {
        if (!argument->type.isNumeric())
            call.wrong(call.written.text + (count == 1 ? "(number)" : "(number, number)"));
        argument = castTo(argument, types::float64());
    }
    return call.make(function, nullableLike(types::float64(), call.arguments));
}

ExpressionPtr mod(Call& call)
{
    call.expect(call.count(2, 2) && call.type(0).isNumeric() && call.type(1).isNumeric(), "MOD(number, number)");
    const LogicalType type = arithmeticType(Function::Modulo, call.type(0), call.type(1));
    for (ExpressionPtr& argument : call.arguments) {
        if (type.kind == TypeKind::Decimal)
            argument = castTo(argument, asDecimal(argument->type));
        else if (type.isApproximate())
            argument = castTo(argument, type);
    }
    return call.make(Function::Modulo, type);
}

/// GREATEST and LEAST; NULL if any argument is.
ExpressionPtr extreme(Call& call, Function function)
{
    const std::string form = call.written.text + "(value, value, …)";
    call.expect(!call.arguments.empty(), form);
    return call.make(function, call.oneType(0, form));
}

/// IF(condition, a, b) is CASE WHEN condition THEN a ELSE b END.
ExpressionPtr ifFunction(Call& call)
{
    const std::string form = "IF(condition, value, value)";
    call.expect(call.count(3, 3) && call.type(0).kind == TypeKind::Boolean, form);
    LogicalType type = call.oneType(1, form);
    type.nullable = type.nullable || call.type(0).nullable; // as Flink has it, though a NULL condition takes the third
    return call.make(Function::Case, type);
}

ExpressionPtr coalesce(Call& call)
{
    call.expect(!call.arguments.empty(), "COALESCE(value, …)");
    LogicalType type = call.type(0);
    bool allNullable = true;
    for (const ExpressionPtr& argument : call.arguments) {
        const auto common = commonType(type, argument->type);
        if (!common)
            call.wrong("COALESCE(value, …) with values of one type");
        type = *common;
        allNullable = allNullable && argument->type.nullable;
    }
    type.nullable = allNullable;
    for (ExpressionPtr& argument : call.arguments)
        argument = castTo(argument, type);
    return call.make(Function::Coalesce, type);
}

/// NULLIF(a, b) is CASE WHEN a = b THEN NULL ELSE a END.
ExpressionPtr nullIf(Call& call)
{
    call.expect(call.count(2, 2), "NULLIF(value, value)");
    const LogicalType type = call.type(0).asNullable();
    ExpressionPtr equal = compare(Function::Equal, call.arguments[0], call.arguments[1], call.written.span);
    return callOf(Function::Case, type,
        {std::move(equal), literalOf(std::monostate{}, type, call.written.span), call.arguments[0]}, call.written.span);
}

std::optional<TimeUnit> timeUnit(const std::string& word)
{
    static const std::map<std::string, TimeUnit> units{{"MILLISECOND", TimeUnit::Millisecond},
        {"SECOND", TimeUnit::Second}, {"MINUTE", TimeUnit::Minute}, {"HOUR", TimeUnit::Hour}, {"DAY", TimeUnit::Day},
        {"DAYOFMONTH", TimeUnit::Day}, {"WEEK", TimeUnit::Week}, {"MONTH", TimeUnit::Month},
        {"QUARTER", TimeUnit::Quarter}, {"YEAR", TimeUnit::Year}, {"DOW", TimeUnit::DayOfWeek},
        {"DAYOFWEEK", TimeUnit::DayOfWeek}, {"DOY", TimeUnit::DayOfYear}, {"DAYOFYEAR", TimeUnit::DayOfYear},
        {"EPOCH", TimeUnit::Epoch}};
    const auto found = units.find(word);
    return found == units.end() ? std::nullopt : std::optional(found->second);
}

ExpressionPtr extract(Call& call, const std::string& unit)
{
    const auto known = timeUnit(unit);
    call.expect(known && call.count(1, 1) && (call.type(0).isTimestamp() || call.type(0).kind == TypeKind::Date),
        "EXTRACT(SECOND | MINUTE | HOUR | DAY | WEEK | MONTH | QUARTER | YEAR FROM time)");
    call.arguments.insert(call.arguments.begin(),
        literalOf(static_cast<std::int64_t>(*known), types::bigInt().notNull(), call.written.span));
    return call.make(Function::Extract, nullableLike(types::bigInt(), call.arguments));
}

/// FLOOR(time TO unit), CEIL(time TO unit).
ExpressionPtr roundTime(Call& call, const std::string& unit)
{
    const auto known = timeUnit(unit);
    const bool fits = known && *known >= TimeUnit::Second && *known <= TimeUnit::Year && *known != TimeUnit::Week;
    call.expect(fits && call.count(1, 1) && call.type(0).isTimestamp(),
        call.written.text + "(time TO SECOND | MINUTE | HOUR | DAY | MONTH | QUARTER | YEAR)");
    const LogicalType type = call.type(0);
    call.arguments.push_back(
        literalOf(static_cast<std::int64_t>(*known), types::bigInt().notNull(), call.written.span));
    return call.make(call.written.text == "FLOOR" ? Function::FloorTime : Function::CeilTime, type);
}

/// TIMESTAMPDIFF(unit, from, to): whole units, as an INT that wraps.
ExpressionPtr timestampDiff(Call& call, const std::string& unit)
{
    const auto known = timeUnit(unit);
    const auto isTime = [&](std::size_t i) {
        return call.type(i).isTimestamp() || call.type(i).kind == TypeKind::Date;
    };
    call.expect(
        known && *known >= TimeUnit::Second && *known <= TimeUnit::Year && call.count(2, 2) && isTime(0) && isTime(1),
        "TIMESTAMPDIFF(SECOND | MINUTE | HOUR | DAY | WEEK | MONTH | QUARTER | YEAR, time, time)");
    const LogicalType type = nullableLike(types::integer(), call.arguments);
    call.arguments.push_back(
        literalOf(static_cast<std::int64_t>(*known), types::bigInt().notNull(), call.written.span));
    return call.make(Function::TimestampDiff, type);
}

ExpressionPtr toTimestamp(Call& call)
{
    call.expect(call.count(1, 1) && call.type(0).isString(), "TO_TIMESTAMP(text), the text as 'yyyy-MM-dd HH:mm:ss'");
    return call.make(Function::ToTimestamp, types::timestamp(3));
}

ExpressionPtr toTimestampLtz(Call& call)
{
    const auto* precision =
        call.arguments.size() == 2 ? std::get_if<std::int64_t>(&call.arguments[1]->literal) : nullptr;
    call.expect(call.count(2, 2) && call.type(0).isNumeric() && precision && (*precision == 0 || *precision == 3),
        "TO_TIMESTAMP_LTZ(number, 0) for seconds or TO_TIMESTAMP_LTZ(number, 3) for milliseconds");
    const LogicalType type = nullableLike(types::timestampLtz(3), {call.arguments[0]});
    call.arguments[0] = castTo(call.arguments[0], types::bigInt());
    return call.make(Function::ToTimestampLtz, type);
}

ExpressionPtr dateFormat(Call& call)
{
    call.expect(call.count(2, 2) && (call.type(0).isTimestamp() || call.type(0).isString()) && call.type(1).isString(),
        "DATE_FORMAT(time, 'yyyy-MM-dd HH:mm')");
    if (call.type(0).isString())
        call.arguments[0] = castTo(call.arguments[0], types::timestamp(3));
    return call.make(Function::DateFormat, nullableLike(types::string(), call.arguments));
}

/// What other engines call it, and what Flink does.
std::string foreignSpelling(const std::string& name)
{
    static const std::map<std::string, std::string> spellings{{"DATE_TRUNC", "Flink writes FLOOR(time TO HOUR)"},
        {"TIME_BUCKET", "a window is written TABLE(TUMBLE(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE))"},
        {"TUMBLE_START", "with TABLE(TUMBLE(…)) the column window_start has it"},
        {"TUMBLE_END", "with TABLE(TUMBLE(…)) the column window_end has it"},
        {"TUMBLE", "a window stands behind FROM: TABLE(TUMBLE(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE))"},
        {"WINDOW", "a window stands behind FROM: TABLE(TUMBLE(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE))"},
        {"SESSION_WINDOW", "a session stands behind FROM: TABLE(SESSION(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE))"},
        {"HOP", "a window stands behind FROM: TABLE(HOP(TABLE t, DESCRIPTOR(c), slide, size))"},
        {"LENGTH", "Flink writes CHAR_LENGTH(text)"}, {"LEN", "Flink writes CHAR_LENGTH(text)"},
        {"NVL", "Flink writes COALESCE(a, b)"}, {"ISNULL", "Flink writes x IS NULL"},
        {"TO_CHAR", "Flink writes DATE_FORMAT(time, 'yyyy-MM-dd')"}};
    const auto found = spellings.find(name);
    return found == spellings.end() ? std::string() : found->second;
}

const std::map<std::string, Resolver>& resolvers()
{
    static const std::map<std::string, Resolver> table{{"ABS", [](Call& c) { return sameNumber(c, Function::Abs); }},
        {"CEIL", [](Call& c) { return sameNumber(c, Function::Ceil); }},
        {"CEILING", [](Call& c) { return sameNumber(c, Function::Ceil); }},
        {"FLOOR", [](Call& c) { return sameNumber(c, Function::Floor); }},
        {"SIGN", [](Call& c) { return sameNumber(c, Function::Sign); }},
        {"GREATEST", [](Call& c) { return extreme(c, Function::Greatest); }},
        {"LEAST", [](Call& c) { return extreme(c, Function::Least); }}, {"IF", ifFunction},
        {"IFNULL",
            [](Call& c) {
                c.expect(c.count(2, 2), "IFNULL(value, value)");
                return coalesce(c);
            }},
        {"ROUND", [](Call& c) { return round(c, Function::Round); }},
        {"TRUNCATE", [](Call& c) { return round(c, Function::Truncate); }}, {"MOD", mod}, {"COALESCE", coalesce},
        {"NULLIF", nullIf}, {"POWER", [](Call& c) { return realFunction(c, Function::Power, 2); }},
        {"SQRT", [](Call& c) { return realFunction(c, Function::Sqrt, 1); }}, {"TO_TIMESTAMP", toTimestamp},
        {"TO_TIMESTAMP_LTZ", toTimestampLtz}, {"DATE_FORMAT", dateFormat}};
    return table;
}

} // namespace

namespace {

/// Null where no table has the name.
Resolver resolverOf(const std::string& name)
{
    for (const auto* table : {&textResolvers(), &nestedResolvers(), &jsonResolvers(), &resolvers()}) {
        if (const auto found = table->find(name); found != table->end())
            return found->second;
    }
    return nullptr;
}

} // namespace

void requireFunction(const ast::Expression& call)
{
    if (call.text == "EXTRACT" || call.text == "TIMESTAMPDIFF" || timeUnit(call.text) || resolverOf(call.text))
        return;
    const std::vector<std::string> names(functionNames().begin(), functionNames().end());
    const std::string foreign = foreignSpelling(call.text);
    throw StatementError(call.span, "No match found for function signature " + call.text + ".",
        foreign.empty() ? didYouMean(call.text, names) : foreign);
}

ExpressionPtr bindFunction(const ast::Expression& written, std::vector<ExpressionPtr> arguments)
{
    Call call{written, std::move(arguments)};
    if (written.text == "EXTRACT")
        return extract(call, written.unit);
    if (written.text == "TIMESTAMPDIFF")
        return timestampDiff(call, written.unit);
    const bool roundsTime = !written.unit.empty() && (written.text == "FLOOR" || written.text.starts_with("CEIL"));
    if (roundsTime)
        return roundTime(call, written.unit);
    const Resolver resolver = resolverOf(written.text);
    return resolver ? resolver(call) : extract(call, written.text);
}

} // namespace weir::sql
