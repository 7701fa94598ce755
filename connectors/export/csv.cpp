// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/csv.h"

#include "connectors/export/scalar_text.h"
#include "connectors/record/text_encoding.h"

#include <algorithm>
#include <charconv>

namespace weir::exporter {

namespace {

bool isNumber(std::string_view text)
{
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool hasDigit = text.find_first_of("0123456789") != std::string_view::npos; // "-inf" is none
    return hasDigit && error != std::errc::invalid_argument && end == text.data() + text.size();
}

bool isFormula(std::string_view text)
{
    return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos
        && !isNumber(text);
}

bool isSpecial(char c)
{
    return c == ',' || c == '"' || c == '\n' || c == '\r';
}

/// JSON tells in its first bytes that it does.
bool needsQuotes(std::string_view text)
{
    if (text.empty() || text.front() == ' ' || text.back() == ' ')
        return true;
    std::size_t at = 0;
    for (; text.size() - at >= sizeof(ByteBlock); at += sizeof(ByteBlock)) {
        const ByteBlock block = blockAt(text.data() + at);
        if (firstSet((block == ',') | (block == '"') | (block == '\n') | (block == '\r')) < sizeof block)
            return true;
    }
    return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), isSpecial);
}

/// Copies `text` and doubles its quotes; returns where it ended. There is room for two bytes of each, and a block more.
char* copyDoubled(char* out, std::string_view text)
{
    std::size_t at = 0;
    while (text.size() - at >= sizeof(ByteBlock)) {
        const ByteBlock block = blockAt(text.data() + at);
        std::memcpy(out, &block, sizeof block);
        const std::size_t quote = firstSet(block == '"');
        const std::size_t taken = std::min(quote + 1, sizeof block);
        at += taken;
        out += taken;
        if (quote < sizeof block)
            *out++ = '"';
    }
    for (; at < text.size(); ++at) {
        *out++ = text[at];
        if (text[at] == '"')
            *out++ = '"';
    }
    return out;
}

void appendQuoted(std::string& out, std::string_view text)
{
    const std::size_t begin = out.size();
    out.resize(begin + 2 * text.size() + sizeof(ByteBlock) + 2);
    char* const first = out.data() + begin;
    *first = '"';
    char* const last = copyDoubled(first + 1, text);
    *last = '"';
    out.resize(static_cast<std::size_t>(last + 1 - out.data()));
}

} // namespace

Csv::Csv(std::vector<ColumnInfo> columns, Formulas formulas) : m_columns(std::move(columns)), m_formulas(formulas) { }

void Csv::appendText(std::string& out, std::string_view text, FormatCounts& counts) const
{
    if (m_formulas == Formulas::Defuse && isFormula(text)) {
        ++counts.defused;
        appendQuoted(out, "'" + std::string(text));
    } else if (needsQuotes(text)) {
        appendQuoted(out, text);
    } else {
        out += text;
    }
}

std::string Csv::head() const
{
    std::string line;
    FormatCounts none;
    for (const ColumnInfo& column : m_columns) {
        line += line.empty() ? "" : ",";
        appendText(line, column.name, none);
        if (column.kind == ColumnKind::Payload) {
            line += ',';
            appendText(line, column.name + "_encoding", none);
        }
    }
    return line + '\n';
}

void Csv::appendCell(
    std::string& out, std::size_t column, const ColumnView& view, std::size_t row, FormatCounts& counts) const
{
    const ColumnInfo& info = m_columns[column];
    const bool isPayload = info.kind == ColumnKind::Payload;
    if (view.isNull(row)) {
        out += isPayload ? "," : "";
        return;
    }
    switch (info.kind) {
    case ColumnKind::Boolean:
    case ColumnKind::Integer:
    case ColumnKind::Real:
    case ColumnKind::Date:
    case ColumnKind::Time:
    case ColumnKind::Timestamp:
        appendScalar(out, info, view, row);
        return;
    case ColumnKind::Decimal:
    case ColumnKind::Text:
    case ColumnKind::Json:
        appendText(out, view.at<std::string_view>(row), counts);
        return;
    case ColumnKind::Bytes:
    case ColumnKind::Payload:
        break;
    }
    const Payload payload = isPayload ? view.at<Payload>(row) : Payload{view.at<std::string_view>(row)};
    std::string text;
    if (payload.form == PayloadForm::Bytes) {
        counts.encoded += isPayload ? 1 : 0;
        appendBase64(text, payload.bytes);
    }
    appendText(out, payload.form == PayloadForm::Bytes ? text : payload.bytes, counts);
    if (isPayload)
        out += payload.form == PayloadForm::Bytes ? ",base64" : ",";
}

Result<void> Csv::append(const RowBlock& block, std::string& out, FormatCounts& counts) const
{
    for (const std::uint32_t row : block.rows) {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            if (i > 0)
                out.push_back(',');
            appendCell(out, i, block.columns[i], row, counts);
        }
        out.push_back('\n');
    }
    counts.rows += block.rows.size();
    return {};
}

} // namespace weir::exporter
