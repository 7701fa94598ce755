// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/avro_container.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <random>

namespace weir::exporter {

namespace {

using Json = nlohmann::ordered_json;
__extension__ using Wide = __int128;

void appendLong(std::string& out, std::int64_t value)
{
    auto bits = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
    for (; bits >= 0x80; bits >>= 7)
        out.push_back(static_cast<char>(bits | 0x80));
    out.push_back(static_cast<char>(bits));
}

void appendBytes(std::string& out, std::string_view bytes)
{
    appendLong(out, static_cast<std::int64_t>(bytes.size()));
    out += bytes;
}

void appendDouble(std::string& out, double value)
{
    auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i, bits >>= 8)
        out.push_back(static_cast<char>(bits));
}

/// The unscaled value, big-endian two's complement, as few bytes as it needs. `text` is "-12.50".
void appendDecimal(std::string& out, std::string_view text)
{
    Wide unscaled = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            unscaled = unscaled * 10 + (c - '0');
    }
    if (text.starts_with('-'))
        unscaled = -unscaled;
    std::string bytes;
    for (Wide rest = unscaled;; rest >>= 8) {
        bytes.push_back(static_cast<char>(rest));
        const bool negative = (static_cast<unsigned char>(bytes.back()) & 0x80) != 0;
        if ((rest >> 8) == (negative ? -1 : 0))
            break;
    }
    std::reverse(bytes.begin(), bytes.end());
    appendBytes(out, bytes);
}

Json typeOf(const ColumnInfo& column)
{
    const std::string local = column.isInstant ? "" : "local-";
    switch (column.kind) {
    case ColumnKind::Boolean:
        return "boolean";
    case ColumnKind::Integer:
        return "long";
    case ColumnKind::Real:
        return "double";
    case ColumnKind::Decimal:
        return {
            {"type", "bytes"}, {"logicalType", "decimal"}, {"precision", column.precision}, {"scale", column.scale}};
    case ColumnKind::Text:
    case ColumnKind::Json:
        return "string";
    case ColumnKind::Date:
        return {{"type", "int"}, {"logicalType", "date"}};
    case ColumnKind::Time:
        return {{"type", "int"}, {"logicalType", "time-millis"}};
    case ColumnKind::Timestamp:
        return {{"type", "long"},
            {"logicalType", local + (column.precision <= 3 ? "timestamp-millis" : "timestamp-micros")}};
    case ColumnKind::Bytes:
    case ColumnKind::Payload:
        break;
    }
    return "bytes";
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Letters, digits and underscores, no digit first.
std::string avroName(const std::string& name)
{
    std::string allowed;
    for (const char c : name)
        allowed.push_back(isLetter(c) || (c >= '0' && c <= '9') ? c : '_');
    return allowed.empty() || !isLetter(allowed.front()) ? "_" + allowed : allowed;
}

std::string schemaOf(const std::vector<ColumnInfo>& columns, const std::string& record)
{
    std::vector<std::string> names;
    for (const ColumnInfo& column : columns)
        names.push_back(avroName(column.name));
    names = distinctNames(names, NameCase::Matters);
    Json fields = Json::array();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        Json field{{"name", names[i]}};
        if (names[i] != columns[i].name)
            field["doc"] = columns[i].name;
        field["type"] = typeOf(columns[i]);
        if (columns[i].nullable) {
            field["type"] = Json::array({"null", field["type"]});
            field["default"] = nullptr;
        }
        fields.push_back(std::move(field));
    }
    const Json schema{{"type", "record"}, {"name", avroName(record)}, {"fields", std::move(fields)}};
    return schema.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void appendCell(std::string& out, const ColumnInfo& info, const ColumnView& column, std::size_t row)
{
    switch (info.kind) {
    case ColumnKind::Boolean:
        out.push_back(column.at<std::uint8_t>(row) != 0 ? 1 : 0);
        break;
    case ColumnKind::Integer:
    case ColumnKind::Date:
    case ColumnKind::Time:
    case ColumnKind::Timestamp:
        appendLong(out, column.at<std::int64_t>(row));
        break;
    case ColumnKind::Real:
        appendDouble(out, column.at<double>(row));
        break;
    case ColumnKind::Decimal:
        appendDecimal(out, column.at<std::string_view>(row));
        break;
    case ColumnKind::Text:
    case ColumnKind::Json:
    case ColumnKind::Bytes:
        appendBytes(out, column.at<std::string_view>(row));
        break;
    case ColumnKind::Payload:
        appendBytes(out, column.at<Payload>(row).bytes);
        break;
    }
}

} // namespace

AvroContainer::AvroContainer(std::vector<ColumnInfo> columns, const std::string& record, const SyncMarker& sync)
    : m_columns(std::move(columns)), m_schema(schemaOf(m_columns, record)), m_sync(sync.begin(), sync.end())
{ }

std::string AvroContainer::head() const
{
    std::string head("Obj\x01", 4);
    appendLong(head, 2);
    appendBytes(head, "avro.schema");
    appendBytes(head, m_schema);
    appendBytes(head, "avro.codec");
    appendBytes(head, "null");
    appendLong(head, 0);
    return head + m_sync;
}

Result<void> AvroContainer::append(const RowBlock& block, std::string& out, FormatCounts& counts) const
{
    if (block.rows.empty())
        return {};
    std::string rows;
    for (const std::uint32_t row : block.rows) {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            const bool isNull = block.columns[i].isNull(row);
            if (m_columns[i].nullable)
                appendLong(rows, isNull ? 0 : 1);
            if (!isNull)
                appendCell(rows, m_columns[i], block.columns[i], row);
        }
    }
    appendLong(out, static_cast<std::int64_t>(block.rows.size()));
    appendBytes(out, rows);
    out += m_sync;
    counts.rows += block.rows.size();
    return {};
}

AvroContainer::SyncMarker randomSyncMarker()
{
    AvroContainer::SyncMarker marker{};
    std::random_device random;
    for (char& byte : marker)
        byte = static_cast<char>(random());
    return marker;
}

} // namespace weir::exporter
