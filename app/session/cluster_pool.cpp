// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/cluster_pool.h"

#include "connectors/kafka/kafka_cluster.h"

namespace weir {

ClusterPool::ClusterPool(std::shared_ptr<MemoryBudget> budget, const Clock& clock)
    : m_budget(std::move(budget)), m_clock(clock)
{ }

void ClusterPool::setDefault(std::string bootstrapServers, Properties properties, std::shared_ptr<Cluster> cluster)
{
    const std::lock_guard lock(m_mutex);
    m_clusters[bootstrapServers] = std::move(cluster);
    m_defaultServers = std::move(bootstrapServers);
    m_defaultProperties = std::move(properties);
}

void ClusterPool::setOnly(std::shared_ptr<Cluster> cluster)
{
    const std::lock_guard lock(m_mutex);
    m_only = std::move(cluster);
}

Result<std::string> ClusterPool::serversOf(const Properties& properties) const
{
    const auto named = properties.find("bootstrap.servers");
    std::string servers = named == properties.end() ? m_defaultServers : named->second;
    if (servers.empty())
        return Error{ErrorKind::InvalidInput, "the option 'properties.bootstrap.servers' is missing.", {}};
    const auto protocol = properties.find("security.protocol");
    if (protocol != properties.end() && protocol->second != "PLAINTEXT")
        return Error{ErrorKind::Unsupported,
            "'properties.security.protocol' = '" + protocol->second
                + "' cannot be used yet: Weir talks to plain brokers.",
            servers};
    return servers;
}

kafka::KafkaSettings ClusterPool::settingsFor(const std::string& servers) const
{
    kafka::KafkaSettings settings;
    settings.bootstrapServers = servers;
    if (servers == m_defaultServers)
        settings.properties = m_defaultProperties;
    settings.budget = m_budget;
    settings.clock = &m_clock;
    return settings;
}

Result<std::shared_ptr<Cluster>> ClusterPool::clusterFor(const Properties& properties)
{
    const std::lock_guard lock(m_mutex);
    if (m_only)
        return m_only;
    const auto servers = serversOf(properties);
    if (!servers)
        return servers.error();
    if (const auto known = m_clusters.find(*servers); known != m_clusters.end())
        return known->second;
    auto cluster = kafka::openCluster(settingsFor(*servers));
    if (cluster)
        m_clusters[*servers] = *cluster;
    return cluster;
}

void ClusterPool::unlock(const std::string& clusterId, std::optional<std::chrono::milliseconds> time)
{
    const std::lock_guard lock(m_mutex);
    m_unlocked[clusterId] = time ? m_clock.steady() + *time : std::chrono::steady_clock::time_point::max();
}

void ClusterPool::lock(const std::string& clusterId)
{
    const std::lock_guard lock(m_mutex);
    m_unlocked.erase(clusterId);
}

bool ClusterPool::isUnlocked(const std::string& clusterId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_unlocked.find(clusterId);
    return found != m_unlocked.end() && m_clock.steady() < found->second;
}

Error ClusterPool::locked(const Properties& properties)
{
    const auto cluster = clusterFor(properties);
    if (!cluster)
        return cluster.error();
    const auto metadata = (*cluster)->metadata();
    if (!metadata)
        return metadata.error();
    return {ErrorKind::Locked, "writing is locked on this cluster, whose id is " + metadata->clusterId + ".", {}};
}

Result<ClusterPool::Writer> ClusterPool::writerFor(const Properties& properties)
{
    std::unique_lock lock(m_mutex);
    const auto servers = serversOf(properties);
    if (!servers)
        return servers.error();
    const kafka::KafkaSettings settings = settingsFor(*servers);
    std::vector<std::string> unlocked;
    for (const auto& [id, until] : m_unlocked) {
        if (m_clock.steady() < until)
            unlocked.push_back(id);
    }
    lock.unlock();
    if (unlocked.empty())
        return locked(properties);
    Error refused;
    for (const std::string& id : unlocked) {
        const auto proof = kafka::unlockWriting(settings, id);
        if (!proof) {
            refused = proof.error();
            continue;
        }
        auto producer = kafka::Producer::open(*proof, settings);
        if (!producer)
            return producer.error();
        return Writer{std::move(*producer), id};
    }
    return refused;
}

} // namespace weir
