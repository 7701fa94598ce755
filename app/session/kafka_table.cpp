// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/kafka_table.h"

#include <algorithm>
#include <charconv>

namespace weir {

namespace {

using OffsetList = std::vector<std::pair<PartitionId, std::int64_t>>;

Error optionError(const sql::TableDefinition& table, std::string message)
{
    return {ErrorKind::InvalidInput, std::move(message), "table " + table.name};
}

std::optional<std::int64_t> numberOf(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// The number behind "name:" in one part of a list such as "partition:0,offset:42".
std::optional<std::int64_t> namedNumber(std::string_view part, std::string_view name)
{
    const std::size_t at = part.find(std::string(name) + ":");
    if (at == std::string_view::npos)
        return std::nullopt;
    std::string_view rest = part.substr(at + name.size() + 1);
    return numberOf(rest.substr(0, rest.find(',')));
}

Result<OffsetList> specificOffsets(const sql::TableDefinition& table, const std::string& optionName)
{
    const std::string text = table.option(optionName);
    OffsetList offsets;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find(';', start), text.size());
        const std::string_view part = std::string_view(text).substr(start, end - start);
        const auto partition = namedNumber(part, "partition");
        const auto offset = namedNumber(part, "offset");
        if (!partition || !offset)
            return optionError(table,
                "'" + optionName + "' = '" + text
                    + "' is not understood. Write it as 'partition:0,offset:42;partition:1,offset:300'.");
        offsets.emplace_back(PartitionId{static_cast<std::int32_t>(*partition)}, *offset);
        start = end + 1;
    }
    if (offsets.empty())
        return optionError(table, "'" + optionName + "' is missing; the mode specific-offsets needs it.");
    return offsets;
}

Result<EpochMs> timestampOption(const sql::TableDefinition& table, const std::string& optionName)
{
    const std::string text = table.option(optionName);
    const auto time = numberOf(text);
    if (!time || *time < 0)
        return optionError(
            table, "'" + optionName + "' = '" + text + "' is no time. Give milliseconds since 1970-01-01 UTC.");
    return *time;
}

Result<OffsetList> committedOf(const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    const std::string group = table.option("properties.group.id");
    if (group.empty())
        return optionError(table,
            "Property group.id is required when using committed offset for offsets initializer. Set "
            "'properties.group.id', or another 'scan.startup.mode' such as 'earliest-offset'.");
    auto committed = cluster.committedOffsets(group);
    if (!committed)
        return committed.error();
    OffsetList offsets;
    for (const CommittedOffset& one : *committed) {
        if (one.partition.topic == topic && one.offset >= 0)
            offsets.emplace_back(one.partition.partition, one.offset);
    }
    return offsets;
}

Result<std::vector<TopicPartition>> partitionsOf(
    const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    auto metadata = cluster.metadata();
    if (!metadata)
        return metadata.error();
    for (const TopicInfo& info : metadata->topics) {
        if (info.name != topic)
            continue;
        if (info.error)
            return *info.error;
        std::vector<TopicPartition> partitions;
        for (const PartitionInfo& partition : info.partitions)
            partitions.push_back({topic, partition.id});
        return partitions;
    }
    return Error{ErrorKind::NotFound, "the cluster has no topic " + topic + ".", "table " + table.name};
}

/// Partitions without a committed offset follow 'properties.auto.offset.reset', as Flink's reader does.
Result<StartPosition> groupStart(const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    auto committed = committedOf(table, cluster, topic);
    if (!committed)
        return committed.error();
    auto partitions = partitionsOf(table, cluster, topic);
    if (!partitions)
        return partitions.error();
    auto watermarks = cluster.watermarks(*partitions);
    if (!watermarks)
        return watermarks.error();
    const std::string reset = table.option("properties.auto.offset.reset", "none");
    OffsetList offsets = std::move(*committed);
    for (std::size_t i = 0; i < partitions->size(); ++i) {
        const PartitionId id = (*partitions)[i].partition;
        if (std::any_of(offsets.begin(), offsets.end(), [id](const auto& known) { return known.first == id; }))
            continue;
        if (reset != "earliest" && reset != "latest")
            return optionError(table,
                "Undefined offset with no reset policy for partitions: [" + topic + "-" + std::to_string(id.value)
                    + "]. The group " + table.option("properties.group.id")
                    + " has committed nothing there; set 'properties.auto.offset.reset' or another "
                      "'scan.startup.mode'.");
        offsets.emplace_back(id, reset == "earliest" ? (*watermarks)[i].low : (*watermarks)[i].high);
    }
    return StartPosition(FromOffsets{std::move(offsets)});
}

Result<StartPosition> startOf(const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    const std::string mode = table.option("scan.startup.mode", "group-offsets");
    if (mode == "earliest-offset")
        return StartPosition(FromBeginning{});
    if (mode == "latest-offset")
        return StartPosition(FromEnd{});
    if (mode == "group-offsets")
        return groupStart(table, cluster, topic);
    if (mode == "timestamp") {
        auto time = timestampOption(table, "scan.startup.timestamp-millis");
        return time ? Result<StartPosition>(FromTime{*time}) : time.error();
    }
    if (mode == "specific-offsets") {
        auto offsets = specificOffsets(table, "scan.startup.specific-offsets");
        return offsets ? Result<StartPosition>(FromOffsets{std::move(*offsets)}) : offsets.error();
    }
    return optionError(table,
        "'scan.startup.mode' = '" + mode
            + "' is not known. Use earliest-offset, latest-offset, group-offsets, timestamp or specific-offsets.");
}

Result<StopPosition> stopOf(const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    const std::string mode = table.option("scan.bounded.mode", "unbounded");
    if (mode == "unbounded")
        return StopPosition(Unbounded{});
    if (mode == "latest-offset")
        return StopPosition(UntilEnd{});
    if (mode == "group-offsets") {
        auto offsets = committedOf(table, cluster, topic);
        return offsets ? Result<StopPosition>(UntilOffsets{std::move(*offsets)}) : offsets.error();
    }
    if (mode == "timestamp") {
        auto time = timestampOption(table, "scan.bounded.timestamp-millis");
        return time ? Result<StopPosition>(UntilTime{*time}) : time.error();
    }
    if (mode == "specific-offsets") {
        auto offsets = specificOffsets(table, "scan.bounded.specific-offsets");
        return offsets ? Result<StopPosition>(UntilOffsets{std::move(*offsets)}) : offsets.error();
    }
    return optionError(table,
        "'scan.bounded.mode' = '" + mode
            + "' is not known. Use latest-offset, group-offsets, timestamp, specific-offsets or unbounded.");
}

Result<std::string> topicOf(const sql::TableDefinition& table)
{
    const std::string topic = table.option("topic");
    if (!table.option("topic-pattern").empty())
        return optionError(table, "'topic-pattern' is not supported yet: name one topic with 'topic'.");
    if (topic.empty())
        return optionError(table, "the option 'topic' is missing.");
    if (topic.find(';') != std::string::npos)
        return optionError(table, "a list of topics ('" + topic + "') is not supported yet: name one topic.");
    return topic;
}

} // namespace

Result<ReadRequest> readRequestOf(const sql::TableDefinition& table, Cluster& cluster)
{
    auto topic = topicOf(table);
    if (!topic)
        return topic.error();
    auto start = startOf(table, cluster, *topic);
    if (!start)
        return start.error();
    auto stop = stopOf(table, cluster, *topic);
    if (!stop)
        return stop.error();
    ReadRequest request;
    request.topic = std::move(*topic);
    request.start = std::move(*start);
    request.stop = std::move(*stop);
    const std::string isolation = table.option("properties.isolation.level", "read_uncommitted");
    if (isolation != "read_uncommitted" && isolation != "read_committed")
        return optionError(table,
            "'properties.isolation.level' = '" + isolation + "' is not known. Use read_uncommitted or read_committed.");
    request.isolation = isolation == "read_committed" ? IsolationLevel::ReadCommitted : IsolationLevel::ReadUncommitted;
    return request;
}

} // namespace weir
