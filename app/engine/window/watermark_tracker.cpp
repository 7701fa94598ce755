// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/watermark_tracker.h"

#include <algorithm>

namespace weir::window {

std::size_t WatermarkTracker::add(PartitionId id)
{
    m_partitions.push_back({id, noWatermark, false, false});
    return m_partitions.size() - 1;
}

void WatermarkTracker::observe(std::size_t partition, std::int64_t watermark)
{
    Partition& one = m_partitions[partition];
    one.idle = false;
    one.watermark = std::max(one.watermark, watermark);
    advance();
}

void WatermarkTracker::setIdle(std::size_t partition)
{
    m_partitions[partition].idle = true;
    advance();
}

void WatermarkTracker::setEnded(std::size_t partition)
{
    m_partitions[partition].ended = true;
    advance();
}

std::int64_t WatermarkTracker::othersMinimum(std::size_t partition) const
{
    std::int64_t minimum = endOfInput;
    for (std::size_t i = 0; i < m_partitions.size(); ++i) {
        const Partition& one = m_partitions[i];
        if (i != partition && !one.idle && !one.ended)
            minimum = std::min(minimum, one.watermark);
    }
    return minimum;
}

std::int64_t WatermarkTracker::before(std::size_t partition, std::int64_t own) const
{
    return std::max(m_current, std::min(own, othersMinimum(partition)));
}

bool WatermarkTracker::allIdle() const
{
    bool idle = false;
    for (const Partition& one : m_partitions) {
        if (!one.ended && !one.idle)
            return false;
        idle = idle || !one.ended;
    }
    return idle;
}

void WatermarkTracker::advance()
{
    const std::int64_t minimum = othersMinimum(m_partitions.size());
    if (minimum != endOfInput)
        m_current = std::max(m_current, minimum);
}

} // namespace weir::window
