// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/cluster.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace weir {

/// The clusters that a run talks to, one client each however many tables name it. Thread-safe.
class ClusterPool
{
public:
    ClusterPool(std::shared_ptr<MemoryBudget> budget, const Clock& clock);

    /// The cluster for a table that names no servers of its own, and for tables that name exactly these.
    void setDefault(std::string bootstrapServers, std::shared_ptr<Cluster> cluster);
    /// `properties` are a table's, as Flink names them: 'bootstrap.servers' chooses the cluster; those of a consumer
    /// (group, offsets, isolation) are the reader's business and left out here.
    Result<std::shared_ptr<Cluster>> clusterFor(const std::map<std::string, std::string>& properties);

private:
    std::shared_ptr<MemoryBudget> m_budget;
    const Clock& m_clock;
    std::mutex m_mutex;
    std::string m_defaultServers;
    std::map<std::string, std::shared_ptr<Cluster>> m_clusters; ///< by bootstrap servers
};

} // namespace weir
