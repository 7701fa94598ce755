// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/value_text.h"

#include "app/engine/event/decimal_text.h"
#include "app/engine/event/timestamp_text.h"
#include "connectors/record/text_encoding.h"

#include <charconv>
#include <cmath>

namespace weir {

namespace {

template <typename T>
void appendReal(std::string& out, T value)
{
    if (!std::isfinite(value)) {
        out += std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        return;
    }
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value);
    out.append(text, end);
    // 5 and 5.0 read back alike, but a reader should see that the column is not an integer.
    if (std::string_view(text, static_cast<std::size_t>(end - text)).find_first_of(".e") == std::string_view::npos)
        out += ".0";
}

void appendInteger(std::string& out, const LogicalType& type, std::int64_t value)
{
    if (type.kind == TypeKind::Date)
        appendDate(out, value);
    else if (type.kind == TypeKind::Time)
        appendTime(out, value, type.precision);
    else
        out += std::to_string(value);
}

} // namespace

void appendScalar(std::string& out, const Column& column, std::size_t row)
{
    const LogicalType& type = column.type();
    switch (physicalTypeOf(type)) {
    case PhysicalType::Bool:
        out += column.values<std::uint8_t>()[row] != 0 ? "true" : "false";
        break;
    case PhysicalType::Int64:
        appendInteger(out, type, column.values<std::int64_t>()[row]);
        break;
    case PhysicalType::Float32:
        appendReal(out, column.values<float>()[row]);
        break;
    case PhysicalType::Float64:
        appendReal(out, column.values<double>()[row]);
        break;
    case PhysicalType::Int128:
        appendDecimal(out, column.values<Int128>()[row], type.scale);
        break;
    case PhysicalType::Timestamp:
        appendTimestamp(out, column.values<Timestamp>()[row], type.precision);
        if (type.kind == TypeKind::TimestampLtz)
            out.push_back('Z');
        break;
    case PhysicalType::String:
        if (type.isBytes())
            appendBase64(out, column.values<std::string_view>()[row]);
        else
            out += column.values<std::string_view>()[row];
        break;
    }
}

void appendNumber(std::string& out, double value)
{
    appendReal(out, value);
}

void appendNumber(std::string& out, float value)
{
    appendReal(out, value);
}

} // namespace weir
