// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/cluster.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace weir::kafka {

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
    std::map<PartitionId, Watermarks> watermarks() const;
    std::optional<Problem> problem() const;
    /// How often the topic was seen to be made anew since the view was opened.
    int recreations() const;

    // The watch's side.
    std::map<PartitionId, std::int64_t> positions() const;
    void setWatermarks(const std::vector<Watermarks>& watermarks);
    void setProblem(std::optional<Problem> problem);
    void countRecreation();

private:
    const std::string m_topic;
    const std::vector<PartitionId> m_partitions;
    mutable std::mutex m_mutex;
    std::map<PartitionId, std::int64_t> m_positions;
    std::map<PartitionId, Watermarks> m_watermarks;
    std::optional<Problem> m_problem;
    int m_recreations = 0;
};

} // namespace weir::kafka
