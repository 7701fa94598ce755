// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/topic_partition.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <span>

namespace weir {

/// Records between what a group committed and the end of the partition. -1 (unknown) when nothing is committed or the
/// end is not known; 0 when the commit is ahead, because the end was asked for earlier or the topic was made anew.
std::int64_t lagOf(std::int64_t committed, std::int64_t high);

/// What is known about one partition of a group at one moment; -1: not known.
struct LagReading
{
    TopicPartition partition;
    std::int64_t committed = -1;
    std::int64_t high = -1;
};

struct LagTotals
{
    std::int64_t lag = 0; ///< sum of the known ones
    std::size_t known = 0; ///< partitions whose lag is known
    double lagPerSecond = 0; ///< growth; negative while catching up
    double consumedPerSecond = 0; ///< growth of the committed offsets; a reset to an older offset counts nothing
};

/// Lag of one group over time. Rates compare a partition with its own reading before; partitions that were unknown then
/// or are now count in neither side.
class LagMeter
{
public:
    using Moment = std::chrono::steady_clock::time_point;

    const LagTotals& update(Moment now, std::span<const LagReading> readings);
    const LagTotals& totals() const { return m_totals; }

private:
    struct Known
    {
        std::int64_t committed = -1;
        std::int64_t lag = -1;
    };

    std::map<TopicPartition, Known> m_known;
    Moment m_at;
    LagTotals m_totals;
};

} // namespace weir
