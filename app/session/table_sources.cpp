// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/table_sources.h"

#include "app/engine/sql/duration.h"
#include "app/session/kafka_table.h"
#include "connectors/files/json_lines_source.h"

namespace weir {

namespace {

using Sources = std::vector<std::unique_ptr<Source>>;

Error optionError(const sql::TableDefinition& table, std::string message)
{
    return {ErrorKind::InvalidInput, std::move(message), "table " + table.name};
}

Result<void> checkFormat(const sql::TableDefinition& table)
{
    const std::string format = table.option("format", table.option("value.format"));
    if (format == "json")
        return {};
    if (format.empty())
        return optionError(table, "the option 'format' is missing. Weir reads 'json'.");
    return optionError(table, "'format' = '" + format + "' cannot be read yet. Weir reads 'json'.");
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
    std::map<std::string, std::string> properties;
    for (const auto& [name, value] : table.options) {
        if (name.starts_with("properties."))
            properties.emplace(name.substr(11), value);
    }
    auto cluster = environment.clusterFor(properties);
    if (!cluster)
        return cluster.error();
    auto request = readRequestOf(table, **cluster);
    if (!request)
        return request.error();
    return (*cluster)->open(*request);
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
