// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/table_sinks.h"

#include "app/session/kafka_sink.h"
#include "app/session/kafka_table.h"

#include <algorithm>

namespace weir {

namespace {

/// Writing to a topic that is not there would make it on many clusters.
Result<void> checkTopic(Cluster& cluster, const std::string& topic, const std::string& table)
{
    const auto metadata = cluster.metadata();
    if (!metadata)
        return metadata.error();
    const auto found = std::find_if(metadata->topics.begin(), metadata->topics.end(),
        [&topic](const TopicInfo& info) { return info.name == topic; });
    if (found == metadata->topics.end())
        return Error{ErrorKind::NotFound, "the cluster has no topic " + topic + ". Weir makes none: create it first.",
            "table " + table};
    return found->error ? Result<void>(*found->error) : Result<void>();
}

} // namespace

bool writesToCluster(const sql::QueryPlan& plan)
{
    return plan.sink.table && plan.sink.table->option("connector") == "kafka";
}

Result<TableSink> openTableSink(const sql::QueryPlan& plan, const std::shared_ptr<ClusterPool>& pool)
{
    if (!writesToCluster(plan))
        return TableSink();
    const sql::TableDefinition& table = *plan.sink.table;
    auto layout = RecordLayout::of(table);
    if (!layout)
        return layout.error();
    const auto properties = kafkaProperties(table);
    auto writer = pool->writerFor(properties);
    if (!writer)
        return writer.error();
    auto cluster = pool->clusterFor(properties);
    if (!cluster)
        return cluster.error();
    if (auto checked = checkTopic(**cluster, layout->topic, table.name); !checked)
        return checked.error();
    auto sink = std::make_shared<KafkaSink>(std::move(*layout), std::move(writer->producer));
    const auto write = [sink, pool, id = writer->clusterId](const ResultBatch& rows) -> Result<void> {
        if (!pool->isUnlocked(id))
            return Error{ErrorKind::Locked, "writing was locked again; what came before is written.", "cluster " + id};
        return sink->write(rows);
    };
    return TableSink{write, [sink] { return sink->finish(); }};
}

} // namespace weir
