// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/series/series.h"
#include "connectors/record/cluster.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace weir {

struct ClusterMonitorOptions
{
    std::chrono::milliseconds interval{2000}; ///< metadata and watermarks
    std::chrono::milliseconds groupInterval{5000}; ///< groups and their committed offsets
    std::vector<std::string> namedGroups; ///< groups the user named, for clusters that list none
    std::string address; ///< bootstrap servers, for words; empty: "The cluster"
};

struct TopicRate
{
    std::string name;
    bool internal = false;
    std::size_t partitions = 0;
    std::vector<Watermarks> watermarks; ///< by partition number
    std::int64_t records = 0; ///< high - low, all partitions: offsets, an upper bound for records
    double recordsPerSecond = 0; ///< growth of the high watermarks between the last two polls
    SeriesSnapshotPtr throughput; ///< records/s
    std::optional<Error> error;
};

struct PartitionLag
{
    TopicPartition partition;
    std::int64_t committed = -1; ///< -1: nothing committed
    std::int64_t high = -1;
    std::int64_t lag = -1; ///< -1: unknown
};

struct GroupLag
{
    std::string name;
    std::string state;
    std::string remark;
    std::vector<PartitionLag> partitions; ///< by topic and partition
    std::int64_t lag = 0; ///< sum of the known ones
    double lagPerSecond = 0; ///< growth, negative while catching up
    double consumedPerSecond = 0; ///< growth of the committed offsets
    SeriesSnapshotPtr lagSeries;
    std::optional<Error> error;
};

/// What is known about a cluster at one moment. Immutable.
struct ClusterSnapshot
{
    std::uint64_t generation = 0;
    Connection connection = Connection::Connecting;
    std::string connectionText; ///< why not Up, in words; empty when Up
    EpochMs takenAt = 0; ///< last answer about topics; what is shown while not Up is from then
    ClusterMetadata metadata;
    std::vector<TopicRate> topics; ///< by name
    std::vector<GroupLag> groups; ///< by name
    bool groupsListed = true; ///< false: the cluster lists no groups, only named ones are here
    std::optional<Error> groupsError; ///< why the list of groups is missing or old
    double recordsPerSecond = 0; ///< all topics that are not internal
};

/// Polls a cluster on its own thread and keeps throughput and lag over time. All functions from any thread. stop() and
/// the destructor do not wait for a call that the cluster has not answered; once they return, the clock is not used any
/// more.
class ClusterMonitor
{
public:
    ClusterMonitor(std::shared_ptr<Cluster> cluster, const Clock& clock, ClusterMonitorOptions options);
    ~ClusterMonitor();
    ClusterMonitor(const ClusterMonitor&) = delete;
    ClusterMonitor& operator=(const ClusterMonitor&) = delete;

    void start(); ///< once
    void stop(); ///< for good
    void addNamedGroup(const std::string& group);
    /// Never null; before the first answer: generation 0, Connecting.
    std::shared_ptr<const ClusterSnapshot> snapshot() const;

private:
    class State;
    std::shared_ptr<State> m_state;
};

} // namespace weir
