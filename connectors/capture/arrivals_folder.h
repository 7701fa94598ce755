// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/arrivals.h"
#include "connectors/capture/known_batches.h"

#include <map>
#include <memory>

namespace weir::capture {

/// What all arrivals files of a capture tell together, by partition.
struct ArrivalsOfPartition
{
    std::shared_ptr<KnownBatches> known = std::make_shared<KnownBatches>();
    Ledger ledger;
};

struct Arrivals
{
    std::map<TopicPartition, ArrivalsOfPartition> partitions;
    std::size_t files = 0;
    std::vector<std::string> damages; ///< "arrivals.log: …"
};

/// Reads arrivals.log and what follows it. What is damaged is left out and told.
Result<Arrivals> readArrivals(const std::string& root);

} // namespace weir::capture
