// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/row_text.h"

#include "app/engine/event/decimal_text.h"
#include "app/engine/event/packed_value.h"
#include "app/engine/event/timestamp_text.h"

#include <charconv>
#include <cmath>

namespace weir {

namespace {

template <typename T>
void appendShortest(std::string& out, T value)
{
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value);
    out.append(text, end);
    // 5 and 5.0 read back alike, but a reader should see that the column is not an integer.
    if (std::isfinite(value)
        && std::string_view(text, static_cast<std::size_t>(end - text)).find_first_of(".e") == std::string_view::npos)
        out += ".0";
}

template <typename T>
void appendFloat(std::string& out, T value, bool quoted)
{
    if (std::isfinite(value)) {
        appendShortest(out, value);
        return;
    }
    const char* name = std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    out += quoted ? "\"" + std::string(name) + "\"" : name;
}

/// Types whose JSON form is a string of the same text that the eye sees.
bool isQuoted(const LogicalType& type)
{
    switch (type.kind) {
    case TypeKind::Decimal:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::Timestamp:
    case TypeKind::TimestampLtz:
        return true;
    default:
        return false;
    }
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

void appendJsonValue(std::string& out, const Column& column, std::size_t row);

/// A key of a JSON object is a text, whatever it was.
void appendJsonKey(std::string& out, const Column& key)
{
    std::string text;
    appendJsonValue(text, key, 0);
    if (text.front() == '"')
        out += text;
    else
        appendJsonString(out, text);
}

/// ROW with its field names, MAP and MULTISET as objects, ARRAY as array.
void appendJsonNested(std::string& out, const Column& column, std::size_t row)
{
    const LogicalType& type = column.type();
    const PackedView list(column.values<std::string_view>()[row]);
    const bool pairs = type.isKeyed();
    out.push_back(type.kind == TypeKind::Array ? '[' : '{');
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Column element = elementColumn(list, i, elementType(type, i));
        if (i > 0 && !(pairs && i % 2 == 1))
            out.push_back(',');
        if (type.kind == TypeKind::Row) {
            appendJsonString(out, (*type.children)[i].name);
            out.push_back(':');
        }
        if (pairs && i % 2 == 0) {
            appendJsonKey(out, element);
            out.push_back(':');
        } else {
            appendJsonValue(out, element, 0);
        }
    }
    out.push_back(type.kind == TypeKind::Array ? ']' : '}');
}

/// The value for the eye, without quotes.
void appendPlain(std::string& out, const Column& column, std::size_t row)
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
        appendFloat(out, column.values<float>()[row], false);
        break;
    case PhysicalType::Float64:
        appendFloat(out, column.values<double>()[row], false);
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
        if (type.isNested())
            appendJsonNested(out, column, row);
        else if (type.isBytes())
            appendBase64(out, column.values<std::string_view>()[row]);
        else
            out += column.values<std::string_view>()[row];
        break;
    }
}

void appendJsonValue(std::string& out, const Column& column, std::size_t row)
{
    const LogicalType& type = column.type();
    if (column.isNull(row) || type.kind == TypeKind::Null) {
        out += "null";
    } else if (type.isString()) {
        appendJsonString(out, column.values<std::string_view>()[row]);
    } else if (type.kind == TypeKind::Double) {
        appendFloat(out, column.values<double>()[row], true);
    } else if (type.kind == TypeKind::Float) {
        appendFloat(out, column.values<float>()[row], true);
    } else if (isQuoted(type) || type.isBytes()) {
        out.push_back('"');
        appendPlain(out, column, row);
        out.push_back('"');
    } else {
        appendPlain(out, column, row);
    }
}

const char* nameOf(RowKind kind)
{
    switch (kind) {
    case RowKind::UpdateBefore:
        return "UPDATE_BEFORE";
    case RowKind::UpdateAfter:
        return "UPDATE_AFTER";
    case RowKind::Delete:
        return "DELETE";
    case RowKind::Insert:
        break;
    }
    return "INSERT";
}

const char* signOf(RowKind kind)
{
    switch (kind) {
    case RowKind::UpdateBefore:
        return "-U";
    case RowKind::UpdateAfter:
        return "+U";
    case RowKind::Delete:
        return "-D";
    case RowKind::Insert:
        break;
    }
    return "+I";
}

void appendPrintValue(std::string& out, const Column& column, std::size_t row);

/// +I[a, b] for a ROW, [a, b] for an ARRAY, {k=v} for a MAP.
void appendPrintNested(std::string& out, const Column& column, std::size_t row)
{
    const LogicalType& type = column.type();
    const PackedView list(column.values<std::string_view>()[row]);
    const bool pairs = type.isKeyed();
    out += type.kind == TypeKind::Row ? "+I[" : pairs ? "{" : "[";
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0)
            out += pairs && i % 2 == 1 ? "=" : ", ";
        appendPrintValue(out, elementColumn(list, i, elementType(type, i)), 0);
    }
    out.push_back(pairs ? '}' : ']');
}

void appendPrintValue(std::string& out, const Column& column, std::size_t row)
{
    if (column.isNull(row))
        out += "null";
    else if (column.type().isNested())
        appendPrintNested(out, column, row);
    else
        appendPlain(out, column, row);
}

RowKind kindOf(const ResultBatch& batch, std::size_t row)
{
    return batch.kinds.empty() ? RowKind::Insert : batch.kinds[row];
}

} // namespace

void appendJsonRow(std::string& out, const ResultBatch& batch, std::size_t row)
{
    out.push_back('{');
    if (const RowKind kind = kindOf(batch, row); kind != RowKind::Insert) {
        out += "\"$op\":\"";
        out += nameOf(kind);
        out += batch.columns.empty() ? "\"" : "\",";
    }
    for (std::size_t c = 0; c < batch.columns.size(); ++c) {
        if (c > 0)
            out.push_back(',');
        appendJsonString(out, batch.schema[c].name);
        out.push_back(':');
        appendJsonValue(out, batch.columns[c], row);
    }
    out.push_back('}');
}

void appendPrintRow(std::string& out, const ResultBatch& batch, std::size_t row)
{
    out += signOf(kindOf(batch, row));
    out.push_back('[');
    for (std::size_t c = 0; c < batch.columns.size(); ++c) {
        if (c > 0)
            out += ", ";
        appendPrintValue(out, batch.columns[c], row);
    }
    out.push_back(']');
}

std::string cellText(const Column& column, std::size_t row)
{
    std::string text;
    if (!column.isNull(row))
        appendPlain(text, column, row);
    return text;
}

void appendJsonString(std::string& out, std::string_view text)
{
    static constexpr char hex[] = "0123456789abcdef";
    out.push_back('"');
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else if (byte < 0x20) {
            out += "\\u00";
            out.push_back(hex[byte >> 4]);
            out.push_back(hex[byte & 15]);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

void appendBase64(std::string& out, std::string_view bytes)
{
    static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t b = 0; b < 3; ++b)
            group = group << 8 | (b < count ? static_cast<unsigned char>(bytes[i + b]) : 0U);
        for (std::size_t d = 0; d < 4; ++d)
            out.push_back(d <= count ? alphabet[group >> (18 - 6 * d) & 63] : '=');
    }
}

void appendNumber(std::string& out, double value)
{
    appendFloat(out, value, false);
}

void appendNumber(std::string& out, float value)
{
    appendFloat(out, value, false);
}

} // namespace weir
