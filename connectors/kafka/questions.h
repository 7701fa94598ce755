// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/client.h"
#include "connectors/record/cluster.h"

#include <span>

namespace weir::kafka {

/// The questions behind Cluster, as plain functions over a client. All block up to `timeout`, are thread-safe, and send
/// only Metadata, ListOffsets, ListGroups, DescribeGroups, FindCoordinator, OffsetFetch and DescribeConfigs.

Result<ClusterMetadata> askMetadata(rd_kafka_t* client, std::chrono::milliseconds timeout);

/// Metadata of one topic; its `error` is set when it is missing or may not be read.
Result<TopicInfo> askTopic(rd_kafka_t* client, const std::string& topic, std::chrono::milliseconds timeout);

/// First offset at or after `time` of every partition; -1 where there is none. -1 and -2 ask for end and beginning.
Result<std::vector<Result<std::int64_t>>> askOffsets(rd_kafka_t* client, std::span<const TopicPartition> partitions,
    std::int64_t time, std::chrono::milliseconds timeout);

Result<std::vector<Watermarks>> askWatermarks(
    rd_kafka_t* client, std::span<const TopicPartition> partitions, std::chrono::milliseconds timeout);

Result<std::vector<GroupInfo>> askGroups(rd_kafka_t* client, std::chrono::milliseconds timeout);

/// `partitions` empty: all that the group has offsets for (which not every broker can tell).
Result<std::vector<CommittedOffset>> askCommitted(rd_kafka_t* client, const std::string& group,
    std::span<const TopicPartition> partitions, std::chrono::milliseconds timeout);

Result<std::map<std::string, std::string>> askTopicConfig(
    rd_kafka_t* client, const std::string& topic, std::chrono::milliseconds timeout);

/// Timestamps of the records at `offsets` (or the next ones after them); nullopt where there is no record. Reads with a
/// client of its own and small fetches.
struct ProbedOffset
{
    TopicPartition partition;
    std::int64_t offset = 0;
};
Result<std::vector<std::optional<EpochMs>>> probeTimestamps(
    const KafkaSettings& settings, std::span<const ProbedOffset> offsets, std::chrono::milliseconds timeout);

/// A topic list of librdkafka with one entry per partition, all with offset `offset`.
PartitionListPtr listOf(std::span<const TopicPartition> partitions, std::int64_t offset);

} // namespace weir::kafka
