// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/table_decoder.h"

namespace weir {

namespace {

std::vector<JsonField> fieldsOf(const std::vector<DecodedColumn>& columns)
{
    std::vector<JsonField> fields;
    for (const DecodedColumn& column : columns) {
        if (column.origin == DecodedOrigin::Field)
            fields.push_back({column.name, column.type});
    }
    return fields;
}

std::string_view nameOf(TimestampType type)
{
    switch (type) {
    case TimestampType::CreateTime:
        return "CreateTime";
    case TimestampType::LogAppendTime:
        return "LogAppendTime";
    case TimestampType::NotAvailable:
        break;
    }
    return "NoTimestampType";
}

void fillTimestamps(Column& column, const RecordBatch& batch)
{
    auto& values = column.values<Timestamp>();
    for (std::size_t row = 0; row < batch.size(); ++row) {
        values[row] = {batch.timestamp(row), 0};
        if (batch.timestampType(row) == TimestampType::NotAvailable)
            column.setNull(row);
    }
}

Column metadataColumn(const DecodedColumn& wanted, const RecordBatch& batch)
{
    Column column(wanted.type, batch.size());
    switch (wanted.origin) {
    case DecodedOrigin::Partition:
        for (auto& value : column.values<std::int64_t>())
            value = batch.partition().value;
        break;
    case DecodedOrigin::Offset:
        for (std::size_t row = 0; row < batch.size(); ++row)
            column.values<std::int64_t>()[row] = batch.offset(row);
        break;
    case DecodedOrigin::Timestamp:
        fillTimestamps(column, batch);
        break;
    case DecodedOrigin::TimestampType:
        for (std::size_t row = 0; row < batch.size(); ++row)
            column.values<std::string_view>()[row] = nameOf(batch.timestampType(row));
        break;
    case DecodedOrigin::Topic:
        for (auto& value : column.values<std::string_view>())
            value = batch.topic();
        break;
    case DecodedOrigin::Field:
        break;
    }
    return column;
}

} // namespace

TableDecoder::TableDecoder(std::vector<DecodedColumn> columns, JsonOptions options)
    : m_columns(std::move(columns)), m_json(fieldsOf(m_columns), options)
{ }

EventBatch TableDecoder::decode(const RecordBatchPtr& batch, std::uint64_t sequence)
{
    EventBatch events = m_json.decode(batch, sequence);
    std::vector<Column> fields = std::move(events.columns);
    events.columns.clear();
    events.schema.clear();
    std::size_t field = 0;
    for (const DecodedColumn& column : m_columns) {
        events.schema.push_back({column.name, column.type});
        if (column.origin == DecodedOrigin::Field)
            events.columns.push_back(std::move(fields[field++]));
        else
            events.columns.push_back(metadataColumn(column, *batch));
    }
    return events;
}

std::optional<DecodedOrigin> TableDecoder::metadataOrigin(std::string_view key)
{
    if (key == "partition")
        return DecodedOrigin::Partition;
    if (key == "offset")
        return DecodedOrigin::Offset;
    if (key == "timestamp")
        return DecodedOrigin::Timestamp;
    if (key == "timestamp-type")
        return DecodedOrigin::TimestampType;
    if (key == "topic")
        return DecodedOrigin::Topic;
    return std::nullopt;
}

} // namespace weir
