// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/json_writer.h"

#include "app/engine/event/decimal_text.h"
#include "app/engine/event/packed_value.h"
#include "app/engine/event/value_text.h"
#include "connectors/record/text_encoding.h"

#include <cmath>
#include <utility>

namespace weir {

namespace {

/// One value and what is nested in it, in one style.
class JsonWriter
{
public:
    JsonWriter(std::string& out, const JsonStyle& style) : m_out(out), m_style(style) { }

    bool value(const Column& column, std::size_t row);
    bool object(const std::vector<JsonMember>& members, std::size_t row);

private:
    void name(std::string_view text);
    bool nested(const Column& column, std::size_t row);
    bool elements(const PackedView& list, const LogicalType& type);
    bool pairs(const PackedView& list, const LogicalType& type);
    void quoted(const Column& column, std::size_t row);
    void time(const Column& column, std::size_t row);
    void decimal(const Column& column, std::size_t row);

    std::string& m_out;
    const JsonStyle& m_style;
};

bool isFinite(const Column& column, std::size_t row)
{
    return column.type().kind == TypeKind::Float ? std::isfinite(column.values<float>()[row])
                                                 : std::isfinite(column.values<double>()[row]);
}

/// Java's BigDecimal without zeros behind: "12.5", "1E+2", "2.7E-8".
std::string shortDecimal(Int128 unscaled, int scale, bool plain)
{
    while (unscaled != 0 && unscaled % 10 == 0 && (scale > 0 || !plain)) {
        unscaled /= 10;
        --scale;
    }
    if (unscaled == 0)
        return "0";
    std::string digits;
    appendDecimal(digits, unscaled < 0 ? -unscaled : unscaled, 0);
    const int exponent = static_cast<int>(digits.size()) - 1 - scale;
    std::string text;
    if (scale >= 0 && (plain || exponent >= -6)) {
        appendDecimal(text, unscaled, scale);
        return text;
    }
    text = unscaled < 0 ? "-" : "";
    text += digits[0];
    if (digits.size() > 1)
        text += "." + digits.substr(1);
    return text + (exponent < 0 ? "E" : "E+") + std::to_string(exponent);
}

/// Takes zeros at the end of a fraction away, and its dot.
void cutZeros(std::string& text, std::size_t begin)
{
    if (text.find('.', begin) == std::string::npos)
        return;
    while (text.back() == '0')
        text.pop_back();
    if (text.back() == '.')
        text.pop_back();
}

bool JsonWriter::value(const Column& column, std::size_t row)
{
    const LogicalType& type = column.type();
    if (column.isNull(row) || type.kind == TypeKind::Null) {
        m_out += "null";
        return true;
    }
    if (type.isNested())
        return nested(column, row);
    switch (type.kind) {
    case TypeKind::Char:
    case TypeKind::Varchar:
        appendJsonString(m_out, column.values<std::string_view>()[row]);
        break;
    case TypeKind::Decimal:
        decimal(column, row);
        break;
    case TypeKind::Time:
    case TypeKind::Timestamp:
    case TypeKind::TimestampLtz:
        time(column, row);
        break;
    case TypeKind::Date:
    case TypeKind::Binary:
    case TypeKind::Varbinary:
        quoted(column, row);
        break;
    case TypeKind::Float:
    case TypeKind::Double:
        if (!isFinite(column, row)) {
            quoted(column, row);
            break;
        }
        [[fallthrough]];
    default:
        appendScalar(m_out, column, row);
    }
    return true;
}

void JsonWriter::quoted(const Column& column, std::size_t row)
{
    m_out.push_back('"');
    appendScalar(m_out, column, row);
    m_out.push_back('"');
}

void JsonWriter::time(const Column& column, std::size_t row)
{
    const std::size_t begin = m_out.size();
    quoted(column, row);
    const LogicalType& type = column.type();
    if (type.isTimestamp() && m_style.timestamps == TimestampStandard::Iso8601)
        m_out[m_out.find(' ', begin)] = 'T';
    if (m_style.allDigits)
        return;
    const std::string_view end = type.kind == TypeKind::TimestampLtz ? "Z\"" : "\"";
    m_out.resize(m_out.size() - end.size());
    cutZeros(m_out, begin);
    m_out += end;
}

void JsonWriter::decimal(const Column& column, std::size_t row)
{
    if (m_style.decimalsAsText)
        quoted(column, row);
    else
        m_out += shortDecimal(column.values<Int128>()[row], column.type().scale, m_style.plainDecimals);
}

bool JsonWriter::nested(const Column& column, std::size_t row)
{
    const LogicalType& type = column.type();
    const PackedView list(column.values<std::string_view>()[row]);
    m_out.push_back(type.kind == TypeKind::Array ? '[' : '{');
    const bool written = type.isKeyed() ? pairs(list, type) : elements(list, type);
    m_out.push_back(type.kind == TypeKind::Array ? ']' : '}');
    return written;
}

/// Of an ARRAY, or of a ROW with its field names.
bool JsonWriter::elements(const PackedView& list, const LogicalType& type)
{
    bool first = true;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const bool isField = type.kind == TypeKind::Row;
        if (isField && !m_style.nullFields && list.isNull(i))
            continue;
        if (!std::exchange(first, false))
            m_out.push_back(',');
        if (isField)
            name((*type.children)[i].name);
        if (!value(elementColumn(list, i, elementType(type, i)), 0))
            return false;
    }
    return true;
}

void JsonWriter::name(std::string_view text)
{
    appendJsonString(m_out, text);
    m_out.push_back(':');
}

bool JsonWriter::object(const std::vector<JsonMember>& members, std::size_t row)
{
    m_out.push_back('{');
    bool first = true;
    for (const JsonMember& member : members) {
        if (!m_style.nullFields && member.column->isNull(row))
            continue;
        if (!std::exchange(first, false))
            m_out.push_back(',');
        name(member.name);
        if (!value(*member.column, row))
            return false;
    }
    m_out.push_back('}');
    return true;
}

/// Of a MAP or MULTISET. A key of a JSON object is a text, whatever it was.
bool JsonWriter::pairs(const PackedView& list, const LogicalType& type)
{
    bool first = true;
    for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
        const bool noKey = list.isNull(i);
        if (noKey && m_style.nullKey == NullKey::Fail)
            return false;
        if (noKey && m_style.nullKey == NullKey::Drop)
            continue;
        if (!std::exchange(first, false))
            m_out.push_back(',');
        std::string key;
        if (noKey)
            key = m_style.nullKeyName;
        else if (!JsonWriter(key, m_style).value(elementColumn(list, i, elementType(type, i)), 0))
            return false;
        if (key.front() == '"' && !noKey)
            m_out += key;
        else
            appendJsonString(m_out, key);
        m_out.push_back(':');
        if (!value(elementColumn(list, i + 1, elementType(type, i + 1)), 0))
            return false;
    }
    return true;
}

} // namespace

bool appendJsonValue(std::string& out, const Column& column, std::size_t row, const JsonStyle& style)
{
    return JsonWriter(out, style).value(column, row);
}

bool appendJsonObject(std::string& out, const std::vector<JsonMember>& members, std::size_t row, const JsonStyle& style)
{
    return JsonWriter(out, style).object(members, row);
}

} // namespace weir
