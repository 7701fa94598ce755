// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace weir {

/// Counts of durations in log-spaced buckets, 64 from 1 ms to about 17 min (the first and the last one are open), and
/// the exact extremes. Mergeable. Quantiles come from the fine sketch that lies under them and are within 1 % of the
/// value of that rank for durations from 0.1 ms to 30 years; shorter ones count as 0.
class LatencyDistribution
{
public:
    static constexpr std::size_t buckets = 64;
    /// Lower bound of bucket `i` in ms.
    static double lowerBound(std::size_t i);
    static std::size_t bucketOf(double ms);

    /// Negative durations (clock skew) are counted apart, values that are not finite not at all.
    void add(double ms, std::uint64_t weight = 1);
    void merge(const LatencyDistribution& other);
    /// 0 <= q <= 1, of the durations that are not negative; NaN when there is none.
    double quantile(double q) const;
    /// Without the negative ones.
    std::uint64_t count() const { return m_count; }
    std::uint64_t negative() const { return m_negative; }
    double min() const { return m_min; } ///< NaN when empty
    double max() const { return m_max; } ///< NaN when empty
    const std::array<std::uint64_t, buckets>& bucketCounts() const { return m_buckets; }
    std::size_t memoryBytes() const { return sizeof(*this) + m_fine.capacity() * sizeof(m_fine[0]); }

private:
    std::uint64_t& fine(std::size_t index);

    std::array<std::uint64_t, buckets> m_buckets{};
    std::vector<std::uint64_t> m_fine; ///< DDSketch bins from m_firstFine on, relative accuracy 1 %
    std::size_t m_firstFine = 0;
    std::uint64_t m_count = 0;
    std::uint64_t m_zero = 0; ///< below the sketch
    std::uint64_t m_negative = 0;
    double m_min = std::numeric_limits<double>::quiet_NaN();
    double m_max = std::numeric_limits<double>::quiet_NaN();
};

/// One column of the heat map: all latencies of records received in [start, start + width).
struct LatencyColumn
{
    EpochMs start = 0;
    std::array<std::uint32_t, LatencyDistribution::buckets> counts{};
    double p50 = 0;
    double p95 = 0;
    double p99 = 0;
    std::uint64_t records = 0;
};

struct LatencySnapshot
{
    std::uint64_t generation = 0;
    std::int64_t columnMs = 1000;
    std::vector<LatencyColumn> columns; ///< by start; seconds without records have no column
    std::uint64_t records = 0;
    std::uint64_t negative = 0; ///< records whose timestamp lies ahead of this machine's clock
    std::uint64_t withoutTimestamp = 0; ///< records that told no time to measure from
    double p50 = 0; ///< of the last ten seconds with records
    double p95 = 0;
    double p99 = 0;
};

/// One measured record, or several with the same latency.
struct LatencySample
{
    double latencyMs = 0;
    std::uint64_t weight = 1;
};

/// End-to-end latency over time: record time to receipt. Writers take turns; snapshot() from any thread.
class LatencyTracker
{
public:
    explicit LatencyTracker(std::int64_t columnMs = 1000, std::size_t maxColumns = 1800);
    void add(EpochMs receivedAt, double latencyMs, std::uint64_t weight = 1);
    /// All of one batch, received at one moment: one lock, one column.
    void add(EpochMs receivedAt, std::span<const LatencySample> samples);
    void addWithoutTimestamp(std::uint64_t records);
    std::shared_ptr<const LatencySnapshot> snapshot();
    /// Everything since the start in one distribution.
    LatencyDistribution total() const;

private:
    struct OpenColumn
    {
        EpochMs start = 0;
        LatencyDistribution distribution;
    };

    OpenColumn& columnFor(EpochMs receivedAt);
    void closeOldColumns();

    const std::int64_t m_columnMs;
    const std::size_t m_maxColumns;
    mutable std::mutex m_mutex;
    std::deque<LatencyColumn> m_closed; ///< by start
    /// The newest ones, by start: sources differ by a batch in when they were received. A batch that is older than
    /// these (the machine's clock was set back) counts in the oldest of them.
    std::deque<OpenColumn> m_open;
    LatencyDistribution m_closedTotal; ///< of all columns that are no longer open
    std::uint64_t m_withoutTimestamp = 0;
    std::uint64_t m_generation = 0;
    bool m_changed = false;
    std::shared_ptr<const LatencySnapshot> m_published;
};

} // namespace weir
