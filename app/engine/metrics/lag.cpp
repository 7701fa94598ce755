// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/metrics/lag.h"

#include <algorithm>

namespace weir {

std::int64_t lagOf(std::int64_t committed, std::int64_t high)
{
    if (committed < 0 || high < 0)
        return -1;
    return std::max<std::int64_t>(high - committed, 0);
}

const LagTotals& LagMeter::update(Moment now, std::span<const LagReading> readings)
{
    LagTotals totals;
    std::map<TopicPartition, Known> known;
    std::int64_t lagGrowth = 0;
    std::int64_t consumed = 0;
    for (const LagReading& reading : readings) {
        const Known current{reading.committed, lagOf(reading.committed, reading.high)};
        known[reading.partition] = current;
        if (current.lag < 0)
            continue;
        totals.lag += current.lag;
        ++totals.known;
        const auto before = m_known.find(reading.partition);
        if (before == m_known.end() || before->second.lag < 0)
            continue;
        lagGrowth += current.lag - before->second.lag;
        consumed += std::max<std::int64_t>(current.committed - before->second.committed, 0);
    }
    const std::chrono::duration<double> passed = now - m_at;
    if (passed.count() > 0) {
        totals.lagPerSecond = static_cast<double>(lagGrowth) / passed.count();
        totals.consumedPerSecond = static_cast<double>(consumed) / passed.count();
    }
    m_known = std::move(known);
    m_at = now;
    m_totals = totals;
    return m_totals;
}

} // namespace weir
