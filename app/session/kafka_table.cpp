// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/kafka_table.h"

#include "app/engine/sql/regex_functions.h"
#include "app/session/option_error.h"

#include <algorithm>
#include <charconv>

namespace weir {

namespace {

using OffsetList = std::vector<std::pair<PartitionId, std::int64_t>>;

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

std::optional<std::int64_t> offsetOf(const OffsetList& offsets, PartitionId partition)
{
    const auto found =
        std::find_if(offsets.begin(), offsets.end(), [partition](const auto& one) { return one.first == partition; });
    return found == offsets.end() ? std::nullopt : std::optional(found->second);
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

/// What the table's group has committed for the topic; partitions without a commit are left out.
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

/// Partitions that a list of specific offsets does not name take the commit of the table's group, as Flink's do.
Result<OffsetList> withCommits(
    OffsetList offsets, const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    if (table.option("properties.group.id").empty())
        return offsets;
    auto committed = committedOf(table, cluster, topic);
    if (!committed)
        return committed.error();
    for (const auto& [id, offset] : *committed) {
        if (!offsetOf(offsets, id))
            offsets.emplace_back(id, offset);
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

enum class ResetPolicy : std::uint8_t { None, Earliest, Latest };

Result<ResetPolicy> resetPolicyOf(const sql::TableDefinition& table)
{
    const std::string reset = table.option("properties.auto.offset.reset", "none");
    if (reset == "earliest")
        return ResetPolicy::Earliest;
    if (reset == "latest")
        return ResetPolicy::Latest;
    if (reset == "none")
        return ResetPolicy::None;
    return optionError(
        table, "'properties.auto.offset.reset' = '" + reset + "' is not known. Use earliest, latest or none.");
}

/// Where a partition starts whose group has no offset that is still there.
Result<std::int64_t> resetOffset(const sql::TableDefinition& table, const TopicPartition& partition,
    const Watermarks& marks, std::optional<std::int64_t> committed)
{
    const auto policy = resetPolicyOf(table);
    if (!policy)
        return policy.error();
    if (*policy != ResetPolicy::None)
        return *policy == ResetPolicy::Earliest ? marks.low : marks.high;
    const std::string name = partition.topic + "-" + std::to_string(partition.partition.value);
    const std::string group = table.option("properties.group.id");
    const std::string remedy = " Set 'properties.auto.offset.reset' or another 'scan.startup.mode'.";
    if (!committed)
        return optionError(table,
            "Undefined offset with no reset policy for partitions: [" + name + "]. The group " + group
                + " has committed nothing there." + remedy);
    return optionError(table,
        "Offset " + std::to_string(*committed) + " that the group " + group + " has committed is out of range for "
            + "partition " + name + ", which holds " + std::to_string(marks.low) + " to " + std::to_string(marks.high)
            + ", and there is no reset policy." + remedy);
}

Result<StartPosition> groupStart(const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    const auto committed = committedOf(table, cluster, topic);
    if (!committed)
        return committed.error();
    const auto partitions = partitionsOf(table, cluster, topic);
    if (!partitions)
        return partitions.error();
    const auto watermarks = cluster.watermarks(*partitions);
    if (!watermarks)
        return watermarks.error();
    OffsetList offsets;
    for (std::size_t i = 0; i < partitions->size(); ++i) {
        const TopicPartition& partition = (*partitions)[i];
        const Watermarks& marks = (*watermarks)[i];
        const std::optional<std::int64_t> offset = offsetOf(*committed, partition.partition);
        if (offset && *offset >= marks.low && *offset <= marks.high) {
            offsets.emplace_back(partition.partition, *offset);
            continue;
        }
        const auto reset = resetOffset(table, partition, marks, offset);
        if (!reset)
            return reset.error();
        offsets.emplace_back(partition.partition, *reset);
    }
    return StartPosition(FromOffsets{std::move(offsets)});
}

/// Flink evaluates the commits once, when reading starts.
Result<StopPosition> groupStop(const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    auto committed = committedOf(table, cluster, topic);
    if (!committed)
        return committed.error();
    const auto partitions = partitionsOf(table, cluster, topic);
    if (!partitions)
        return partitions.error();
    for (const TopicPartition& partition : *partitions) {
        if (!offsetOf(*committed, partition.partition))
            return optionError(table,
                "Partition " + topic + "-" + std::to_string(partition.partition.value)
                    + " should stop at committed offset. But there is no committed offset of this partition for group "
                    + table.option("properties.group.id") + ".");
    }
    return StopPosition(UntilOffsets{std::move(*committed)});
}

template <typename Position, typename Offsets>
Result<Position> specificPosition(
    const std::string& optionName, const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    auto named = specificOffsets(table, optionName);
    if (!named)
        return named.error();
    auto offsets = withCommits(std::move(*named), table, cluster, topic);
    return offsets ? Result<Position>(Offsets{std::move(*offsets)}) : offsets.error();
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
    if (mode == "specific-offsets")
        return specificPosition<StartPosition, FromOffsets>("scan.startup.specific-offsets", table, cluster, topic);
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
    if (mode == "group-offsets")
        return groupStop(table, cluster, topic);
    if (mode == "timestamp") {
        auto time = timestampOption(table, "scan.bounded.timestamp-millis");
        return time ? Result<StopPosition>(UntilTime{*time}) : time.error();
    }
    if (mode == "specific-offsets")
        return specificPosition<StopPosition, UntilOffsets>("scan.bounded.specific-offsets", table, cluster, topic);
    return optionError(table,
        "'scan.bounded.mode' = '" + mode
            + "' is not known. Use latest-offset, group-offsets, timestamp, specific-offsets or unbounded.");
}

/// The topics of the cluster that 'topic-pattern' matches as a whole, those that there are now.
Result<std::vector<std::string>> matchingTopics(const sql::TableDefinition& table, Cluster& cluster)
{
    const std::string pattern = table.option("topic-pattern");
    if (const std::string fault = sql::patternFault(pattern); !fault.empty())
        return optionError(table, "'topic-pattern' = '" + pattern + "' cannot be run: " + fault + ".");
    const auto metadata = cluster.metadata();
    if (!metadata)
        return metadata.error();
    std::vector<std::string> topics;
    for (const TopicInfo& topic : metadata->topics) {
        if (!topic.internal && sql::regexIs(topic.name, pattern).value_or(false))
            topics.push_back(topic.name);
    }
    if (topics.empty())
        return Error{ErrorKind::NotFound, "the cluster has no topic that matches '" + pattern + "' as a whole.",
            "table " + table.name};
    return topics;
}

Result<std::vector<std::string>> topicsOf(const sql::TableDefinition& table, Cluster& cluster)
{
    const bool hasPattern = !table.option("topic-pattern").empty();
    if (!table.option("topic").empty() && hasPattern)
        return optionError(table, "Option 'topic' and 'topic-pattern' shouldn't be set together.");
    if (hasPattern)
        return matchingTopics(table, cluster);
    std::vector<std::string> topics;
    for (std::string& topic : table.listOption("topic")) {
        if (std::find(topics.begin(), topics.end(), topic) == topics.end())
            topics.push_back(std::move(topic));
    }
    if (topics.empty())
        return optionError(table, "the option 'topic' is missing (or 'topic-pattern').");
    const bool byOffsets = table.option("scan.startup.mode") == "specific-offsets"
        || table.option("scan.bounded.mode") == "specific-offsets";
    if (byOffsets && topics.size() > 1)
        return optionError(table, "Currently Kafka source only supports specific offset for single topic.");
    return topics;
}

Result<ReadRequest> requestOf(const sql::TableDefinition& table, Cluster& cluster, const std::string& topic)
{
    auto start = startOf(table, cluster, topic);
    if (!start)
        return start.error();
    auto stop = stopOf(table, cluster, topic);
    if (!stop)
        return stop.error();
    ReadRequest request;
    request.topic = topic;
    request.start = std::move(*start);
    request.stop = std::move(*stop);
    const std::string isolation = table.option("properties.isolation.level", "read_uncommitted");
    if (isolation != "read_uncommitted" && isolation != "read_committed")
        return optionError(table,
            "'properties.isolation.level' = '" + isolation + "' is not known. Use read_uncommitted or read_committed.");
    request.isolation = isolation == "read_committed" ? IsolationLevel::ReadCommitted : IsolationLevel::ReadUncommitted;
    return request;
}

} // namespace

Result<std::vector<ReadRequest>> readRequestsOf(const sql::TableDefinition& table, Cluster& cluster)
{
    const auto topics = topicsOf(table, cluster);
    if (!topics)
        return topics.error();
    std::vector<ReadRequest> requests;
    for (const std::string& topic : *topics) {
        auto request = requestOf(table, cluster, topic);
        if (!request)
            return request.error();
        if (topics->size() > 1)
            request->instances = 1; // there is one for every topic already
        requests.push_back(std::move(*request));
    }
    return requests;
}

std::map<std::string, std::string> kafkaProperties(const sql::TableDefinition& table)
{
    constexpr std::string_view prefix = "properties.";
    std::map<std::string, std::string> properties;
    for (const auto& [name, value] : table.options) {
        if (name.starts_with(prefix))
            properties.emplace(name.substr(prefix.size()), value);
    }
    return properties;
}

} // namespace weir
