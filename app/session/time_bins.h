// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/cluster.h"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace weir {

/// How many records topics have per stretch of time, told by its offsets: one question per edge between bins, for all
/// partitions at once, and no record is read. Offsets are no records where compaction, transactions or deletion left
/// holes, and where timestamps run backwards a record counts in the bin in which its offset falls.
struct TimeBins
{
    EpochMs begin = 0; ///< of the first bin; a multiple of the width
    std::int64_t widthMs = 0;
    /// Offsets per bin. Between edges that have not been asked yet, what lies there in equal parts.
    std::vector<double> counts;
    bool complete = false; ///< every edge was asked

    EpochMs end() const { return begin + static_cast<std::int64_t>(counts.size()) * widthMs; }
};

/// Which stretch to count.
struct TimeBinsWanted
{
    std::vector<std::string> topics; ///< counted together
    std::vector<PartitionId> partitions; ///< of each; empty: all
    EpochMs until = 0; ///< nothing later is counted
    std::size_t mostBins = 240;
    std::int64_t finestMs = 100; ///< widths are this times a power of `fanOut`
    std::int64_t fanOut = 8;
};

/// *Blocks.* `progress` hears of ever finer states, on this thread. A topic without records has no bins. Error:
/// ErrorKind::Unsupported where the cluster cannot look up times. Ends early when `cancelled` is set.
Result<TimeBins> countByTime(Cluster& cluster, const TimeBinsWanted& wanted, const std::atomic<bool>& cancelled,
    const std::function<void(const TimeBins&)>& progress);

} // namespace weir
