// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/size_distribution.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace weir::cli {

std::size_t SizeDistribution::bucketOf(std::size_t bytes)
{
    if (bytes < exact)
        return bytes;
    const auto doubling = static_cast<std::size_t>(std::bit_width(bytes) - std::bit_width(exact));
    const std::size_t within = (bytes >> (doubling + 6)) - perDoubling;
    return std::min(exact + doubling * perDoubling + within, exact + perDoubling * doublings - 1);
}

std::int64_t SizeDistribution::upperBound(std::size_t bucket)
{
    if (bucket < exact)
        return static_cast<std::int64_t>(bucket);
    const std::size_t doubling = (bucket - exact) / perDoubling;
    const std::size_t within = (bucket - exact) % perDoubling;
    return static_cast<std::int64_t>(((within + perDoubling + 1) << (doubling + 6)) - 1);
}

void SizeDistribution::add(std::size_t bytes)
{
    ++m_counts[bucketOf(bytes)];
    ++m_count;
    m_max = std::max(m_max, static_cast<std::int64_t>(bytes));
}

void SizeDistribution::merge(const SizeDistribution& other)
{
    for (std::size_t i = 0; i < m_counts.size(); ++i)
        m_counts[i] += other.m_counts[i];
    m_count += other.m_count;
    m_max = std::max(m_max, other.m_max);
}

std::int64_t SizeDistribution::quantile(double q) const
{
    const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(m_count)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        seen += m_counts[i];
        if (seen >= rank && seen > 0)
            return std::min(upperBound(i), m_max);
    }
    return 0;
}

void SharedSizes::add(const RecordBatch& batch)
{
    const std::lock_guard lock(m_mutex);
    for (std::size_t i = 0; i < batch.size(); ++i)
        m_total.add(batch.recordBytes(i));
}

SizeDistribution SharedSizes::total() const
{
    const std::lock_guard lock(m_mutex);
    return m_total;
}

} // namespace weir::cli
