// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::capture {

inline constexpr std::size_t gapReasonCount = 8;

/// "control", "aborted", "compacted", "retention", "undecodable", "filtered", "dropped", "notTold": in files and
/// --json.
std::string_view gapReasonName(GapReason reason);
std::optional<GapReason> gapReasonOf(std::string_view name);

/// Offsets [first, end) of a partition: `stored` of them are in the log, the others are not, for the reasons counted.
/// Nearly always there is one reason, so that every offset is explained by itself: it is in the log, or the reason
/// holds.
struct LedgerInterval
{
    std::int64_t first = 0;
    std::int64_t end = 0;
    std::int64_t stored = 0;
    std::array<std::int64_t, gapReasonCount> holes{}; ///< by GapReason

    std::int64_t& hole(GapReason reason) { return holes[static_cast<std::size_t>(reason)]; }
    std::int64_t hole(GapReason reason) const { return holes[static_cast<std::size_t>(reason)]; }
    std::int64_t unexplained() const;
    bool operator==(const LedgerInterval&) const = default;
};

/// What became of every offset of one partition that was asked for, in order, without a word missing. Memory stays
/// small: neighbours of one kind are one interval, and beyond `mostIntervals` the oldest are told together.
class Ledger
{
public:
    static constexpr std::size_t mostIntervals = 65'536;

    bool empty() const { return m_intervals.empty(); }
    std::int64_t begin() const { return m_intervals.empty() ? 0 : m_intervals.front().first; }
    /// One past the last offset that is explained.
    std::int64_t end() const { return m_intervals.empty() ? 0 : m_intervals.back().end; }
    const std::vector<LedgerInterval>& intervals() const { return m_intervals; }

    /// The next offsets; `interval.first` is end(), or anything for the first one. Empty ones are ignored.
    void add(const LedgerInterval& interval);
    void addHole(std::int64_t first, std::int64_t end, GapReason reason);
    /// The next interval is one of its own, so that eviction never has to part one.
    void cut() { m_cut = true; }
    /// Whether an interval ends there, or the ledger begins or ends.
    bool isCutAt(std::int64_t offset) const;
    /// What is stored before `offset`, where a cut was made, is stored no more: dropped by the budget.
    void drop(std::int64_t offset);
    /// Why `offset`, which is not in the log, is not; nullopt where nobody says, or several reasons are possible.
    std::optional<GapReason> reasonFor(std::int64_t offset) const;
    /// All intervals as one.
    LedgerInterval total() const;

private:
    void joinOldest();

    std::vector<LedgerInterval> m_intervals;
    bool m_cut = false;
};

} // namespace weir::capture
