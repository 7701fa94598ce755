// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/metrics/throughput.h"

namespace weir {

double ThroughputMeter::update(Moment now, std::span<const OffsetRange> partitions)
{
    m_known.resize(partitions.size());
    m_rate = 0;
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        const OffsetRange& told = partitions[i];
        Known& known = m_known[i];
        if (told.high < 0)
            continue;
        const std::chrono::duration<double> passed = now - known.at;
        const bool continues = known.offsets.high >= 0 && told.high >= known.offsets.high
            && (told.low < 0 || told.low >= known.offsets.low);
        m_hasRate = m_hasRate || (known.offsets.high >= 0 && passed.count() > 0);
        if (continues && passed.count() > 0)
            m_rate += static_cast<double>(told.high - known.offsets.high) / passed.count();
        // Two polls within no time: the growth is counted by the next one.
        if (!continues || passed.count() > 0)
            known = {told, now};
    }
    return m_rate;
}

} // namespace weir
