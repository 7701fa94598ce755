// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/table_sources.h"

#include "app/engine/sql/duration.h"
#include "app/session/kafka_table.h"
#include "app/session/option_error.h"
#include "connectors/files/json_lines_source.h"

#include <algorithm>
#include <iterator>

namespace weir {

namespace {

using Sources = std::vector<std::unique_ptr<Source>>;

Result<void> checkFormat(const sql::TableDefinition& table)
{
    const std::string format = table.option("format", table.option("value.format"));
    if (format.empty())
        return optionError(table, "the option 'format' is missing. Weir reads 'json'.");
    if (format != "json")
        return optionError(table, "'format' = '" + format + "' cannot be read yet. Weir reads 'json'.");
    const std::string key = table.option("key.format");
    if (!key.empty() && key != "json" && key != "raw")
        return optionError(table, "'key.format' = '" + key + "' cannot be read yet. Weir reads 'json' and 'raw' keys.");
    return {};
}

Result<Sources> openFiles(const sql::TableDefinition& table, const SourceEnvironment& environment)
{
    std::string path = table.option("path");
    if (path.empty())
        return optionError(table, "the option 'path' is missing: a JSON Lines file, or a folder of them.");
    if (path.starts_with("file://"))
        path.erase(0, 7);
    files::JsonLinesRequest request;
    request.path = path;
    request.budget = environment.budget;
    request.clock = environment.clock;
    if (const std::string interval = table.option("source.monitor-interval"); !interval.empty()) {
        const auto duration = sql::parseDuration(interval);
        if (!duration || *duration <= std::chrono::milliseconds(0))
            return optionError(
                table, "'source.monitor-interval' = '" + interval + "' is no duration. Write it as '1 s' or '500 ms'.");
        request.monitorInterval = *duration;
    }
    auto source = files::openJsonLines(request);
    if (!source)
        return source.error();
    Sources sources;
    sources.push_back(std::move(*source));
    return sources;
}

Result<Sources> openKafka(const sql::TableDefinition& table, const SourceEnvironment& environment)
{
    auto cluster = environment.clusterFor(kafkaProperties(table));
    if (!cluster)
        return cluster.error();
    auto requests = readRequestsOf(table, **cluster);
    if (!requests)
        return requests.error();
    Sources all;
    for (ReadRequest& request : *requests) {
        request.group = environment.group;
        auto sources = (*cluster)->open(request);
        if (!sources)
            return sources.error();
        std::move(sources->begin(), sources->end(), std::back_inserter(all));
    }
    return all;
}

} // namespace

Result<Sources> openTableSources(const sql::TableDefinition& table, const SourceEnvironment& environment)
{
    const std::string connector = table.option("connector");
    if (connector != "kafka" && connector != "filesystem") {
        const bool sink = connector == "print" || connector == "blackhole";
        return optionError(table,
            sink ? "'connector' = '" + connector + "' can only be written to, not read."
                 : "'connector' = '" + connector + "' cannot be read. Use 'kafka' or 'filesystem'.");
    }
    if (auto format = checkFormat(table); !format)
        return format.error();
    return connector == "kafka" ? openKafka(table, environment) : openFiles(table, environment);
}

} // namespace weir
