// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/infer_table.h"

#include "app/engine/sql/script.h"

#include <algorithm>

namespace weir {

namespace {

constexpr std::int64_t perPartition = 50;
constexpr auto patience = std::chrono::seconds(3);

} // namespace

Result<NewestRecords> newestRecords(Cluster& cluster, const std::string& topic, const Clock& clock)
{
    ReadRequest request;
    request.topic = topic;
    request.start = FromLast{perPartition};
    request.stop = UntilEnd{};
    request.instances = 1;
    auto sources = cluster.open(request);
    if (!sources)
        return sources.error();
    NewestRecords newest;
    const auto deadline = clock.steady() + patience;
    for (const auto& source : *sources) {
        newest.partitions += source->state().partitions.size();
        while (!source->state().ended && clock.steady() < deadline) {
            auto polled = source->poll(std::chrono::milliseconds(50));
            if (!polled)
                return polled.error();
            newest.batches.insert(newest.batches.end(), polled->begin(), polled->end());
        }
    }
    return newest;
}

Result<SampledFields> sampleFields(Cluster& cluster, const std::string& topic, const Clock& clock)
{
    const auto newest = newestRecords(cluster, topic, clock);
    if (!newest)
        return newest.error();
    SampledFields sample;
    std::vector<std::string_view> values;
    for (const RecordBatchPtr& batch : newest->batches) {
        sample.sampled += batch->size();
        for (std::size_t i = 0; i < batch->size(); ++i) {
            if (const auto value = batch->value(i))
                values.push_back(*value);
        }
    }
    sample.inferred = inferFields(values);
    return sample;
}

Result<InferredTable> inferTable(
    Cluster& cluster, const std::string& topic, const std::string& bootstrapServers, const Clock& clock)
{
    const auto sample = sampleFields(cluster, topic, clock);
    if (!sample)
        return sample.error();
    InferredTable inferred;
    inferred.sampled = sample->sampled;
    const InferredFields& fields = sample->inferred;
    if (fields.objects == 0)
        return Error{ErrorKind::Unsupported,
            "no JSON object among the newest " + std::to_string(inferred.sampled)
                + " records, so no table can be derived. Write its CREATE TABLE by hand.",
            "topic " + topic};
    std::vector<sql::InferredField> columns;
    for (const RowField& field : fields.fields)
        columns.push_back({field.name, field.type});
    const bool iso = fields.standard == TimestampStandard::Iso8601;
    inferred.ddl = sql::createTableText(topic, columns, fields.timeField,
        {{"connector", "kafka"}, {"topic", topic}, {"properties.bootstrap.servers", bootstrapServers},
            {"scan.startup.mode", "earliest-offset"}, {"scan.watermark.idle-timeout", "5 s"}, {"format", "json"},
            {"json.timestamp-format.standard", iso ? "ISO-8601" : "SQL"}, {"json.ignore-parse-errors", "true"}});
    const sql::Script script = sql::compileScript(inferred.ddl);
    if (!script.ok() || script.tables.empty())
        return Error{ErrorKind::Internal,
            "the derived table does not compile: " + sql::describe(script.diagnostics.front()), "topic " + topic};
    inferred.table = script.tables.front();
    return inferred;
}

bool hasField(const Schema& fields, const std::string& name)
{
    return std::any_of(fields.begin(), fields.end(), [&name](const RowField& field) { return field.name == name; });
}

} // namespace weir
