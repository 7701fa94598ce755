// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/source.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace weir {

struct BrokerInfo
{
    std::int32_t id = 0;
    std::string host;
    int port = 0;
};

struct PartitionInfo
{
    PartitionId id;
    std::int32_t leader = -1; ///< broker id, -1 none
    std::vector<std::int32_t> replicas;
    std::vector<std::int32_t> inSyncReplicas;
};

struct TopicInfo
{
    std::string name;
    bool internal = false; ///< starts with "__"
    std::vector<PartitionInfo> partitions; ///< by id
    std::optional<Error> error; ///< e.g. not authorized
};

/// All of one metadata answer.
struct ClusterMetadata
{
    std::string clusterId; ///< empty when the cluster does not tell
    std::vector<BrokerInfo> brokers;
    std::int32_t controller = -1;
    std::vector<TopicInfo> topics; ///< by name
};

struct Watermarks
{
    std::int64_t low = -1; ///< -1: unknown, see error
    std::int64_t high = -1;
    std::optional<Error> error;
};

struct GroupInfo
{
    std::string name;
    std::string state; ///< the cluster's own word: Stable, Empty, Dead, …
    std::string protocolType;
    std::string remark; ///< what this client library cannot tell about the group, empty if nothing
    std::optional<std::size_t> members;
};

struct CommittedOffset
{
    TopicPartition partition;
    std::int64_t offset = -1; ///< -1: nothing committed
    std::optional<Error> error;
};

struct ObservedGroup
{
    GroupInfo info;
    std::vector<CommittedOffset> committed;
};

/// Where groups stood at one time, and the ends of the partitions they read.
struct GroupRound
{
    EpochMs time = 0;
    std::vector<ObservedGroup> groups;
    std::vector<std::pair<TopicPartition, std::int64_t>> ends;
};

/// How many records came within a second.
struct ArrivedRecords
{
    EpochMs second = 0; ///< its begin
    std::int64_t records = 0;
    bool operator==(const ArrivedRecords&) const = default;
};

/// A cluster to look at: bulk questions about topics, offsets and groups, and Sources to read. Every call may block up
/// to its time-out (never on the GUI thread), is thread-safe and changes nothing on the cluster.
class Cluster
{
public:
    virtual ~Cluster() = default;

    virtual Result<ClusterMetadata> metadata() = 0;
    /// One bulk question for all partitions; the answer has the order of the question.
    virtual Result<std::vector<Watermarks>> watermarks(std::span<const TopicPartition> partitions) = 0;
    /// First offset whose record has a timestamp at or after `time`; the end offset where there is none.
    /// ErrorKind::Unsupported where the cluster cannot look up timestamps.
    virtual Result<std::vector<std::int64_t>> offsetsForTime(
        std::span<const TopicPartition> partitions, EpochMs time) = 0;
    /// Timestamps of the first retained record of each partition; nullopt for an empty one.
    virtual Result<std::vector<std::optional<EpochMs>>> firstTimestamps(std::span<const TopicPartition> partitions) = 0;
    /// ErrorKind::Unsupported where the cluster lists no groups: they can still be named by hand.
    virtual Result<std::vector<GroupInfo>> groups() = 0;
    /// Committed offsets of one group, all partitions it has any for.
    virtual Result<std::vector<CommittedOffset>> committedOffsets(const std::string& group) = 0;
    /// Where groups stood, in (after, until], where that was written down; nullopt: they have to be asked for.
    virtual std::optional<std::vector<GroupRound>> observedGroups(EpochMs /*after*/, EpochMs /*until*/)
    {
        return std::nullopt;
    }
    /// When the records of a topic came, in (after, until], where that was written down; nullopt: it has to be watched.
    virtual std::optional<std::vector<ArrivedRecords>> arrivals(
        const std::string& /*topic*/, EpochMs /*after*/, EpochMs /*until*/)
    {
        return std::nullopt;
    }
    virtual Result<std::map<std::string, std::string>> topicConfig(const std::string& topic) = 0;
    /// Sources over disjoint partitions that together read what `request` says.
    virtual Result<std::vector<std::unique_ptr<Source>>> open(const ReadRequest& request) = 0;
    /// Whether the last call reached the cluster, and since when not.
    virtual Connection connection() const = 0;
};

} // namespace weir
