// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/topic_partition.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::window {

inline constexpr std::int64_t noWatermark = INT64_MIN;
inline constexpr std::int64_t endOfInput = INT64_MAX;

/// The watermark of a query: the minimum over its partitions, which never goes back. A partition that has shown no row
/// holds everything back; idle and ended ones are left out of the minimum, and when none is left it stays where it was.
/// Fed in arrival order. One thread.
class WatermarkTracker
{
public:
    struct Partition
    {
        PartitionId id;
        std::int64_t watermark = noWatermark;
        bool idle = false;
        bool ended = false;
    };

    /// Gives the index of the partition from now on.
    std::size_t add(PartitionId id);
    /// Rows of a partition took its own watermark to `watermark` (or left it below); it is no longer idle.
    void observe(std::size_t partition, std::int64_t watermark);
    void setIdle(std::size_t partition);
    void setEnded(std::size_t partition);

    /// What reached the windows so far.
    std::int64_t current() const { return m_current; }
    /// The watermark before a row of `partition` whose own partition's watermark before it was `own`. To be asked
    /// before observe() of the row's batch.
    std::int64_t before(std::size_t partition, std::int64_t own) const;
    /// True when every partition that has not ended is idle, and there is one.
    bool allIdle() const;
    const std::vector<Partition>& partitions() const { return m_partitions; }

private:
    std::int64_t othersMinimum(std::size_t partition) const;
    void advance();

    std::vector<Partition> m_partitions;
    std::int64_t m_current = noWatermark;
};

} // namespace weir::window
