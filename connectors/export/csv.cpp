// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/csv.h"

#include "connectors/export/scalar_text.h"
#include "connectors/record/text_encoding.h"

#include <charconv>

namespace weir::exporter {

namespace {

bool isNumber(std::string_view text)
{
    if (text.starts_with('+'))
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

bool has(std::string_view text, char c)
{
    return text.find(c) != std::string_view::npos;
}

bool needsQuotes(std::string_view text)
{
    return text.empty() || text.front() == ' ' || text.back() == ' ' || has(text, ',') || has(text, '"')
        || has(text, '\n') || has(text, '\r');
}

void appendQuoted(std::string& out, std::string_view text)
{
    out.push_back('"');
    for (std::size_t quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"')) {
        out.append(text, 0, quote + 1);
        out.push_back('"');
        text.remove_prefix(quote + 1);
    }
    out += text;
    out.push_back('"');
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
