// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/cluster.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace weir::kafka {

/// Newest known watermarks, of the partitions that have any.
using WatermarksByPartition = std::map<PartitionId, Watermarks>;

/// What one open Source and the cluster's watch tell each other about a topic. Thread-safe; the Source owns it, the
/// watch holds it weakly.
class TopicView
{
public:
    TopicView(std::string topic, std::vector<PartitionId> partitions);

    const std::string& topic() const { return m_topic; }
    const std::vector<PartitionId>& partitions() const { return m_partitions; }

    // The Source's side.
    void setPositions(const std::map<PartitionId, std::int64_t>& next);
    WatermarksByPartition watermarks() const;
    std::optional<Problem> problem() const;
    /// How often the topic was seen to be made anew since the view was opened.
    int recreations() const;
    /// How often the watch has asked for watermarks and got them.
    int looks() const;
    /// The reader met what a topic that is another one would explain: the watch is to look closely next time.
    void suspect();

    // The watch's side.
    std::map<PartitionId, std::int64_t> positions() const;
    void setWatermarks(const WatermarksByPartition& watermarks);
    void setProblem(std::optional<Problem> problem);
    void countRecreation();
    bool takeSuspicion();

private:
    const std::string m_topic;
    const std::vector<PartitionId> m_partitions;
    mutable std::mutex m_mutex;
    std::map<PartitionId, std::int64_t> m_positions;
    WatermarksByPartition m_watermarks;
    std::optional<Problem> m_problem;
    int m_recreations = 0;
    int m_looks = 0;
    bool m_suspected = false;
};

} // namespace weir::kafka
