// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/series/series.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace weir {

namespace {

constexpr EpochMs farthest = EpochMs{1} << 60;

EpochMs floorTo(EpochMs time, std::int64_t width)
{
    const EpochMs rest = time % width;
    return rest < 0 ? time - rest - width : time - rest;
}

std::size_t indexOf(const SeriesLevel& level, EpochMs time)
{
    return static_cast<std::size_t>((time - level.origin) / level.widthMs);
}

} // namespace

void Bin::add(double value)
{
    if (count == 0)
        first = value;
    ++count;
    sum += value;
    min = std::min(min, value);
    max = std::max(max, value);
    last = value;
}

void Bin::merge(const Bin& later)
{
    if (later.count == 0)
        return;
    if (count == 0) {
        *this = later;
        return;
    }
    count += later.count;
    sum += later.sum;
    min = std::min(min, later.min);
    max = std::max(max, later.max);
    last = later.last;
}

const SeriesLevel& SeriesSnapshot::levelFor(std::int64_t spanMs, int pixels) const
{
    assert(!levels.empty());
    const double perPixel = static_cast<double>(std::max<std::int64_t>(spanMs, 1)) / std::max(pixels, 1);
    for (const SeriesLevel& level : levels) {
        if (static_cast<double>(level.widthMs) >= perPixel)
            return level;
    }
    return levels.back();
}

Series::Series(SeriesOptions options) : m_options(options)
{
    m_options.levels = std::max(m_options.levels, 1);
    m_options.finestWidthMs = std::max<std::int64_t>(m_options.finestWidthMs, 1);
    m_options.binsPerLevel = std::max<std::size_t>(m_options.binsPerLevel, 64);
    std::int64_t width = m_options.finestWidthMs;
    for (int level = 0; level < m_options.levels; ++level, width *= fanOut)
        m_current.levels.push_back({width, 0, {}});
    m_bounds.resize(m_current.levels.size());
    m_published = std::make_shared<SeriesSnapshot>(m_current);
}

/// Origins are aligned to the next coarser level, so that a coarse bin has all of its finer bins or none.
std::int64_t Series::alignment(std::size_t level) const
{
    return m_current.levels[std::min(level + 1, m_current.levels.size() - 1)].widthMs;
}

EpochMs Series::alignDown(std::size_t level, EpochMs time) const
{
    return floorTo(time, alignment(level));
}

void Series::add(EpochMs time, double value, std::uint64_t times)
{
    if (!std::isfinite(value) || time > farthest || time < -farthest || times == 0)
        return;
    const std::scoped_lock lock(m_mutex);
    // The finest level that reaches the time takes the value; coarser ones get it by merging. All levels are moved on
    // even so, because eviction below must find its coarse bins.
    std::size_t owner = m_current.levels.size();
    for (std::size_t level = m_current.levels.size(); level-- > 0;) {
        if (cover(level, time))
            owner = level;
    }
    if (owner == m_current.levels.size())
        return;
    SeriesLevel& level = m_current.levels[owner];
    Bin& bin = level.bins[indexOf(level, time)];
    bin.add(value);
    if (times > 1) {
        bin.count += times - 1;
        bin.sum += value * static_cast<double>(times - 1);
    }
    Bounds& bounds = m_bounds[owner];
    bounds.dirtyFrom = std::min(bounds.dirtyFrom, time);
    bounds.dirtyTo = std::max(bounds.dirtyTo, time + 1);
    m_current.newest = m_empty ? time : std::max(m_current.newest, time);
    m_empty = false;
    m_changed = true;
}

bool Series::cover(std::size_t index, EpochMs time)
{
    SeriesLevel& level = m_current.levels[index];
    if (level.bins.empty())
        level.origin = alignDown(index, time);
    if (time < level.origin)
        return coverEarlier(index, time);
    if (time < level.end())
        return true;
    const EpochMs newEnd = floorTo(time, level.widthMs) + level.widthMs;
    evict(index, newEnd);
    if (level.bins.empty())
        level.origin = alignDown(index, time);
    level.bins.resize(static_cast<std::size_t>((newEnd - level.origin) / level.widthMs));
    return true;
}

