// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace weir::plots {
namespace {

/// First, lowest, highest and last sample of one pixel column, and whether a gap lies inside.
class Column
{
public:
    bool empty() const { return m_count == 0; }

    void add(const Sample& sample)
    {
        if (m_count == 0)
            m_first = m_low = m_high = sample;
        if (sample.value < m_low.value)
            m_low = sample;
        if (sample.value > m_high.value)
            m_high = sample;
        m_last = sample;
        ++m_count;
    }

    void flushTo(std::vector<Sample>& out)
    {
        if (m_count == 0)
            return;
        std::array<Sample, 4> four = {m_first, m_low, m_high, m_last};
        std::stable_sort(four.begin() + 1, four.begin() + 3, [](auto& a, auto& b) { return a.timeMs < b.timeMs; });
        out.push_back(four[0]);
        for (std::size_t i = 1; i < four.size(); ++i) {
            const Sample& back = out.back();
            if (four[i].timeMs != back.timeMs || four[i].value != back.value)
                out.push_back(four[i]);
        }
        m_count = 0;
    }

private:
    Sample m_first, m_low, m_high, m_last;
    std::size_t m_count = 0;
};

} // namespace

std::vector<double> logBounds(double lowest, double highest, int count)
{
    std::vector<double> result;
    for (int i = 0; i <= count; ++i)
        result.push_back(lowest * std::pow(highest / lowest, double(i) / count));
    return result;
}

Reduced reduceMinMax(const std::vector<Sample>& samples, Span range, int pixels)
{
    const auto before = [](const Sample& sample, std::int64_t t) { return sample.timeMs < t; };
    auto begin = std::lower_bound(samples.begin(), samples.end(), range.beginMs, before);
    auto end = std::lower_bound(begin, samples.end(), range.endMs, before);
    // One neighbour on each side, so that lines leave the picture instead of ending at its edge.
    if (begin != samples.begin())
        --begin;
    if (end != samples.end())
        ++end;
    Reduced result;
    result.read = std::size_t(end - begin);
    if (pixels <= 0 || range.length() <= 0 || result.read <= std::size_t(pixels) * 2) {
        result.samples.assign(begin, end);
        return result;
    }
    result.reduced = true;
    result.samples.reserve(std::size_t(pixels) * 4 + 8);
    Column column;
    std::int64_t current = std::numeric_limits<std::int64_t>::min();
    for (auto it = begin; it != end; ++it) {
        const double position = double(it->timeMs - range.beginMs) * pixels / double(range.length());
        const auto pixel = std::int64_t(std::floor(position));
        if (pixel != current) {
            column.flushTo(result.samples);
            current = pixel;
        }
        if (!std::isnan(it->value)) {
            column.add(*it);
            continue;
        }
        column.flushTo(result.samples);
        if (result.samples.empty() || !std::isnan(result.samples.back().value))
            result.samples.push_back(*it);
    }
    column.flushTo(result.samples);
    return result;
}

} // namespace weir::plots
