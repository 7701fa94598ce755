// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_text.h"
#include "app/engine/event/packed_value.h"
#include "app/engine/event/row_text.h"
#include "app/engine/event/timestamp_text.h"
#include "app/engine/sql/evaluation.h"
#include "app/engine/sql/java_text.h"
#include "app/engine/sql/unicode.h"
#include "app/engine/sql/words.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace weir::sql {

namespace {

constexpr std::int64_t dayMs = 86'400'000;

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20)
        text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20)
        text.remove_suffix(1);
    return text;
}

/// Java's conversion of a real to an integer: toward zero, NaN is 0, and what is too large stops at the end of the
/// range.
std::int64_t saturated(TypeKind kind, double value)
{
    const bool wide = kind == TypeKind::BigInt;
    const double low = wide ? -9223372036854775808.0 : -2147483648.0;
    const double high = wide ? 9223372036854775807.0 : 2147483647.0;
    if (std::isnan(value))
        return 0;
    if (value <= low)
        return wrapped(
            kind, wide ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int32_t>::min());
    if (value >= high)
        return wrapped(
            kind, wide ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int32_t>::max());
    return wrapped(kind, static_cast<std::int64_t>(value));
}

std::int64_t largest(TypeKind kind)
{
    switch (kind) {
    case TypeKind::TinyInt:
        return 127;
    case TypeKind::SmallInt:
        return 32767;
    case TypeKind::Int:
        return std::numeric_limits<std::int32_t>::max();
    default:
        return std::numeric_limits<std::int64_t>::max();
    }
}

std::optional<double> realOf(std::string_view text)
{
    text = trimmed(text);
    if (text == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity" || text == "+Infinity")
        return std::numeric_limits<double>::infinity();
    if (text == "-Infinity")
        return -std::numeric_limits<double>::infinity();
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || end != text.data() + text.size() || error == std::errc::invalid_argument)
        return std::nullopt;
    return error == std::errc::result_out_of_range ? std::numeric_limits<double>::infinity() : value;
}

/// "12", " -7 ", "1.5" (cut): as Flink reads an integer from text.
std::optional<std::int64_t> integerOf(std::string_view text, TypeKind kind)
{
    text = trimmed(text);
    const std::size_t dot = text.find('.');
    if (dot != std::string_view::npos) {
        for (const char c : text.substr(dot + 1)) {
            if (c < '0' || c > '9')
                return std::nullopt;
        }
    }
    std::string_view whole = text.substr(0, dot);
    if (whole.starts_with('+'))
        whole.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
    if (whole.empty() || error != std::errc() || end != whole.data() + whole.size())
        return std::nullopt;
    if (value > largest(kind) || value < -largest(kind) - 1)
        return std::nullopt;
    return value;
}

std::optional<bool> booleanOf(std::string_view text)
{
    const std::string word = upper(trimmed(text));
    for (const char* yes : {"TRUE", "T", "YES", "Y", "1"}) {
        if (word == yes)
            return true;
    }
    for (const char* no : {"FALSE", "F", "NO", "N", "0"}) {
        if (word == no)
            return false;
    }
    return std::nullopt;
}

/// "2024-03-01", "2024-03-01 12:00:00.5", also with a T between.
std::optional<Timestamp> timestampOf(std::string_view text)
{
    text = trimmed(text);
    if (const auto days = parseDate(text))
        return Timestamp{*days * dayMs, 0};
    if (const auto value = parseTimestamp(text, TimestampStandard::Sql))
        return value;
    return parseTimestamp(text, TimestampStandard::Iso8601);
}

std::optional<std::int64_t> dateOf(std::string_view text)
{
    text = trimmed(text);
    text = text.substr(0, text.find(' ')); // a time of day behind the date is passed over
    if (const auto days = parseDate(text))
        return days;
    // A lone year or year and month, as Flink takes them: '12' is the first day of the year 12.
    std::int64_t year = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
    if (!text.empty() && error == std::errc() && end == text.data() + text.size() && year >= 0 && year <= 9999)
        return daysFromCivil({year, 1, 1});
    return std::nullopt;
}

Timestamp cut(Timestamp value, int precision)
{
    if (precision >= 9)
        return value;
    if (precision <= 3) {
        static constexpr std::int64_t units[] = {1000, 100, 10, 1};
        const std::int64_t unit = units[precision];
        const std::int64_t rest = (value.millis % unit + unit) % unit;
        return {value.millis - rest, 0};
    }
    std::int32_t unit = 1;
    for (int i = precision; i < 9; ++i)
        unit *= 10;
    return {value.millis, value.nanos / unit * unit};
}

