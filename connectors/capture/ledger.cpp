// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/ledger.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace weir::capture {

namespace {

constexpr std::array<std::string_view, gapReasonCount> names{
    "control", "aborted", "compacted", "retention", "undecodable", "filtered", "dropped", "notTold"};

/// The only reason for holes; -1 none, -2 several.
int reasonOf(const LedgerInterval& interval)
{
    int reason = -1;
    for (std::size_t i = 0; i < gapReasonCount; ++i) {
        if (interval.holes[i] > 0)
            reason = reason == -1 ? static_cast<int>(i) : -2;
    }
    return reason;
}

void join(LedgerInterval& into, const LedgerInterval& next)
{
    into.end = next.end;
    into.stored += next.stored;
    for (std::size_t i = 0; i < gapReasonCount; ++i)
        into.holes[i] += next.holes[i];
}

/// Whether two neighbours can be one without anything becoming less exact.
bool areOfOneKind(const LedgerInterval& a, const LedgerInterval& b)
{
    const int first = reasonOf(a);
    const int second = reasonOf(b);
    return first != -2 && second != -2 && (first == second || first == -1 || second == -1);
}

} // namespace

std::string_view gapReasonName(GapReason reason)
{
    return names[static_cast<std::size_t>(reason)];
}

std::optional<GapReason> gapReasonOf(std::string_view name)
{
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<GapReason>(found - names.begin());
}

std::int64_t LedgerInterval::unexplained() const
{
    return end - first - stored - std::accumulate(holes.begin(), holes.end(), std::int64_t{0});
}

void Ledger::add(const LedgerInterval& interval)
{
    if (interval.end <= interval.first)
        return;
    assert(m_intervals.empty() || interval.first == end());
    if (!m_intervals.empty() && !m_cut && areOfOneKind(m_intervals.back(), interval))
        join(m_intervals.back(), interval);
    else
        m_intervals.push_back(interval);
    m_cut = false;
    if (m_intervals.size() > mostIntervals)
        joinOldest();
}

void Ledger::addHole(std::int64_t first, std::int64_t end, GapReason reason)
{
    LedgerInterval hole;
    hole.first = first;
    hole.end = end;
    hole.hole(reason) = end - first;
    add(hole);
}

void Ledger::joinOldest()
{
    const std::size_t joined = m_intervals.size() / 2;
    for (std::size_t i = 1; i < joined; ++i)
        join(m_intervals.front(), m_intervals[i]);
    m_intervals.erase(m_intervals.begin() + 1, m_intervals.begin() + static_cast<std::ptrdiff_t>(joined));
}

bool Ledger::isCutAt(std::int64_t offset) const
{
    const auto found = std::lower_bound(m_intervals.begin(), m_intervals.end(), offset,
        [](const LedgerInterval& interval, std::int64_t at) { return interval.end < at; });
    return found == m_intervals.end() || found->end == offset || found->first == offset;
}

void Ledger::drop(std::int64_t offset)
{
    std::size_t dropped = 0;
    for (LedgerInterval& interval : m_intervals) {
        if (interval.end > offset)
            break;
        interval.hole(GapReason::Dropped) += std::exchange(interval.stored, 0);
        ++dropped;
    }
    for (std::size_t i = 1; i < dropped; ++i)
        join(m_intervals.front(), m_intervals[i]);
    if (dropped > 1)
        m_intervals.erase(m_intervals.begin() + 1, m_intervals.begin() + static_cast<std::ptrdiff_t>(dropped));
}

std::optional<GapReason> Ledger::reasonFor(std::int64_t offset) const
{
    const auto found = std::lower_bound(m_intervals.begin(), m_intervals.end(), offset,
        [](const LedgerInterval& interval, std::int64_t at) { return interval.end <= at; });
    if (found == m_intervals.end() || found->first > offset)
        return std::nullopt;
    const int reason = reasonOf(*found);
    return reason < 0 ? std::nullopt : std::optional(static_cast<GapReason>(reason));
}

LedgerInterval Ledger::total() const
{
    LedgerInterval all;
    all.first = begin();
    for (const LedgerInterval& interval : m_intervals)
        join(all, interval);
    all.end = end();
    return all;
}

} // namespace weir::capture
