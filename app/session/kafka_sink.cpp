// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/kafka_sink.h"

#include "app/engine/event/packed_value.h"
#include "app/session/option_error.h"

#include <algorithm>

namespace weir {

namespace {

constexpr std::chrono::seconds finishTime(60);

/// `prefix`: "json.", or "key.json.".
Result<JsonStyle> styleOf(const sql::TableDefinition& table, const std::string& prefix)
{
    JsonStyle style;
    style.decimalsAsText = false;
    style.allDigits = false;
    style.plainDecimals = table.option(prefix + "encode.decimal-as-plain-number") == "true";
    style.nullFields = table.option(prefix + "encode.ignore-null-fields") != "true";
    if (table.option(prefix + "timestamp-format.standard") == "ISO-8601")
        style.timestamps = TimestampStandard::Iso8601;
    style.nullKeyName = table.option(prefix + "map-null-key.literal", "null");
    const std::string mode = table.option(prefix + "map-null-key.mode", "FAIL");
    if (mode != "FAIL" && mode != "DROP" && mode != "LITERAL")
        return optionError(table, "'" + prefix + "map-null-key.mode' is FAIL, DROP or LITERAL, not '" + mode + "'.");
    style.nullKey = mode == "DROP" ? NullKey::Drop : mode == "LITERAL" ? NullKey::Literal : NullKey::Fail;
    return style;
}

Result<void> checkOptions(const sql::TableDefinition& table)
{
    const std::string format = table.option("format", table.option("value.format"));
    if (format != "json")
        return optionError(table, "'format' = '" + format + "' cannot be written yet. Weir writes 'json'.");
    const std::string key = table.option("key.format", "json");
    if (key != "json" && key != "raw")
        return optionError(
            table, "'key.format' = '" + key + "' cannot be written yet. Weir writes 'json' and 'raw' keys.");
    const std::string topic = table.option("topic");
    if (topic.empty() || topic.find(';') != std::string::npos)
        return optionError(table, "rows are written to one topic: name it with 'topic'.");
    if (table.option("sink.delivery-guarantee") == "exactly-once")
        return optionError(
            table, "'sink.delivery-guarantee' = 'exactly-once' needs a Flink cluster: Weir writes at least once.");
    return {};
}

Result<std::int32_t> partitionOf(const sql::TableDefinition& table)
{
    const std::string partitioner = table.option("sink.partitioner", "default");
    if (partitioner == "fixed")
        return std::int32_t{0}; // that of Flink's first task, and Weir has one
    if (partitioner == "round-robin" && table.key)
        return optionError(
            table, "Currently 'round-robin' partitioner only works when option 'key.fields' is not specified.");
    if (partitioner != "default" && partitioner != "round-robin")
        return optionError(table,
            "'sink.partitioner' = '" + partitioner
                + "' needs a Flink cluster. Weir has default, fixed and round-robin.");
    return std::int32_t{-1};
}

/// The columns of the table, each with its place among those that are written.
void placeColumns(const sql::TableDefinition& table, RecordLayout& layout)
{
    const std::vector<std::size_t> written = table.writtenColumns();
    for (std::size_t place = 0; place < written.size(); ++place) {
        const sql::TableColumn& column = table.columns[written[place]];
        layout.rows.push_back({column.name, column.type});
        if (column.origin == sql::ColumnOrigin::Metadata) {
            (column.metadataKey == "headers" ? layout.headers : layout.timestamp) = place;
            continue;
        }
        if (table.isReadFromKey(written[place]))
            continue;
        layout.value.columns.push_back(place);
        layout.value.names.push_back(column.name);
    }
    if (!layout.key)
        return;
    for (const std::size_t column : table.key->columns) {
        const auto place = std::find(written.begin(), written.end(), column) - written.begin();
        layout.key->columns.push_back(static_cast<std::size_t>(place));
        layout.key->names.push_back(table.columns[column].name.substr(table.key->prefix));
    }
}

Result<std::string> laidOutPart(const RecordLayout::Part& part, const ResultBatch& rows, std::size_t row)
{
    std::vector<JsonMember> members;
    for (std::size_t i = 0; i < part.columns.size(); ++i)
        members.push_back({part.names[i], &rows.columns[part.columns[i]]});
    std::string text;
    if (!appendJsonObject(text, members, row, part.json))
        return Error{ErrorKind::InvalidInput,
            "JSON format doesn't support to serialize map data with null keys. You can drop null key entries or encode "
            "null in literals by specifying map-null-key.mode option.",
            {}};
    return text;
}

void addHeaders(const Column& column, std::size_t row, LaidOutRecord& record)
{
    if (column.isNull(row))
        return;
    const PackedView pairs(column.values<std::string_view>()[row]);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        if (pairs.isNull(i))
            continue; // a header has a name
        record.headers.emplace_back(
            std::string(pairs.at(i)), pairs.isNull(i + 1) ? std::nullopt : std::optional(std::string(pairs.at(i + 1))));
    }
}

} // namespace

