// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"
#include "connectors/record/memory_budget.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace weir::kafka {

/// How to reach one Kafka cluster, and what reading from it may cost.
struct KafkaSettings
{
    std::string bootstrapServers; ///< host:port, comma separated
    /// Further librdkafka properties from the user. Those that would join, commit, create or weaken checks are refused
    /// with an error that names them.
    std::map<std::string, std::string> properties;
    std::chrono::milliseconds requestTimeout{5000};
    std::shared_ptr<MemoryBudget> budget; ///< null: unlimited, for tests
    const Clock* clock = &SystemClock::instance();
};

} // namespace weir::kafka
