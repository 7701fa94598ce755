// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/filter_table.h"

#include "app/engine/sql/script.h"
#include "app/session/infer_table.h"

namespace weir {

namespace {

constexpr auto rowPatience = std::chrono::seconds(1);
constexpr std::int64_t spreadRuns = 8; ///< stretches of older rows that are sampled too
constexpr std::int64_t spreadRun = 12; ///< rows of each
constexpr std::size_t largestSampled = std::size_t{1} << 20; ///< bytes of a record

struct MetadataColumn
{
    const char* name;
    const char* definition;
};

// The key is no metadata in Flink: it is read as the 'key.fields' of a raw key.
constexpr MetadataColumn metadataColumns[] = {{"topic", "STRING METADATA VIRTUAL"},
    {"partition", "INT METADATA VIRTUAL"}, {"offset", "BIGINT METADATA VIRTUAL"},
    {"timestamp", "TIMESTAMP_LTZ(3) METADATA VIRTUAL"}, {"headers", "MAP<STRING, BYTES> METADATA VIRTUAL"}};

std::string ddlOf(const InferredFields& inferred)
{
    std::string columns;
    const auto add = [&columns](const std::string& name, const std::string& definition) {
        columns += (columns.empty() ? "" : ", ") + sql::quoteIdentifier(name) + " " + definition;
    };
    for (const RowField& field : inferred.fields)
        add(field.name, field.type.asNullable().text());
    for (const MetadataColumn& column : metadataColumns) {
        const std::string name = column.name;
        if (!hasField(inferred.fields, name))
            add(name, column.definition);
        std::string definition = column.definition;
        definition.insert(definition.find("METADATA") + 8, " FROM '" + name + "'");
        if (!hasField(inferred.fields, "_" + name))
            add("_" + name, definition);
    }
    const std::string key = hasField(inferred.fields, "key") ? "_key" : "key";
    const bool hasKey = !hasField(inferred.fields, key);
    if (hasKey)
        add(key, "STRING");
    const std::string standard = inferred.standard == TimestampStandard::Iso8601 ? "ISO-8601" : "SQL";
    std::string options = "'connector' = 'kafka', 'topic' = 't', 'value.format' = 'json', "
                          "'value.json.ignore-parse-errors' = 'true', 'value.json.timestamp-format.standard' = '"
        + standard + "'";
    if (hasKey)
        options += ", 'key.format' = 'raw', 'key.fields' = '" + key + "', 'value.fields-include' = 'EXCEPT_KEY'";
    return "CREATE TABLE records (" + columns + ") WITH (" + options + ");\n";
}

} // namespace

FilterTable::FilterTable(std::vector<RecordBatchPtr> sample, std::size_t partitions)
    : m_sample(std::move(sample)), m_partitions(partitions), m_keys(partitions)
{
    std::vector<std::string_view> values;
    for (const RecordBatchPtr& batch : m_sample) {
        m_records += batch->size();
        m_keys.add(*batch);
        for (std::size_t i = 0; i < batch->size(); ++i) {
            if (const auto value = batch->value(i))
                values.push_back(*value);
        }
    }
    m_fields = inferFields(values);
    m_ddl = ddlOf(m_fields);
}

std::shared_ptr<const FilterTable> FilterTable::of(std::vector<RecordBatchPtr> sample, std::size_t partitions)
{
    return std::shared_ptr<const FilterTable>(new FilterTable(std::move(sample), partitions));
}

namespace {

/// Adds some rows of a store to a sample; what is not at hand in time is left out.
void addRows(const RowStore& rows, std::int64_t first, std::size_t count, std::vector<RecordBatchPtr>& sample)
{
    RecordBatchPtr batch;
    std::vector<std::uint32_t> chosen;
    const auto takeChosen = [&] {
        if (batch && !chosen.empty())
            sample.push_back(copyOf(*batch, chosen, nullptr));
        chosen.clear();
    };
    const auto read = rows.read(first, count, rowPatience);
    for (std::size_t i = 0; read && i < read->size(); ++i) {
        const StoredRow& row = (*read)[i];
        if (!row.isHere() || row.batch->recordBytes(row.index) > largestSampled)
            continue;
        if (row.batch != batch)
            takeChosen();
        batch = row.batch;
        chosen.push_back(static_cast<std::uint32_t>(row.index));
    }
    takeChosen();
}

} // namespace

std::shared_ptr<const FilterTable> FilterTable::ofRows(const RowStore& rows, std::size_t partitions)
{
    std::vector<RecordBatchPtr> sample;
    const std::int64_t end = rows.endRow();
    const std::int64_t newest = std::max(rows.firstRow(), end - static_cast<std::int64_t>(sampledRows));
    const std::int64_t before = newest - rows.firstRow();
    for (std::int64_t i = 0; i < spreadRuns && before > spreadRun; ++i)
        addRows(rows, rows.firstRow() + i * (before - spreadRun) / spreadRuns, spreadRun, sample);
    addRows(rows, newest, static_cast<std::size_t>(std::max<std::int64_t>(0, end - newest)), sample);
    return of(std::move(sample), partitions);
}

Result<std::shared_ptr<const FilterTable>> FilterTable::sampled(
    Cluster& cluster, const std::string& topic, const Clock& clock)
{
    auto sample = newestRecords(cluster, topic, clock);
    if (!sample)
        return sample.error();
    return of(std::move(sample->batches), sample->partitions);
}

} // namespace weir
