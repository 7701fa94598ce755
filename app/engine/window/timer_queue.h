// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/operator.h"

#include <algorithm>
#include <map>

namespace weir::window {

/// A call that an operator asked for when the watermark reaches `due`.
struct Timer
{
    std::int64_t at = 0; ///< the time it stands for; below `due` for one that was asked for behind the watermark
    std::uint64_t number = 0; ///< of the row that asked: order among timers of one time
    std::uint32_t key = 0;
};

/// Timers by due time.
class TimerQueue
{
public:
    /// `watermark` is the one that stands now: a time behind it is due with the next one.
    void add(const Timer& timer, std::int64_t watermark)
    {
        m_timers[watermark == INT64_MAX ? watermark : std::max(timer.at, watermark + 1)].push_back(timer);
        ++m_count;
    }
    bool anyDue(std::int64_t watermark) const { return !m_timers.empty() && m_timers.begin()->first <= watermark; }
    /// The first ones, in their order; there must be some.
    std::pair<std::int64_t, std::vector<Timer>> take()
    {
        auto node = m_timers.extract(m_timers.begin());
        std::vector<Timer>& timers = node.mapped();
        m_count -= timers.size();
        std::stable_sort(timers.begin(), timers.end(), [](const Timer& left, const Timer& right) {
            return std::tie(left.at, left.number) < std::tie(right.at, right.number);
        });
        return {node.key(), std::move(timers)};
    }
    /// Keys have new numbers; timers of keys that are gone go too.
    void renumber(const std::vector<std::uint32_t>& numbers, std::uint32_t gone)
    {
        for (auto& [due, timers] : m_timers) {
            m_count -= std::erase_if(timers, [&](const Timer& timer) { return numbers[timer.key] == gone; });
            for (Timer& timer : timers)
                timer.key = numbers[timer.key];
        }
        std::erase_if(m_timers, [](const auto& entry) { return entry.second.empty(); });
    }
    std::size_t memoryBytes() const { return m_count * sizeof(Timer) * 2 + m_timers.size() * bytesPerTime; }

private:
    static constexpr std::size_t bytesPerTime = 96; ///< node of the map and its vector

    std::map<std::int64_t, std::vector<Timer>> m_timers;
    std::size_t m_count = 0;
};

} // namespace weir::window
