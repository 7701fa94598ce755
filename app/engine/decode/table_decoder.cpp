// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/table_decoder.h"

#include "app/engine/event/packed_value.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace weir {

namespace {

std::vector<JsonField> fieldsOf(const std::vector<DecodedColumn>& columns, DecodedOrigin origin)
{
    std::vector<JsonField> fields;
    for (const DecodedColumn& column : columns) {
        if (column.origin == origin)
            fields.push_back({column.field, column.type});
    }
    return fields;
}

JsonOptions ofKeys(JsonOptions options)
{
    options.part = RecordPart::Key;
    return options;
}

/// The rows that are in both.
Selection inBoth(const Selection& a, const Selection& b)
{
    if (a.all || b.all)
        return a.all ? b : a;
    Selection rows;
    rows.all = false;
    std::set_intersection(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(), std::back_inserter(rows.rows));
    return rows;
}

Selection without(const std::vector<RowError>& errors, std::size_t rowCount)
{
    Selection rows;
    rows.all = errors.empty();
    auto error = errors.begin();
    for (std::uint32_t row = 0; row < rowCount && !rows.all; ++row) {
        if (error != errors.end() && error->row == row)
            ++error;
        else
            rows.rows.push_back(row);
    }
    return rows;
}

/// Of one record the key is read first.
void addKeyErrors(std::vector<RowError>& errors, std::vector<RowError> keys)
{
    for (RowError& error : keys)
        error.message.insert(0, "in the key: ");
    std::vector<RowError> all;
    std::merge(std::make_move_iterator(keys.begin()), std::make_move_iterator(keys.end()),
        std::make_move_iterator(errors.begin()), std::make_move_iterator(errors.end()), std::back_inserter(all),
        [](const RowError& a, const RowError& b) { return a.row < b.row; });
    errors = std::move(all);
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

void fillHeaders(Column& column, const RecordBatch& batch)
{
    std::map<std::string_view, std::optional<std::string_view>> headers;
    PackedBuilder pairs;
    for (std::size_t row = 0; row < batch.size(); ++row) {
        headers.clear();
        for (std::size_t i = 0; i < batch.headerCount(row); ++i) {
            const Header header = batch.header(row, i);
            headers.insert_or_assign(header.name, header.value);
        }
        pairs.clear();
        for (const auto& [name, value] : headers) {
            pairs.add(name);
            if (value)
                pairs.add(*value);
            else
                pairs.addNull();
        }
        column.values<std::string_view>()[row] = pairs.bytesIn(column.ownHeap());
    }
}

void fillEpochs(Column& column, const RecordBatch& batch)
{
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (const auto epoch = batch.leaderEpoch(row))
            column.values<std::int64_t>()[row] = *epoch;
        else
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
    case DecodedOrigin::Headers:
        fillHeaders(column, batch);
        break;
    case DecodedOrigin::LeaderEpoch:
        fillEpochs(column, batch);
        break;
    case DecodedOrigin::Field:
    case DecodedOrigin::Key:
        break;
    }
    return column;
}

} // namespace

TableDecoder::TableDecoder(std::vector<DecodedColumn> columns, const RecordFormat& format)
    : m_columns(std::move(columns)), m_format(format),
      m_values(fieldsOf(m_columns, DecodedOrigin::Field), format.value),
      m_keys(fieldsOf(m_columns, DecodedOrigin::Key), ofKeys(format.jsonKey))
{ }

/// The columns that come from keys. Rows without a key that can be read leave the selection.
std::vector<Column> TableDecoder::decodeKeys(const RecordBatchPtr& batch, EventBatch& events)
{
    std::vector<Column> columns;
    if (m_format.key == KeyFormat::Json) {
        EventBatch keys = m_keys.decode(batch, events.sequence);
        events.selection = inBoth(events.selection, keys.selection);
        addKeyErrors(events.errors, std::move(keys.errors));
        columns = std::move(keys.columns);
    } else if (m_format.key == KeyFormat::Raw) {
        std::vector<RowError> errors;
        for (const DecodedColumn& column : m_columns) {
            if (column.origin == DecodedOrigin::Key)
                columns.push_back(decodeRawKeys(*batch, column.type, m_format.rawKey, errors));
        }
        events.selection = inBoth(events.selection, without(errors, batch->size()));
        addKeyErrors(events.errors, std::move(errors));
    }
    return columns;
}

EventBatch TableDecoder::decode(const RecordBatchPtr& batch, std::uint64_t sequence)
{
    EventBatch events = m_values.decode(batch, sequence);
    std::vector<Column> fields = std::move(events.columns);
    std::vector<Column> keys = decodeKeys(batch, events);
    events.columns.clear();
    events.schema.clear();
    std::size_t field = 0;
    std::size_t key = 0;
    for (const DecodedColumn& column : m_columns) {
        events.schema.push_back({column.name, column.type});
        if (column.origin == DecodedOrigin::Field)
            events.columns.push_back(std::move(fields[field++]));
        else if (column.origin == DecodedOrigin::Key)
            events.columns.push_back(std::move(keys[key++]));
        else
            events.columns.push_back(metadataColumn(column, *batch));
    }
    return events;
}

std::optional<DecodedOrigin> TableDecoder::metadataOrigin(std::string_view key)
{
    static const std::map<std::string_view, DecodedOrigin> origins{{"partition", DecodedOrigin::Partition},
        {"offset", DecodedOrigin::Offset}, {"timestamp", DecodedOrigin::Timestamp},
        {"timestamp-type", DecodedOrigin::TimestampType}, {"topic", DecodedOrigin::Topic},
        {"headers", DecodedOrigin::Headers}, {"leader-epoch", DecodedOrigin::LeaderEpoch}};
    const auto found = origins.find(key);
    return found == origins.end() ? std::nullopt : std::optional(found->second);
}

} // namespace weir
