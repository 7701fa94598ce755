// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/metrics/latency.h"

#include <algorithm>
#include <cmath>

namespace weir {

namespace {

// DDSketch: bin i holds durations in (g^(i-1), g^i] times the smallest one, g = (1 + a) / (1 - a), and answers with the
// value that is off by at most the share a from either end.
constexpr double accuracy = 0.01;
constexpr double growth = (1 + accuracy) / (1 - accuracy);
constexpr double smallestMs = 0.1;
constexpr double largestMs = 1e12;

// Both the 64 buckets (20 doublings) and the sketch are told from one logarithm.
constexpr double bucketsPerDoubling = static_cast<double>(LatencyDistribution::buckets) / 20;

double fineBinsPerDoubling()
{
    static const double value = 1 / std::log2(growth);
    return value;
}

std::size_t fineIndex(double log2Ms)
{
    static const double offset = std::log2(smallestMs) * fineBinsPerDoubling();
    return static_cast<std::size_t>(std::max(std::ceil(log2Ms * fineBinsPerDoubling() - offset), 0.0));
}

double fineValue(std::size_t index)
{
    return smallestMs * std::pow(growth, static_cast<double>(index)) * 2 / (1 + growth);
}

using Bounds = std::array<double, LatencyDistribution::buckets>;

const Bounds& lowerBounds()
{
    static const Bounds bounds = [] {
        Bounds all{};
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = std::exp2(static_cast<double>(i) / bucketsPerDoubling);
        return all;
    }();
    return bounds;
}

std::size_t bucketIndex(double ms, double log2Ms)
{
    if (!(log2Ms > 0))
        return 0;
    std::size_t bucket =
        std::min(static_cast<std::size_t>(log2Ms * bucketsPerDoubling), LatencyDistribution::buckets - 1);
    // A logarithm is rounded; the bounds decide.
    const Bounds& bounds = lowerBounds();
    if (bucket + 1 < bounds.size() && ms >= bounds[bucket + 1])
        ++bucket;
    else if (bucket > 0 && ms < bounds[bucket])
        --bucket;
    return bucket;
}

} // namespace

double LatencyDistribution::lowerBound(std::size_t i)
{
    return lowerBounds()[std::min(i, buckets - 1)];
}

std::size_t LatencyDistribution::bucketOf(double ms)
{
    return ms > 0 ? bucketIndex(ms, std::log2(ms)) : 0;
}

std::uint64_t& LatencyDistribution::fine(std::size_t index)
{
    if (m_fine.empty())
        m_firstFine = index;
    if (index < m_firstFine) {
        m_fine.insert(m_fine.begin(), m_firstFine - index, 0);
        m_firstFine = index;
    }
    if (index >= m_firstFine + m_fine.size())
        m_fine.resize(index - m_firstFine + 1);
    return m_fine[index - m_firstFine];
}

void LatencyDistribution::add(double ms, std::uint64_t weight)
{
    if (!std::isfinite(ms) || weight == 0)
        return;
    if (ms < 0) {
        m_negative += weight;
        return;
    }
    m_min = m_count == 0 ? ms : std::min(m_min, ms);
    m_max = m_count == 0 ? ms : std::max(m_max, ms);
    m_count += weight;
    if (ms < smallestMs) {
        m_zero += weight;
        m_buckets[0] += weight;
        return;
    }
    const double log2Ms = std::log2(std::min(ms, largestMs));
    m_buckets[bucketIndex(ms, log2Ms)] += weight;
    fine(fineIndex(log2Ms)) += weight;
}

void LatencyDistribution::merge(const LatencyDistribution& other)
{
    m_negative += other.m_negative;
    if (other.m_count == 0)
        return;
    m_min = m_count == 0 ? other.m_min : std::min(m_min, other.m_min);
    m_max = m_count == 0 ? other.m_max : std::max(m_max, other.m_max);
    m_count += other.m_count;
    m_zero += other.m_zero;
    for (std::size_t i = 0; i < buckets; ++i)
        m_buckets[i] += other.m_buckets[i];
    for (std::size_t i = 0; i < other.m_fine.size(); ++i) {
        if (other.m_fine[i] > 0)
            fine(other.m_firstFine + i) += other.m_fine[i];
    }
}

double LatencyDistribution::quantile(double q) const
{
    if (m_count == 0)
        return std::numeric_limits<double>::quiet_NaN();
    const auto rank = static_cast<std::uint64_t>(std::clamp(q, 0.0, 1.0) * static_cast<double>(m_count - 1));
    if (rank == 0)
        return m_min;
    if (rank >= m_count - 1)
        return m_max;
    std::uint64_t seen = m_zero;
    if (rank < seen)
        return m_min;
    for (std::size_t i = 0; i < m_fine.size(); ++i) {
        seen += m_fine[i];
        if (rank < seen)
            return std::clamp(fineValue(m_firstFine + i), m_min, m_max);
    }
    return m_max;
}

} // namespace weir
