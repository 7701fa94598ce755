// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/record_parts.h"

#include "app/engine/pipeline/json_check.h"
#include "connectors/export/json_lines.h"
#include "connectors/record/text_encoding.h"

namespace weir {

using exporter::ColumnView;
using exporter::Payload;
using exporter::PayloadForm;

namespace {

void appendHeaders(std::string& out, const RecordBatch& batch, std::size_t row)
{
    const auto append = [&out](std::string_view bytes) {
        exporter::appendJsonPayload(out, {bytes, formOf(bytes, PayloadForm::Text)});
    };
    out.push_back('[');
    for (std::size_t h = 0; h < batch.headerCount(row); ++h) {
        const Header header = batch.header(row, h);
        out += h == 0 ? "[" : ",[";
        append(header.name);
        out.push_back(',');
        if (header.value)
            append(*header.value);
        else
            out += "null";
        out.push_back(']');
    }
    out.push_back(']');
}

} // namespace

PayloadForm formOf(std::string_view bytes, PayloadForm finest)
{
    if (finest == PayloadForm::Bytes || !isUtf8(bytes))
        return PayloadForm::Bytes;
    return finest == PayloadForm::Json && isJsonContainer(bytes) ? PayloadForm::Json : PayloadForm::Text;
}

ColumnView RecordPartColumn::make(const RecordBatch& batch, std::span<const std::uint32_t> rows)
{
    switch (m_part) {
    case ExportedPart::Partition:
    case ExportedPart::Offset:
    case ExportedPart::Timestamp:
        return numbers(batch, rows);
    case ExportedPart::Topic:
    case ExportedPart::TimestampType:
        return texts(batch, rows);
    case ExportedPart::Headers:
        return headers(batch, rows);
    case ExportedPart::Key:
    case ExportedPart::Value:
        break;
    }
    return payloads(batch, rows);
}

ColumnView RecordPartColumn::numbers(const RecordBatch& batch, std::span<const std::uint32_t> rows)
{
    m_numbers.resize(batch.size());
    if (m_part != ExportedPart::Timestamp) {
        for (const std::uint32_t row : rows)
            m_numbers[row] = m_part == ExportedPart::Offset ? batch.offset(row) : batch.partition().value;
        return {std::span<const std::int64_t>(m_numbers), {}};
    }
    m_valid.reset(batch.size());
    for (const std::uint32_t row : rows) {
        m_numbers[row] = batch.timestamp(row);
        if (batch.timestampType(row) == TimestampType::NotAvailable)
            m_valid.setNull(row);
    }
    return {std::span<const std::int64_t>(m_numbers), m_valid.words()};
}

ColumnView RecordPartColumn::texts(const RecordBatch& batch, std::span<const std::uint32_t> rows)
{
    m_texts.resize(batch.size());
    m_valid.reset(batch.size());
    for (const std::uint32_t row : rows) {
        if (m_part == ExportedPart::Topic)
            m_texts[row] = batch.topic();
        else if (batch.timestampType(row) == TimestampType::NotAvailable)
            m_valid.setNull(row);
        else
            m_texts[row] = batch.timestampType(row) == TimestampType::CreateTime ? "CreateTime" : "LogAppendTime";
    }
    return {std::span<const std::string_view>(m_texts), m_valid.words()};
}

ColumnView RecordPartColumn::headers(const RecordBatch& batch, std::span<const std::uint32_t> rows)
{
    m_headers.clear();
    for (const std::uint32_t row : rows) {
        appendHeaders(m_headers.bytes(), batch, row);
        m_headers.end();
    }
    return {m_headers.views(batch.size(), rows), {}};
}

ColumnView RecordPartColumn::payloads(const RecordBatch& batch, std::span<const std::uint32_t> rows)
{
    // A key that looks like JSON is still a text: it is compared and hashed by its bytes.
    const PayloadForm finest =
        m_part == ExportedPart::Key ? std::min(m_needs.finest, PayloadForm::Text) : m_needs.finest;
    m_payloads.resize(batch.size());
    m_valid.reset(batch.size());
    for (const std::uint32_t row : rows) {
        const auto bytes = m_part == ExportedPart::Key ? batch.key(row) : batch.value(row);
        if (bytes)
            m_payloads[row] = {*bytes, formOf(*bytes, finest)};
        else
            m_valid.setNull(row);
    }
    return {std::span<const Payload>(m_payloads), m_valid.words()};
}

} // namespace weir