Result<RecordLayout> RecordLayout::of(const sql::TableDefinition& table)
{
    if (auto checked = checkOptions(table); !checked)
        return checked.error();
    RecordLayout layout;
    layout.topic = table.option("topic");
    const auto partition = partitionOf(table);
    if (!partition)
        return partition.error();
    layout.partition = *partition;
    auto style = styleOf(table, table.jsonPrefix());
    if (!style)
        return style.error();
    layout.value.json = std::move(*style);
    if (table.key) {
        auto keyStyle = styleOf(table, "key.json.");
        if (!keyStyle)
            return keyStyle.error();
        layout.key.emplace();
        layout.key->json = std::move(*keyStyle);
        layout.key->raw = table.option("key.format") == "raw";
        layout.key->rawOptions.littleEndian = table.option("key.raw.endianness") == "little-endian";
    }
    placeColumns(table, layout);
    if (layout.key && layout.key->raw && !canReadRawAs(layout.rows[layout.key->columns.front()].type))
        return optionError(
            table, "a raw key cannot be a " + layout.rows[layout.key->columns.front()].type.asNullable().text() + ".");
    return layout;
}

Result<LaidOutRecord> layOut(const RecordLayout& layout, const ResultBatch& rows, std::size_t row)
{
    for (std::size_t i = 0; i < layout.rows.size(); ++i) {
        if (!layout.rows[i].type.nullable && rows.columns[i].isNull(row))
            return Error{ErrorKind::InvalidInput,
                "Column '" + layout.rows[i].name + "' is NOT NULL, however, a null value is being written into it.",
                {}};
    }
    LaidOutRecord record;
    if (layout.key && layout.key->raw) {
        record.key = encodeRaw(rows.columns[layout.key->columns.front()], row, layout.key->rawOptions);
    } else if (layout.key) {
        auto key = laidOutPart(*layout.key, rows, row);
        if (!key)
            return key.error();
        record.key = std::move(*key);
    }
    auto value = laidOutPart(layout.value, rows, row);
    if (!value)
        return value.error();
    record.value = std::move(*value);
    if (layout.timestamp && !rows.columns[*layout.timestamp].isNull(row))
        record.timestamp = rows.columns[*layout.timestamp].values<Timestamp>()[row].millis;
    if (layout.headers)
        addHeaders(rows.columns[*layout.headers], row, record);
    return record;
}

Result<void> KafkaSink::write(const ResultBatch& rows)
{
    for (std::size_t row = 0; row < rows.rowCount; ++row) {
        auto record = layOut(m_layout, rows, row);
        if (!record)
            return Error{record.error().kind, record.error().message, "topic " + m_layout.topic};
        kafka::OutgoingRecord outgoing;
        outgoing.partition = m_layout.partition;
        outgoing.timestamp = record->timestamp;
        outgoing.key = record->key;
        outgoing.value = record->value;
        for (const auto& [name, value] : record->headers)
            outgoing.headers.push_back({name, value});
        if (auto written = m_producer->produce(m_layout.topic, outgoing); !written)
            return written;
    }
    return {};
}

Result<void> KafkaSink::finish()
{
    return m_producer->flush(finishTime);
}

} // namespace weir
