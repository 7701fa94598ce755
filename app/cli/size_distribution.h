// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <array>
#include <cstdint>
#include <mutex>

namespace weir::cli {

/// Counts of record sizes: exact below 4,096 bytes, within 1.6 % above. Mergeable.
class SizeDistribution
{
public:
    void add(std::size_t bytes);
    void merge(const SizeDistribution& other);
    std::uint64_t count() const { return m_count; }
    std::int64_t max() const { return m_max; }
    /// 0 <= q <= 1; 0 when empty. Never above max().
    std::int64_t quantile(double q) const;

private:
    static constexpr std::size_t exact = 4096;
    static constexpr std::size_t perDoubling = 64;
    static constexpr std::size_t doublings = 20; ///< up to 4 GiB

    static std::size_t bucketOf(std::size_t bytes);
    static std::int64_t upperBound(std::size_t bucket);

    std::array<std::uint64_t, exact + perDoubling * doublings> m_counts{};
    std::uint64_t m_count = 0;
    std::int64_t m_max = 0;
};

/// A SizeDistribution that the reading threads of a feed fill together: one lock per batch.
class SharedSizes
{
public:
    void add(const RecordBatch& batch);
    SizeDistribution total() const;

private:
    mutable std::mutex m_mutex;
    SizeDistribution m_total;
};

} // namespace weir::cli
