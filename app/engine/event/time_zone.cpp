// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/time_zone.h"

#include "app/engine/event/timestamp_text.h"

#include <algorithm>

namespace weir {

namespace {

constexpr std::int64_t dayMs = 86'400'000;

std::int64_t daysOf(std::int64_t ms)
{
    return ms / dayMs - (ms % dayMs < 0 ? 1 : 0);
}

/// Java's arithmetic: at the ends of time it wraps.
std::int64_t minus(std::int64_t a, std::int64_t b)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

/// Beyond this many milliseconds, eleven million years, no rule of the year is asked.
bool isFar(std::int64_t ms)
{
    constexpr std::int64_t far = std::int64_t{1} << 58;
    return ms > far || ms < -far;
}

/// 0 is Sunday.
int dayOfWeek(std::int64_t days)
{
    return static_cast<int>(((days + 4) % 7 + 7) % 7);
}

bool isLeap(std::int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

} // namespace

TimeZone TimeZone::fixed(std::int64_t offsetMs)
{
    TimeZone zone;
    zone.m_firstOffset = offsetMs;
    return zone;
}

/// Local milliseconds of the rule's day at midnight.
std::int64_t TimeZone::localMidnight(const YearDay& day, std::int64_t year)
{
    const std::int64_t newYear = daysFromCivil({year, 1, 1});
    switch (day.kind) {
    case YearDay::Kind::Julian: // 1 to 365; 29 February is never counted
        return (newYear + day.day - 1 + (isLeap(year) && day.day >= 60 ? 1 : 0)) * dayMs;
    case YearDay::Kind::DayOfYear:
        return (newYear + day.day) * dayMs;
    case YearDay::Kind::WeekDay:
        break;
    }
    const std::int64_t first = daysFromCivil({year, day.month, 1});
    const std::int64_t next =
        day.month == 12 ? daysFromCivil({year + 1, 1, 1}) : daysFromCivil({year, day.month + 1, 1});
    std::int64_t found = first + (day.day - dayOfWeek(first) + 7) % 7 + (day.week - 1) * 7;
    while (found >= next)
        found -= 7;
    return found * dayMs;
}

std::pair<TimeZone::Transition, TimeZone::Transition> TimeZone::transitionsOf(std::int64_t year) const
{
    const Yearly& rule = *m_yearly;
    const Transition begin{
        localMidnight(rule.begin, year) + rule.begin.time - rule.standard, rule.standard, rule.summer};
    const Transition end{localMidnight(rule.end, year) + rule.end.time - rule.summer, rule.summer, rule.standard};
    return begin.at < end.at ? std::pair(begin, end) : std::pair(end, begin);
}

std::int64_t TimeZone::searchedOffset(std::int64_t utcMs) const
{
    const auto next = std::upper_bound(m_transitions.begin(), m_transitions.end(), utcMs,
        [](std::int64_t at, const Transition& transition) { return at < transition.at; });
    const std::int64_t known = next == m_transitions.begin() ? m_firstOffset : (next - 1)->after;
    if (next != m_transitions.end() || !m_yearly || isFar(utcMs))
        return known;
    const std::int64_t year = civilFromDays(daysOf(utcMs)).year;
    std::int64_t offset = known;
    for (std::int64_t one = year - 1; one <= year + 1; ++one) {
        const auto [first, second] = transitionsOf(one);
        for (const Transition& transition : {first, second}) {
            const bool fromRule = m_transitions.empty() || transition.at > m_transitions.back().at;
            if (fromRule && transition.at <= utcMs)
                offset = transition.after;
        }
    }
    return offset;
}

/// `transition` is the first one behind which the clocks show more than `localMs`.
void TimeZone::consider(const Transition& transition, std::int64_t localMs, LocalInstants& instants)
{
    const std::int64_t low = transition.at + std::min(transition.before, transition.after);
    instants.first = minus(localMs, transition.before);
    instants.second = instants.first;
    instants.count = 1;
    if (localMs < low)
        return;
    instants.transition = transition.at;
    if (transition.after > transition.before) {
        instants.count = 0;
    } else {
        instants.count = 2;
        instants.second = minus(localMs, transition.after);
    }
}

LocalInstants TimeZone::instantsOf(std::int64_t localMs) const
{
    LocalInstants instants;
    const auto ahead = [](std::int64_t local, const Transition& transition) {
        return local < transition.at + std::max(transition.before, transition.after);
    };
    const auto found = std::upper_bound(m_transitions.begin(), m_transitions.end(), localMs, ahead);
    if (found != m_transitions.end()) {
        consider(*found, localMs, instants);
        return instants;
    }
    const std::int64_t known = m_transitions.empty() ? m_firstOffset : m_transitions.back().after;
    instants.first = minus(localMs, known);
    instants.second = instants.first;
    if (!m_yearly || isFar(localMs))
        return instants;
    const std::int64_t year = civilFromDays(daysOf(localMs)).year;
    for (std::int64_t one = year - 1; one <= year + 1; ++one) {
        const auto [first, second] = transitionsOf(one);
        for (const Transition& transition : {first, second}) {
            if (ahead(localMs, transition) && (m_transitions.empty() || transition.at > m_transitions.back().at)) {
                consider(transition, localMs, instants);
                return instants;
            }
        }
    }
    return instants;
}

} // namespace weir
