// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace weir {

/// Counts of durations in log-spaced buckets, 64 from 1 ms to about 17 min, and the exact extremes. Mergeable;
/// quantiles are within half a bucket (12 %) from the buckets, within 1 % from the fine sketch that lies under them.
class LatencyDistribution
{
public:
    static constexpr std::size_t buckets = 64;
    /// Lower bound of bucket `i` in ms.
    static double lowerBound(std::size_t i);
    static std::size_t bucketOf(double ms);

    void add(double ms); ///< negative durations (clock skew) are counted apart
    void merge(const LatencyDistribution& other);
    /// 0 <= q <= 1; NaN when empty.
    double quantile(double q) const;
    std::uint64_t count() const { return m_count; }
    std::uint64_t negative() const { return m_negative; }
    double min() const { return m_min; }
    double max() const { return m_max; }
    std::array<std::uint64_t, buckets> bucketCounts() const;

private:
    static constexpr double accuracy = 0.01;

    std::vector<std::uint32_t> m_fine; ///< DDSketch bins, relative accuracy 1 %
    std::uint64_t m_count = 0;
    std::uint64_t m_negative = 0;
    double m_min = 0;
    double m_max = 0;
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
    std::uint64_t withoutTimestamp = 0;
    double p50 = 0; ///< of the last ten seconds with records
    double p95 = 0;
    double p99 = 0;
};

/// End-to-end latency over time: record time to receipt. One writer; snapshot() from any thread.
class LatencyTracker
{
public:
    explicit LatencyTracker(std::int64_t columnMs = 1000, std::size_t maxColumns = 1800);
    void add(EpochMs receivedAt, double latencyMs, std::uint64_t weight = 1);
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

    std::int64_t m_columnMs;
    std::size_t m_maxColumns;
    mutable std::mutex m_mutex;
    std::deque<OpenColumn> m_columns;
    LatencyDistribution m_total;
    std::uint64_t m_withoutTimestamp = 0;
    std::uint64_t m_generation = 0;
    std::shared_ptr<const LatencySnapshot> m_published;
};

} // namespace weir
