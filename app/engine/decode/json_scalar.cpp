// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_scalar.h"

#include "app/engine/decode/json_number.h"
#include "app/engine/event/decimal_text.h"

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

bool fitsInteger(TypeKind kind, std::int64_t value)
{
    switch (kind) {
    case TypeKind::TinyInt:
        return value >= -128 && value <= 127;
    case TypeKind::SmallInt:
        return value >= -32768 && value <= 32767;
    case TypeKind::Int:
        return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
    default:
        return true;
    }
}

bool storeInteger(Column& column, std::size_t row, const JsonScalar& scalar)
{
    const auto value =
        scalar.kind == JsonScalarKind::Number ? integerOfNumber(scalar.text) : parseInteger(trimmed(textOf(scalar)));
    if (!value || !fitsInteger(column.type().kind, *value))
        return false;
    column.values<std::int64_t>()[row] = *value;
    return true;
}

bool storeDouble(Column& column, std::size_t row, const JsonScalar& scalar)
{
    const auto value = scalar.kind == JsonScalarKind::Number ? std::optional(doubleOfNumber(scalar.text))
                                                             : parseJavaDouble(textOf(scalar));
    if (!value)
        return false;
    if (column.type().kind == TypeKind::Float)
        column.values<float>()[row] = static_cast<float>(*value);
    else
        column.values<double>()[row] = *value;
    return true;
}

bool storeDecimal(Column& column, std::size_t row, const JsonScalar& scalar)
{
    const LogicalType& type = column.type();
    const DecimalParse parsed = parseDecimal(trimmed(textOf(scalar)), type.precision, type.scale);
    if (!parsed.valid)
        return false;
    if (parsed.unscaled)
        column.values<Int128>()[row] = *parsed.unscaled;
    else
        column.setNull(row);
    return true;
}

bool equalsTrue(std::string_view text)
{
    return text.size() == 4 && (text[0] | 0x20) == 't' && (text[1] | 0x20) == 'r' && (text[2] | 0x20) == 'u'
        && (text[3] | 0x20) == 'e';
}

bool storeTime(Column& column, std::size_t row, std::string_view text, TimestampStandard standard)
{
    const TypeKind kind = column.type().kind;
    if (kind == TypeKind::Date || kind == TypeKind::Time) {
        const auto value = kind == TypeKind::Date ? parseDate(text) : parseTime(text);
        if (value)
            column.values<std::int64_t>()[row] = *value;
        return value.has_value();
    }
    const auto value =
        kind == TypeKind::TimestampLtz ? parseTimestampLtz(text, standard) : parseTimestamp(text, standard);
    if (value)
        column.values<Timestamp>()[row] = *value;
    return value.has_value();
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

bool storeBytes(Column& column, std::size_t row, std::string_view text)
{
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    if (text.size() % 4 == 1)
        return false;
    char* bytes = column.ownHeap().allocate(text.size() * 3 / 4 + 1);
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
    column.values<std::string_view>()[row] = {bytes, count};
    return true;
}

} // namespace

bool storeScalar(Column& column, std::size_t row, const JsonScalar& scalar, TimestampStandard standard)
{
    const LogicalType& type = column.type();
    if (type.isString()) {
        column.values<std::string_view>()[row] = textOf(scalar);
        return true;
    }
    if (scalar.kind == JsonScalarKind::Container)
        return false;
    if (type.isInteger())
        return storeInteger(column, row, scalar);
    if (type.isApproximate())
        return storeDouble(column, row, scalar);
    if (type.kind == TypeKind::Decimal)
        return storeDecimal(column, row, scalar);
    if (type.kind == TypeKind::Boolean) {
        column.values<std::uint8_t>()[row] =
            scalar.kind == JsonScalarKind::True || equalsTrue(trimmed(textOf(scalar))) ? 1 : 0;
        return true;
    }
    if (type.isBytes())
        return storeBytes(column, row, textOf(scalar));
    return storeTime(column, row, textOf(scalar), standard);
}

} // namespace weir
