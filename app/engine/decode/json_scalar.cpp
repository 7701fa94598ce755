// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_scalar.h"

#include "app/engine/decode/json_number.h"
#include "app/engine/event/decimal_text.h"

#include <array>
#include <cmath>
#include <limits>

namespace weir {

namespace {

std::string_view textOf(const JsonScalar& scalar)
{
    switch (scalar.kind) {
    case JsonScalarKind::True:
        return "true";
    case JsonScalarKind::False:
        return "false";
    default:
        return scalar.text;
    }
}

/// The largest value of an integer type; the least is one further from zero.
std::int64_t mostOf(TypeKind kind)
{
    switch (kind) {
    case TypeKind::TinyInt:
        return std::numeric_limits<std::int8_t>::max();
    case TypeKind::SmallInt:
        return std::numeric_limits<std::int16_t>::max();
    case TypeKind::Int:
        return std::numeric_limits<std::int32_t>::max();
    default:
        return std::numeric_limits<std::int64_t>::max();
    }
}

/// 10 to the power of 0 to 18.
std::int64_t tenTo(int power)
{
    static constexpr auto powers = [] {
        std::array<std::int64_t, 19> all{1};
        for (std::size_t i = 1; i < all.size(); ++i)
            all[i] = all[i - 1] * 10;
        return all;
    }();
    return powers[static_cast<std::size_t>(power)];
}

bool equalsTrue(std::string_view text)
{
    return text.size() == 4 && (text[0] | 0x20) == 't' && (text[1] | 0x20) == 'r' && (text[2] | 0x20) == 'u'
        && (text[3] | 0x20) == 'e';
}

int base64Digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

void* valuesOf(Column& column)
{
    switch (physicalTypeOf(column.type())) {
    case PhysicalType::Bool:
        return column.values<std::uint8_t>().data();
    case PhysicalType::Float32:
        return column.values<float>().data();
    case PhysicalType::Float64:
        return column.values<double>().data();
    case PhysicalType::Int128:
        return column.values<Int128>().data();
    case PhysicalType::Timestamp:
        return column.values<Timestamp>().data();
    case PhysicalType::String:
        return column.values<std::string_view>().data();
    default:
        return column.values<std::int64_t>().data();
    }
}

} // namespace

ScalarTarget::ScalarTarget(Column& column, TimestampStandard standard)
    : m_column(&column), m_values(valuesOf(column)), m_way(wayOf(column.type())),
      m_least(-mostOf(column.type().kind) - 1), m_most(mostOf(column.type().kind)),
      m_timestamps(standard, column.type().kind == TypeKind::TimestampLtz)
{ }

ScalarTarget::Way ScalarTarget::wayOf(const LogicalType& type)
{
    return type.isString()               ? Way::Text
        : type.isInteger()               ? Way::Integer
        : type.isApproximate()           ? Way::Approximate
        : type.kind == TypeKind::Decimal ? Way::Decimal
        : type.kind == TypeKind::Boolean ? Way::Boolean
        : type.isBytes()                 ? Way::Bytes
        : type.kind == TypeKind::Date    ? Way::Date
        : type.kind == TypeKind::Time    ? Way::Time
                                         : Way::Timestamp;
}

bool ScalarTarget::convert(std::size_t row, const JsonScalar& scalar)
{
    if (m_way == Way::Text) {
        at<std::string_view>(row) = textOf(scalar);
        return true;
    }
    if (scalar.kind == JsonScalarKind::Container)
        return false;
    switch (m_way) {
    case Way::Integer:
        return convertInteger(row, scalar);
    case Way::Approximate:
        return convertApproximate(row, scalar);
    case Way::Decimal:
        return convertDecimal(row, scalar);
    case Way::Bytes:
        return convertBytes(row, textOf(scalar));
    case Way::Date:
    case Way::Time:
    case Way::Timestamp:
        return convertTime(row, textOf(scalar));
    default:
        at<std::uint8_t>(row) = scalar.kind == JsonScalarKind::True || equalsTrue(trimmed(textOf(scalar))) ? 1 : 0;
        return true;
    }
}

bool ScalarTarget::convertInteger(std::size_t row, const JsonScalar& scalar)
{
    const auto value =
        scalar.kind == JsonScalarKind::Number ? integerOfNumber(scalar.text) : parseInteger(trimmed(textOf(scalar)));
    if (!value || *value < m_least || *value > m_most)
        return false;
    at<std::int64_t>(row) = *value;
    return true;
}

bool ScalarTarget::convertApproximate(std::size_t row, const JsonScalar& scalar)
{
    const auto value = scalar.kind == JsonScalarKind::Number ? std::optional(doubleOfNumber(scalar.text))
                                                             : parseJavaDouble(textOf(scalar));
    if (!value)
        return false;
    if (m_column->type().kind == TypeKind::Float)
        at<float>(row) = static_cast<float>(*value);
    else
        at<double>(row) = *value;
    return true;
}

/// A number whose digits need not be rounded and fit into 64 bits at the scale of the type.
bool ScalarTarget::convertPlainDecimal(std::size_t row, const JsonScalar& scalar)
{
    constexpr int mostDigits = 18;
    const LogicalType& type = m_column->type();
    const int zeros = type.scale - scalar.fraction;
    if (!scalar.isPlain || zeros < 0 || type.precision > mostDigits)
        return false;
    const std::int64_t factor = tenTo(zeros);
    const std::int64_t limit = tenTo(type.precision) / factor;
    if (scalar.integer >= limit || scalar.integer <= -limit)
        return false;
    at<Int128>(row) = scalar.integer * factor;
    return true;
}

bool ScalarTarget::convertDecimal(std::size_t row, const JsonScalar& scalar)
{
    if (convertPlainDecimal(row, scalar))
        return true;
    const LogicalType& type = m_column->type();
    const DecimalParse parsed = parseDecimal(trimmed(textOf(scalar)), type.precision, type.scale);
    if (!parsed.valid)
        return false;
    if (parsed.unscaled)
        at<Int128>(row) = *parsed.unscaled;
    else
        m_column->setNull(row);
    return true;
}

bool ScalarTarget::convertBytes(std::size_t row, std::string_view text)
{
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    if (text.size() % 4 == 1)
        return false;
    char* bytes = m_column->ownHeap().allocate(text.size() * 3 / 4 + 1);
    std::size_t count = 0;
    std::uint32_t bits = 0;
    int pending = 0;
    for (const char c : text) {
        const int digit = base64Digit(c);
        if (digit < 0)
            return false;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        pending += 6;
        if (pending >= 8) {
            pending -= 8;
            bytes[count++] = static_cast<char>(bits >> pending & 0xff);
        }
    }
    at<std::string_view>(row) = {bytes, count};
    return true;
}

bool ScalarTarget::convertTime(std::size_t row, std::string_view text)
{
    if (m_way == Way::Timestamp) {
        const auto value = m_timestamps.read(text);
        if (value)
            at<Timestamp>(row) = *value;
        return value.has_value();
    }
    const auto value = m_way == Way::Date ? parseDate(text) : parseTime(text);
    if (value)
        at<std::int64_t>(row) = *value;
    return value.has_value();
}

} // namespace weir