/// A value as CAST AS STRING writes it: a ROW as (a, b), an ARRAY as [a, b], a MAP as {k=v}.
std::string castText(const Column& from, std::size_t row)
{
    const LogicalType& type = from.type();
    switch (type.kind) {
    case TypeKind::Char:
    case TypeKind::Varchar:
        return std::string(from.values<std::string_view>()[row]);
    case TypeKind::Double:
        return javaText(from.values<double>()[row]);
    case TypeKind::Float:
        return javaText(from.values<float>()[row]);
    case TypeKind::Boolean:
        return from.values<std::uint8_t>()[row] != 0 ? "TRUE" : "FALSE";
    default:
        break;
    }
    if (!type.isNested())
        return cellText(from, row);
    const PackedView list(from.values<std::string_view>()[row]);
    const bool pairs = type.isKeyed();
    std::string text = type.kind == TypeKind::Row ? "(" : pairs ? "{" : "[";
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0)
            text += pairs && i % 2 == 1 ? "=" : ", ";
        text += list.isNull(i) ? "NULL" : castText(elementColumn(list, i, elementType(type, i)), 0);
    }
    return text + (type.kind == TypeKind::Row ? ")" : pairs ? "}" : "]");
}

/// One column converted to another type; every row is a function of its value.
class Cast
{
public:
    Cast(const Expression& call, const Column& from, const Selection& rows, Evaluation& run)
        : m_call(call), m_from(from), m_rows(rows), m_run(run), m_result(run.resultFor(call, {&from}, rows))
    { }

    Column run()
    {
        const LogicalType& to = m_call.type;
        if (to.isString())
            toText();
        else if (to.isInteger())
            toInteger();
        else if (to.kind == TypeKind::Double)
            toReal<double>();
        else if (to.kind == TypeKind::Float)
            toReal<float>();
        else if (to.kind == TypeKind::Decimal)
            toDecimal();
        else if (to.kind == TypeKind::Boolean)
            toBoolean();
        else if (to.isTimestamp())
            toTimestamp();
        else if (to.kind == TypeKind::Date || to.kind == TypeKind::Time)
            toDateOrTime();
        else // bytes, and nested types that look alike
            m_run.each(m_rows, [this](std::uint32_t row) { copyValue(m_from, m_result, row); });
        return std::move(m_result);
    }

private:
    const LogicalType& fromType() const { return m_from.type(); }

    template <typename Visit>
    void each(Visit&& visit)
    {
        m_run.each(m_rows, [&](std::uint32_t row) {
            if (!m_result.isNull(row))
                visit(row);
        });
    }

    void refuse(std::uint32_t row)
    {
        m_result.setNull(row);
        if (m_call.function == Function::Cast)
            m_run.fail(row, "'" + cellText(m_from, row) + "' cannot be cast to " + m_call.type.asNullable().text());
    }

    template <typename T, typename Value>
    void storeOr(std::uint32_t row, const std::optional<Value>& value)
    {
        if (value)
            m_result.values<T>()[row] = static_cast<T>(*value);
        else
            refuse(row);
    }

    void toText();
    void toInteger();
    template <typename T>
    void toReal();
    void toDecimal();
    void toBoolean();
    void toTimestamp();
    void toDateOrTime();

    const Expression& m_call;
    const Column& m_from;
    const Selection& m_rows;
    Evaluation& m_run;
    Column m_result;
};

void Cast::toText()
{
    auto& out = m_result.values<std::string_view>();
    const auto length = static_cast<std::size_t>(m_call.type.precision);
    each([&](std::uint32_t row) {
        std::string text = leftCodePoints(castText(m_from, row), length);
        if (m_call.type.kind == TypeKind::Char)
            text.append(length - std::min(length, codePointCount(text)), ' ');
        out[row] = m_result.ownHeap().add(text);
    });
}

void Cast::toInteger()
{
    const TypeKind kind = m_call.type.kind;
    auto& out = m_result.values<std::int64_t>();
    each([&](std::uint32_t row) {
        switch (physicalTypeOf(fromType())) {
        case PhysicalType::Int64:
            out[row] = wrapped(kind, m_from.values<std::int64_t>()[row]);
            break;
        case PhysicalType::Float64:
            out[row] = saturated(kind, m_from.values<double>()[row]);
            break;
        case PhysicalType::Float32:
            out[row] = saturated(kind, static_cast<double>(m_from.values<float>()[row]));
            break;
        case PhysicalType::Int128:
            out[row] =
                wrapped(kind, static_cast<std::int64_t>(m_from.values<Int128>()[row] / powerOfTen(fromType().scale)));
            break;
        case PhysicalType::Bool:
            out[row] = m_from.values<std::uint8_t>()[row];
            break;
        default:
            storeOr<std::int64_t>(row, integerOf(m_from.values<std::string_view>()[row], kind));
        }
    });
}