/// Opens bins before the first one, while the level has room and has not evicted there.
bool Series::coverEarlier(std::size_t index, EpochMs time)
{
    SeriesLevel& level = m_current.levels[index];
    const EpochMs origin = alignDown(index, time);
    const auto span = static_cast<std::size_t>((level.end() - origin) / level.widthMs);
    if (origin < m_bounds[index].floor || span > m_options.binsPerLevel)
        return false;
    level.bins.insert(level.bins.begin(), static_cast<std::size_t>((level.origin - origin) / level.widthMs), Bin{});
    level.origin = origin;
    return true;
}

/// Drops the oldest bins when the level would outgrow its number, an eighth at a time: moving the rest costs.
void Series::evict(std::size_t index, EpochMs newEnd)
{
    SeriesLevel& level = m_current.levels[index];
    const auto wanted = static_cast<std::size_t>((newEnd - level.origin) / level.widthMs);
    if (level.bins.empty() || wanted <= m_options.binsPerLevel)
        return;
    mergeUpwards();
    const std::size_t keep = m_options.binsPerLevel - m_options.binsPerLevel / 8;
    const EpochMs cut = alignDown(index, newEnd - static_cast<std::int64_t>(keep) * level.widthMs);
    if (cut >= level.end()) {
        m_bounds[index].floor = alignDown(index, level.end() - 1) + alignment(index);
        level.bins.clear();
        return;
    }
    if (cut <= level.origin)
        return;
    level.bins.erase(level.bins.begin(), level.bins.begin() + static_cast<std::ptrdiff_t>(indexOf(level, cut)));
    level.origin = cut;
    m_bounds[index].floor = cut;
}

/// Brings the coarser levels up to date with what was added below them.
void Series::mergeUpwards()
{
    for (std::size_t fine = 0; fine + 1 < m_current.levels.size(); ++fine) {
        Bounds& bounds = m_bounds[fine];
        if (bounds.dirtyFrom >= bounds.dirtyTo)
            continue;
        mergeInto(fine + 1, bounds.dirtyFrom, bounds.dirtyTo);
        Bounds& above = m_bounds[fine + 1];
        above.dirtyFrom = std::min(above.dirtyFrom, bounds.dirtyFrom);
        above.dirtyTo = std::max(above.dirtyTo, bounds.dirtyTo);
        bounds.dirtyFrom = std::numeric_limits<EpochMs>::max();
        bounds.dirtyTo = std::numeric_limits<EpochMs>::min();
    }
}

void Series::mergeInto(std::size_t coarseIndex, EpochMs from, EpochMs to)
{
    const SeriesLevel& fine = m_current.levels[coarseIndex - 1];
    SeriesLevel& coarse = m_current.levels[coarseIndex];
    EpochMs time = floorTo(std::max(from, fine.origin), coarse.widthMs);
    for (; time < std::min(to, fine.end()); time += coarse.widthMs) {
        Bin merged;
        const std::size_t begin = indexOf(fine, time);
        const std::size_t end = std::min(begin + static_cast<std::size_t>(fanOut), fine.bins.size());
        for (std::size_t i = begin; i < end; ++i)
            merged.merge(fine.bins[i]);
        coarse.bins[indexOf(coarse, time)] = merged;
    }
}

SeriesSnapshotPtr Series::snapshot()
{
    const std::scoped_lock lock(m_mutex);
    if (m_changed) {
        mergeUpwards();
        ++m_current.generation;
        m_published = std::make_shared<SeriesSnapshot>(m_current);
        m_changed = false;
    }
    return m_published;
}

std::size_t Series::memoryBytes() const
{
    const std::scoped_lock lock(m_mutex);
    std::size_t bytes = sizeof(Series);
    for (const SeriesLevel& level : m_current.levels)
        bytes += level.bins.capacity() * sizeof(Bin);
    for (const SeriesLevel& level : m_published->levels)
        bytes += level.bins.capacity() * sizeof(Bin);
    return bytes;
}

} // namespace weir
