// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/quantile_sketch.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace weir::aggregate {

namespace {

const double logGrowth = std::log((1 + QuantileSketch::relativeError) / (1 - QuantileSketch::relativeError));

/// Bin b holds the magnitudes in (growth^(b-1), growth^b].
std::int32_t binOf(double magnitude)
{
    return static_cast<std::int32_t>(std::ceil(std::log(magnitude) / logGrowth));
}

/// The value whose distance to both ends of the bin is the same in relative terms.
double valueOf(std::int32_t bin)
{
    return std::exp(bin * logGrowth) * (1 - QuantileSketch::relativeError);
}

} // namespace

void QuantileSketch::Bins::add(std::int32_t bin, std::uint64_t count)
{
    if (counts.empty()) {
        first = bin;
        counts.assign(1, count);
        return;
    }
    if (bin < first) {
        counts.insert(counts.begin(), static_cast<std::size_t>(first - bin), 0);
        first = bin;
    }
    const auto place = static_cast<std::size_t>(bin - first);
    if (place >= counts.size())
        counts.resize(place + 1);
    counts[place] += count;
}

void QuantileSketch::add(double value)
{
    ++m_count;
    if (std::isnan(value))
        ++m_notNumbers;
    else if (std::isinf(value))
        ++(value > 0 ? m_infinite : m_negativeInfinite);
    else if (value == 0)
        ++m_zeros;
    else
        (value > 0 ? m_positive : m_negative).add(binOf(std::abs(value)), 1);
}

void QuantileSketch::merge(const QuantileSketch& other)
{
    for (std::size_t i = 0; i < other.m_positive.counts.size(); ++i)
        m_positive.add(other.m_positive.first + static_cast<std::int32_t>(i), other.m_positive.counts[i]);
    for (std::size_t i = 0; i < other.m_negative.counts.size(); ++i)
        m_negative.add(other.m_negative.first + static_cast<std::int32_t>(i), other.m_negative.counts[i]);
    m_zeros += other.m_zeros;
    m_infinite += other.m_infinite;
    m_negativeInfinite += other.m_negativeInfinite;
    m_notNumbers += other.m_notNumbers;
    m_count += other.m_count;
}

std::optional<double> QuantileSketch::quantile(double fraction) const
{
    if (m_count == 0)
        return std::nullopt;
    const double wanted = fraction * static_cast<double>(m_count - 1);
    std::uint64_t passed = m_negativeInfinite;
    const auto reached = [&](std::uint64_t count) { return static_cast<double>(passed += count) > wanted; };
    if (reached(0))
        return -std::numeric_limits<double>::infinity();
    for (std::size_t i = m_negative.counts.size(); i-- > 0;) {
        if (reached(m_negative.counts[i]))
            return -valueOf(m_negative.first + static_cast<std::int32_t>(i));
    }
    if (reached(m_zeros))
        return 0.0;
    for (std::size_t i = 0; i < m_positive.counts.size(); ++i) {
        if (reached(m_positive.counts[i]))
            return valueOf(m_positive.first + static_cast<std::int32_t>(i));
    }
    return reached(m_infinite) ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
}

std::size_t QuantileSketch::memoryBytes() const
{
    return (m_positive.counts.capacity() + m_negative.counts.capacity()) * sizeof(std::uint64_t);
}

} // namespace weir::aggregate
