// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_text.h"
#include "app/engine/event/timestamp_text.h"
#include "app/engine/sql/expression_binder.h"
#include "app/engine/sql/syntax_error.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace weir::sql {

namespace {

using ast::ExpressionKind;

template <typename T>
std::optional<T> parsed(std::string_view text)
{
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional<T>(value) : std::nullopt;
}

std::size_t codePoints(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

ExpressionPtr number(const ast::Expression& expression)
{
    const std::string& text = expression.text;
    if (text.find_first_of("eE") != std::string::npos)
        return literalOf(parsed<double>(text).value_or(std::numeric_limits<double>::infinity()),
            types::float64().notNull(), expression.span);
    const std::size_t dot = text.find('.');
    if (dot == std::string::npos) {
        if (const auto whole = parsed<std::int64_t>(text)) {
            const bool fits = *whole <= std::numeric_limits<std::int32_t>::max();
            return literalOf(*whole, (fits ? types::integer() : types::bigInt()).notNull(), expression.span);
        }
    }
    const int scale = dot == std::string::npos ? 0 : static_cast<int>(text.size() - dot - 1);
    const int digits = static_cast<int>(text.size()) - (dot == std::string::npos ? 0 : 1);
    if (digits > 38)
        throw StatementError(expression.span, "a number has 38 digits at most.");
    const DecimalParse value = parseDecimal(text, 38, scale);
    const std::string whole = text.substr(0, dot);
    const int leadingZero = dot != std::string::npos && (whole == "0" || whole.empty()) ? 1 : 0;
    const int precision = std::max({1, scale, digits - (whole.empty() ? 0 : leadingZero)});
    return literalOf(value.unscaled.value_or(0), types::decimal(precision, scale).notNull(), expression.span);
}

struct Unit
{
    std::string_view name;
    std::int64_t millis; ///< 0: a unit of months
    std::int64_t months;
};

const Unit& unitOf(std::string_view name)
{
    static constexpr Unit units[] = {{"SECOND", 1000, 0}, {"MINUTE", 60'000, 0}, {"HOUR", 3'600'000, 0},
        {"DAY", 86'400'000, 0}, {"WEEK", 7 * 86'400'000LL, 0}, {"MONTH", 0, 1}, {"QUARTER", 0, 3}, {"YEAR", 0, 12}};
    return *std::find_if(std::begin(units), std::end(units), [&](const Unit& unit) { return unit.name == name; });
}

ExpressionPtr interval(const ast::Expression& expression)
{
    const Unit& unit = unitOf(expression.unit);
    std::string_view text = expression.text;
    bool negative = expression.negated;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        negative = negative != (text.front() == '-');
        text.remove_prefix(1);
    }
    const std::size_t dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    const auto value = parsed<std::int64_t>(whole);
    std::int64_t fraction = 0;
    if (dot != std::string_view::npos) {
        std::string digits(text.substr(dot + 1));
        digits.resize(3, '0'); // milliseconds: Flink's intervals have no more
        const auto millis = parsed<std::int64_t>(digits);
        if (expression.unit != "SECOND" || !millis || text.size() == dot + 1)
            throw StatementError(expression.span, "'" + expression.text + "' is no number of " + expression.unit + ".");
        fraction = *millis;
    }
    if (!value)
        throw StatementError(expression.span, "'" + expression.text + "' is no number of " + expression.unit + ".");
    if (whole.size() > static_cast<std::size_t>(expression.unitPrecision))
        throw StatementError(expression.span,
            "Interval field value " + std::string(whole) + " exceeds precision of " + expression.unit + "("
                + std::to_string(expression.unitPrecision) + ") field.",
            "Use a larger unit, or say how many digits: " + expression.unit + "(" + std::to_string(whole.size()) + ")");
    LogicalType type;
    type.kind = unit.months > 0 ? TypeKind::IntervalYearMonth : TypeKind::IntervalDayTime;
    type.nullable = false;
    const std::int64_t size = unit.months > 0 ? *value * unit.months : *value * unit.millis + fraction;
    return literalOf(negative ? -size : size, type, expression.span);
}

ExpressionPtr temporal(const ast::Expression& expression)
{
    const auto wrong = [&](const char* shape) {
        throw StatementError(expression.span, "Illegal " + expression.unit + " literal '" + expression.text + "'.",
            std::string("Write it as ") + shape);
    };
    if (expression.unit == "DATE") {
        const auto days = parseDate(expression.text);
        if (!days)
            wrong("DATE '2024-03-01'");
        return literalOf(*days, types::date().notNull(), expression.span);
    }
    if (expression.unit == "TIME") {
        const auto millis = parseTime(expression.text);
        if (!millis)
            wrong("TIME '12:00:00'");
        return literalOf(*millis, types::time().notNull(), expression.span);
    }
    const auto value = parseTimestamp(expression.text, TimestampStandard::Sql);
    if (!value)
        wrong("TIMESTAMP '2024-03-01 12:00:00'");
    const std::size_t dot = expression.text.find('.');
    const auto precision = dot == std::string::npos ? 0 : static_cast<std::int32_t>(expression.text.size() - dot - 1);
    return literalOf(*value, types::timestamp(precision).notNull(), expression.span);
}

} // namespace

ExpressionPtr bindConstant(const ast::Expression& expression)
{
    switch (expression.kind) {
    case ExpressionKind::Number:
        return number(expression);
    case ExpressionKind::String: {
        LogicalType type;
        type.kind = TypeKind::Char;
        type.precision = static_cast<std::int32_t>(codePoints(expression.text));
        type.nullable = false;
        return literalOf(expression.text, type, expression.span);
    }
    case ExpressionKind::Boolean:
        return literalOf(expression.text == "TRUE", types::boolean().notNull(), expression.span);
    case ExpressionKind::Interval:
        return interval(expression);
    case ExpressionKind::Temporal:
        return temporal(expression);
    default:
        return literalOf(std::monostate{}, LogicalType{}, expression.span);
    }
}

} // namespace weir::sql
