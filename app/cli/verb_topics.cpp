// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"

namespace weir::cli {

namespace {

struct TopicLine
{
    std::string name;
    std::size_t partitions = 0;
    std::int64_t low = 0; ///< smallest low watermark
    std::int64_t high = 0; ///< largest high watermark
    std::int64_t records = 0; ///< offsets between them, all partitions
    std::string error;
};

std::vector<TopicPartition> partitionsOf(const ClusterMetadata& metadata)
{
    std::vector<TopicPartition> partitions;
    for (const TopicInfo& topic : metadata.topics) {
        for (const PartitionInfo& partition : topic.partitions)
            partitions.push_back({topic.name, partition.id});
    }
    return partitions;
}

TopicLine describe(const TopicInfo& topic, std::span<const Watermarks> watermarks)
{
    TopicLine line;
    line.name = topic.name;
    line.partitions = topic.partitions.size();
    if (topic.error)
        line.error = topic.error->message;
    for (std::size_t i = 0; i < watermarks.size(); ++i) {
        const Watermarks& one = watermarks[i];
        if (one.error && line.error.empty())
            line.error = one.error->message;
        if (one.low < 0 || one.high < 0)
            continue;
        line.low = i == 0 ? one.low : std::min(line.low, one.low);
        line.high = std::max(line.high, one.high);
        line.records += one.high - one.low;
    }
    return line;
}

Result<std::vector<TopicLine>> topicLines(Cluster& cluster, bool internal)
{
    auto metadata = cluster.metadata();
    if (!metadata)
        return metadata.error();
    const std::vector<TopicPartition> partitions = partitionsOf(*metadata);
    auto watermarks = cluster.watermarks(partitions);
    if (!watermarks)
        return watermarks.error();
    std::vector<TopicLine> lines;
    std::size_t first = 0;
    for (const TopicInfo& topic : metadata->topics) {
        const std::size_t count = topic.partitions.size();
        if (internal || !topic.internal)
            lines.push_back(describe(topic, std::span(*watermarks).subspan(first, count)));
        first += count;
    }
    return lines;
}

void printJson(const std::vector<TopicLine>& lines, DataWriter& out)
{
    for (const TopicLine& line : lines) {
        std::string text = "{\"topic\":" + jsonString(line.name) + ",\"partitions\":" + std::to_string(line.partitions)
            + ",\"low\":" + std::to_string(line.low) + ",\"high\":" + std::to_string(line.high)
            + ",\"offsets\":" + std::to_string(line.records);
        if (!line.error.empty())
            text += ",\"error\":" + jsonString(line.error);
        out.line(text + "}");
    }
}

void printTable(const std::vector<TopicLine>& lines, DataWriter& out)
{
    std::vector<std::vector<std::string>> rows{{"topic", "partitions", "low", "high", "offsets", ""}};
    for (const TopicLine& line : lines)
        rows.push_back({line.name, std::to_string(line.partitions), std::to_string(line.low), std::to_string(line.high),
            grouped(line.records), line.error});
    out.text(alignedTable(rows, {false, true, true, true, true, false}));
}

ExitCode listTopics(Environment& environment, bool internal)
{
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    auto lines = topicLines(*cluster, internal);
    if (!lines) {
        complain(lines.error().text());
        return ExitCode::Failed;
    }
    DataWriter out;
    if (environment.options.json)
        printJson(*lines, out);
    else
        printTable(*lines, out);
    return out.finish(ExitCode::Done);
}

} // namespace

void addTopics(CommandLine& line)
{
    const auto internal = std::make_shared<bool>(false);
    VerbOptions verb = line.addVerb("topics", "List topics with their partitions and offsets",
        [internal](Environment& environment) { return listTopics(environment, *internal); });
    verb.connection("JSON Lines instead of a table");
    verb.flag("--internal", *internal, "Internal topics too (those that start with __)");
}

} // namespace weir::cli
