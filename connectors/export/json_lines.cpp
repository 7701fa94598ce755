// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/json_lines.h"

#include "connectors/export/scalar_text.h"
#include "connectors/record/text_encoding.h"

#include <algorithm>
#include <cmath>

namespace weir::exporter {

namespace {

void appendBytes(std::string& out, std::string_view bytes)
{
    out += "{\"base64\":\"";
    appendBase64(out, bytes);
    out += "\"}";
}

void appendCell(
    std::string& out, const ColumnInfo& info, const ColumnView& column, std::size_t row, FormatCounts& counts)
{
    switch (info.kind) {
    case ColumnKind::Payload: {
        const auto& payload = column.at<Payload>(row);
        counts.encoded += payload.form == PayloadForm::Bytes ? 1 : 0;
        appendJsonPayload(out, payload);
        break;
    }
    case ColumnKind::Text:
        appendJsonString(out, column.at<std::string_view>(row));
        break;
    case ColumnKind::Json:
    case ColumnKind::Decimal:
        out += column.at<std::string_view>(row);
        break;
    case ColumnKind::Bytes:
        appendBytes(out, column.at<std::string_view>(row));
        break;
    case ColumnKind::Real: {
        const bool isNumber = std::isfinite(column.at<double>(row));
        out += isNumber ? "" : "\"";
        appendScalar(out, info, column, row);
        out += isNumber ? "" : "\"";
        break;
    }
    default:
        appendScalar(out, info, column, row);
    }
}

} // namespace

void appendJsonPayload(std::string& out, const Payload& payload)
{
    if (payload.form == PayloadForm::Bytes) {
        appendBytes(out, payload.bytes);
    } else if (payload.form == PayloadForm::Text) {
        appendJsonString(out, payload.bytes);
    } else {
        // A line break in valid JSON stands between tokens: a blank does the same and keeps the line one.
        const std::size_t begin = out.size();
        out += payload.bytes;
        if (payload.bytes.find('\n') != std::string_view::npos || payload.bytes.find('\r') != std::string_view::npos)
            std::replace_if(
                out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                [](char c) { return c == '\n' || c == '\r'; }, ' ');
    }
}

JsonLines::JsonLines(std::vector<ColumnInfo> columns) : m_columns(std::move(columns))
{
    for (const ColumnInfo& column : m_columns) {
        appendJsonString(m_names.emplace_back(","), column.name);
        m_names.back() += ':';
    }
}

void JsonLines::appendRow(const RowBlock& block, std::size_t row, std::string& out, FormatCounts& counts) const
{
    const std::size_t begin = out.size();
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const bool isNull = block.columns[i].isNull(row);
        if (isNull && m_columns[i].isRare)
            continue;
        out += m_names[i];
        if (isNull)
            out += "null";
        else
            appendCell(out, m_columns[i], block.columns[i], row, counts);
    }
    if (out.size() == begin)
        out.push_back('{');
    out[begin] = '{'; // instead of the comma before the first name
    out += "}\n";
}

Result<void> JsonLines::append(const RowBlock& block, std::string& out, FormatCounts& counts) const
{
    for (const std::uint32_t row : block.rows)
        appendRow(block, row, out, counts);
    counts.rows += block.rows.size();
    return {};
}

} // namespace weir::exporter
