// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace weir {

/// The offsets of one partition as they were told at one moment; -1: not told.
struct OffsetRange
{
    std::int64_t low = -1;
    std::int64_t high = -1;
};

/// Records per second of one topic, from the growth of its high watermarks between polls: nothing is consumed.
/// A partition counts from its second answer on. A watermark that went back means another topic under the same name:
/// that poll counts nothing for the partition. A partition that did not answer for a while spreads its growth over that
/// while.
class ThroughputMeter
{
public:
    using Moment = std::chrono::steady_clock::time_point;

    /// The answers of one poll, by partition number. Returns the rate since the poll before; never negative.
    double update(Moment now, std::span<const OffsetRange> partitions);
    double recordsPerSecond() const { return m_rate; }
    /// False until some partition has answered twice: there is no rate yet, which is not 0.
    bool hasRate() const { return m_hasRate; }

private:
    struct Known
    {
        OffsetRange offsets;
        Moment at;
    };

    std::vector<Known> m_known;
    double m_rate = 0;
    bool m_hasRate = false;
};

} // namespace weir
