// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/metrics/latency.h"

#include <algorithm>

namespace weir {

namespace {

/// How many columns stay open: at least those that "the last ten seconds with records" are told from.
constexpr std::size_t openColumns = 12;
constexpr std::size_t recentColumns = 10;

EpochMs columnStart(EpochMs time, std::int64_t width)
{
    const EpochMs rest = time % width;
    return rest < 0 ? time - rest - width : time - rest;
}

LatencyColumn columnOf(EpochMs start, const LatencyDistribution& distribution)
{
    LatencyColumn column;
    column.start = start;
    const auto& counts = distribution.bucketCounts();
    std::transform(counts.begin(), counts.end(), column.counts.begin(), [](std::uint64_t count) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(count, std::numeric_limits<std::uint32_t>::max()));
    });
    column.p50 = distribution.quantile(0.50);
    column.p95 = distribution.quantile(0.95);
    column.p99 = distribution.quantile(0.99);
    column.records = distribution.count();
    return column;
}

} // namespace

LatencyTracker::LatencyTracker(std::int64_t columnMs, std::size_t maxColumns)
    : m_columnMs(std::max<std::int64_t>(columnMs, 1)), m_maxColumns(std::max(maxColumns, openColumns))
{
    LatencySnapshot empty;
    empty.columnMs = m_columnMs;
    empty.p50 = empty.p95 = empty.p99 = LatencyDistribution().quantile(0.5);
    m_published = std::make_shared<const LatencySnapshot>(std::move(empty));
}

void LatencyTracker::add(EpochMs receivedAt, double latencyMs, std::uint64_t weight)
{
    const LatencySample sample{latencyMs, weight};
    add(receivedAt, std::span(&sample, 1));
}

void LatencyTracker::add(EpochMs receivedAt, std::span<const LatencySample> samples)
{
    if (samples.empty())
        return;
    const std::scoped_lock lock(m_mutex);
    OpenColumn& column = columnFor(receivedAt);
    for (const LatencySample& sample : samples)
        column.distribution.add(sample.latencyMs, sample.weight);
    m_changed = true;
}

void LatencyTracker::addWithoutTimestamp(std::uint64_t records)
{
    const std::scoped_lock lock(m_mutex);
    m_withoutTimestamp += records;
    m_changed = m_changed || records > 0;
}

LatencyTracker::OpenColumn& LatencyTracker::columnFor(EpochMs receivedAt)
{
    const EpochMs start = columnStart(receivedAt, m_columnMs);
    auto at = std::lower_bound(m_open.begin(), m_open.end(), start,
        [](const OpenColumn& column, EpochMs wanted) { return column.start < wanted; });
    if (at != m_open.end() && at->start == start)
        return *at;
    if (at == m_open.begin() && !m_closed.empty())
        return m_open.front();
    at = m_open.insert(at, OpenColumn{start, {}});
    if (m_open.size() <= openColumns)
        return *at;
    closeOldColumns();
    return *std::lower_bound(m_open.begin(), m_open.end(), start,
        [](const OpenColumn& column, EpochMs wanted) { return column.start < wanted; });
}

/// A closed column is a few hundred bytes, an open one carries its sketch.
void LatencyTracker::closeOldColumns()
{
    while (m_open.size() > openColumns) {
        m_closed.push_back(columnOf(m_open.front().start, m_open.front().distribution));
        m_closedTotal.merge(m_open.front().distribution);
        m_open.pop_front();
    }
    while (m_closed.size() + m_open.size() > m_maxColumns)
        m_closed.pop_front();
}

std::shared_ptr<const LatencySnapshot> LatencyTracker::snapshot()
{
    const std::scoped_lock lock(m_mutex);
    if (!m_changed)
        return m_published;
    LatencySnapshot next;
    next.generation = ++m_generation;
    next.columnMs = m_columnMs;
    next.columns.reserve(m_closed.size() + m_open.size());
    next.columns.assign(m_closed.begin(), m_closed.end());
    next.records = m_closedTotal.count();
    next.negative = m_closedTotal.negative();
    LatencyDistribution recent;
    for (std::size_t i = 0; i < m_open.size(); ++i) {
        if (m_open[i].distribution.count() > 0)
            next.columns.push_back(columnOf(m_open[i].start, m_open[i].distribution));
        if (i + recentColumns >= m_open.size())
            recent.merge(m_open[i].distribution);
        next.records += m_open[i].distribution.count();
        next.negative += m_open[i].distribution.negative();
    }
    next.withoutTimestamp = m_withoutTimestamp;
    next.p50 = recent.quantile(0.50);
    next.p95 = recent.quantile(0.95);
    next.p99 = recent.quantile(0.99);
    m_published = std::make_shared<const LatencySnapshot>(std::move(next));
    m_changed = false;
    return m_published;
}

LatencyDistribution LatencyTracker::total() const
{
    const std::scoped_lock lock(m_mutex);
    LatencyDistribution all = m_closedTotal;
    for (const OpenColumn& column : m_open)
        all.merge(column.distribution);
    return all;
}

} // namespace weir
