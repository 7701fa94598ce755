// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/kafka_settings.h"
#include "connectors/kafka/producer.h"
#include "connectors/record/cluster.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace weir {

/// The clusters that a run talks to, one client each however many tables name it, and which of them may be written to.
/// Thread-safe.
class ClusterPool
{
public:
    using Properties = std::map<std::string, std::string>;

    ClusterPool(std::shared_ptr<MemoryBudget> budget, const Clock& clock);

    /// The cluster for a table that names no servers of its own, and for tables that name exactly these; `properties`
    /// are those that it is reached with.
    void setDefault(std::string bootstrapServers, Properties properties, std::shared_ptr<Cluster> cluster);
    /// From now on every table reads from this one, whatever servers it names: a capture stands for all of them.
    void setOnly(std::shared_ptr<Cluster> cluster);
    /// `properties` are a table's, as Flink names them: 'bootstrap.servers' chooses the cluster; those of a consumer
    /// (group, offsets, isolation) are the reader's business and left out here.
    Result<std::shared_ptr<Cluster>> clusterFor(const Properties& properties);

    /// The cluster with this id may be written to, for as long as the pool lives or for `time`.
    void unlock(const std::string& clusterId, std::optional<std::chrono::milliseconds> time = {});
    void lock(const std::string& clusterId);
    bool isUnlocked(const std::string& clusterId) const;

    struct Writer
    {
        std::unique_ptr<kafka::Producer> producer;
        std::string clusterId; ///< of the cluster that it writes to
    };
    /// A writer for the cluster that clusterFor() gives. *Blocks*: asks that cluster for its id, and fails with
    /// ErrorKind::Locked unless it is unlocked.
    Result<Writer> writerFor(const Properties& properties);

private:
    /// In words for the cluster of `properties`.
    Error locked(const Properties& properties);
    Result<std::string> serversOf(const Properties& properties) const;
    kafka::KafkaSettings settingsFor(const std::string& servers) const;

    std::shared_ptr<MemoryBudget> m_budget;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::shared_ptr<Cluster> m_only;
    std::string m_defaultServers;
    Properties m_defaultProperties;
    std::map<std::string, std::shared_ptr<Cluster>> m_clusters; ///< by bootstrap servers
    /// By cluster id: until when.
    std::map<std::string, std::chrono::steady_clock::time_point> m_unlocked;
};

} // namespace weir
