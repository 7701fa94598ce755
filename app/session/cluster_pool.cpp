// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/cluster_pool.h"

#include "connectors/kafka/kafka_cluster.h"

namespace weir {

ClusterPool::ClusterPool(std::shared_ptr<MemoryBudget> budget, const Clock& clock)
    : m_budget(std::move(budget)), m_clock(clock)
{ }

void ClusterPool::setDefault(std::string bootstrapServers, std::shared_ptr<Cluster> cluster)
{
    const std::lock_guard lock(m_mutex);
    m_clusters[bootstrapServers] = std::move(cluster);
    m_defaultServers = std::move(bootstrapServers);
}

Result<std::shared_ptr<Cluster>> ClusterPool::clusterFor(const std::map<std::string, std::string>& properties)
{
    const std::lock_guard lock(m_mutex);
    const auto named = properties.find("bootstrap.servers");
    const std::string servers = named == properties.end() ? m_defaultServers : named->second;
    if (servers.empty())
        return Error{ErrorKind::InvalidInput, "the option 'properties.bootstrap.servers' is missing.", {}};
    const auto protocol = properties.find("security.protocol");
    if (protocol != properties.end() && protocol->second != "PLAINTEXT")
        return Error{ErrorKind::Unsupported,
            "'properties.security.protocol' = '" + protocol->second + "' cannot be used yet: Weir reads plain brokers.",
            servers};
    if (const auto known = m_clusters.find(servers); known != m_clusters.end())
        return known->second;
    kafka::KafkaSettings settings;
    settings.bootstrapServers = servers;
    settings.budget = m_budget;
    settings.clock = &m_clock;
    auto cluster = kafka::openCluster(settings);
    if (cluster)
        m_clusters[servers] = *cluster;
    return cluster;
}

} // namespace weir
