// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <map>
#include <memory>
#include <string>

namespace weir::kafka {

/// A small Kafka inside this process (librdkafka's mock) on loopback ports, for the demo and for tests. Other programs
/// can join in. Keeps 5 MiB or 100,000 batches per partition, lists no groups, looks up no timestamps.
class EmbeddedCluster
{
public:
    /// Topic name to number of partitions.
    static Result<std::unique_ptr<EmbeddedCluster>> start(const std::map<std::string, int>& topics);
    virtual ~EmbeddedCluster() = default;

    virtual const std::string& bootstrapServers() const = 0;
    virtual const std::string& clusterId() const = 0;
    /// Cuts or restores the connections of all brokers, for fault tests.
    virtual void setUp(bool up) = 0;
};

} // namespace weir::kafka