template <typename T>
void Cast::toReal()
{
    auto& out = m_result.values<T>();
    each([&](std::uint32_t row) {
        switch (physicalTypeOf(fromType())) {
        case PhysicalType::Int64:
            out[row] = static_cast<T>(m_from.values<std::int64_t>()[row]);
            break;
        case PhysicalType::Float64:
            out[row] = static_cast<T>(m_from.values<double>()[row]);
            break;
        case PhysicalType::Float32:
            out[row] = static_cast<T>(m_from.values<float>()[row]);
            break;
        case PhysicalType::Int128: // by its text: two roundings would differ from Java's one
            storeOr<T>(row, realOf(cellText(m_from, row)));
            break;
        case PhysicalType::Bool:
            out[row] = static_cast<T>(m_from.values<std::uint8_t>()[row]);
            break;
        default:
            storeOr<T>(row, realOf(m_from.values<std::string_view>()[row]));
        }
    });
}

void Cast::toDecimal()
{
    const LogicalType& to = m_call.type;
    auto& out = m_result.values<Int128>();
    each([&](std::uint32_t row) {
        std::optional<Int128> value;
        if (fromType().kind == TypeKind::Decimal) {
            value = rescaleDecimal(m_from.values<Int128>()[row], fromType().scale, to.scale, to.precision);
        } else if (fromType().isInteger()) {
            value = rescaleDecimal(m_from.values<std::int64_t>()[row], 0, to.scale, to.precision);
        } else if (fromType().kind == TypeKind::Boolean) {
            value = rescaleDecimal(m_from.values<std::uint8_t>()[row], 0, to.scale, to.precision);
        } else {
            const std::string text = cellText(m_from, row);
            const DecimalParse parsed = parseDecimal(trimmed(text), to.precision, to.scale);
            if (!parsed.valid) {
                refuse(row);
                return;
            }
            value = parsed.unscaled;
        }
        if (value)
            out[row] = *value;
        else
            m_result.setNull(row); // too wide: NULL, in a CAST as well
    });
}

void Cast::toBoolean()
{
    auto& out = m_result.values<std::uint8_t>();
    each([&](std::uint32_t row) {
        switch (physicalTypeOf(fromType())) {
        case PhysicalType::Int64:
            out[row] = m_from.values<std::int64_t>()[row] != 0 ? 1 : 0;
            break;
        case PhysicalType::Float64:
            out[row] = m_from.values<double>()[row] != 0 ? 1 : 0;
            break;
        case PhysicalType::Float32:
            out[row] = m_from.values<float>()[row] != 0 ? 1 : 0;
            break;
        case PhysicalType::Int128:
            out[row] = m_from.values<Int128>()[row] != 0 ? 1 : 0;
            break;
        default:
            storeOr<std::uint8_t>(row, booleanOf(m_from.values<std::string_view>()[row]));
        }
    });
}

void Cast::toTimestamp()
{
    auto& out = m_result.values<Timestamp>();
    each([&](std::uint32_t row) {
        if (fromType().isString()) {
            if (const auto value = timestampOf(m_from.values<std::string_view>()[row]))
                out[row] = cut(*value, m_call.type.precision);
            else
                refuse(row);
        } else if (fromType().isTimestamp()) {
            out[row] = cut(m_from.values<Timestamp>()[row], m_call.type.precision);
        } else {
            out[row] = {m_from.values<std::int64_t>()[row] * dayMs, 0};
        }
    });
}

void Cast::toDateOrTime()
{
    const bool date = m_call.type.kind == TypeKind::Date;
    auto& out = m_result.values<std::int64_t>();
    each([&](std::uint32_t row) {
        if (fromType().isString()) {
            const std::string_view text = m_from.values<std::string_view>()[row];
            storeOr<std::int64_t>(row, date ? dateOf(text) : parseTime(trimmed(text)));
        } else if (fromType().isTimestamp()) {
            const std::int64_t millis = m_from.values<Timestamp>()[row].millis;
            const std::int64_t days = millis / dayMs - (millis % dayMs < 0 ? 1 : 0);
            // Flink divides toward zero: a moment of 31 December 1969 is 1 January 1970 as DATE.
            out[row] = date ? millis / dayMs : (millis - days * dayMs) / 1000 * 1000;
        } else {
            out[row] = m_from.values<std::int64_t>()[row];
        }
    });
}

} // namespace

Column evaluateCast(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    return Cast(call, *arguments.front(), rows, run).run();
}

} // namespace weir::sql
