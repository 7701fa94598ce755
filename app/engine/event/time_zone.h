// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// Which instant a local time means when clocks were set back and it came twice.
enum class Overlap : std::uint8_t {
    Earlier, ///< the first one: Java's and so Flink's choice when a TIMESTAMP becomes a TIMESTAMP_LTZ
    Later,
};

/// How a zone's clocks show one local time.
struct LocalInstants
{
    int count = 1; ///< 0: skipped when clocks were set forward; 2: came twice when they were set back
    std::int64_t first = 0; ///< the instant; of a skipped time: as much later as the gap is long, like Java
    std::int64_t second = 0; ///< of a time that came twice: its later instant; else `first`
    std::int64_t transition = 0; ///< when the clocks were set, if `count` is not 1
};

class TimeZone;
using TimeZonePtr = std::shared_ptr<const TimeZone>;

/// The offsets from UTC that a place has had and will have, from the system's database (tzdata). All times are
/// milliseconds since 1970, local ones as if they were UTC. Immutable; any thread.
class TimeZone
{
public:
    /// 'Europe/Berlin', 'UTC', or a fixed offset 'GMT+05:30'. Zones are read once and kept. The name may be hostile: it
    /// reaches no file outside the database.
    static Result<TimeZonePtr> find(std::string_view name);
    /// The bytes of a TZif file (RFC 8536), which may be anything; nothing if they are no such file.
    static std::optional<TimeZone> parse(std::string_view bytes);
    static TimeZone fixed(std::int64_t offsetMs);

    /// Milliseconds that local clocks are ahead of UTC at this instant.
    std::int64_t offsetAt(std::int64_t utcMs) const
    {
        return m_transitions.empty() && !m_yearly ? m_firstOffset : searchedOffset(utcMs);
    }
    std::int64_t localOf(std::int64_t utcMs) const
    {
        return static_cast<std::int64_t>(
            static_cast<std::uint64_t>(utcMs) + static_cast<std::uint64_t>(offsetAt(utcMs))); // wraps, as Java does
    }
    /// The instant of a local time; one that was skipped moves forward by the length of the gap.
    std::int64_t instantOf(std::int64_t localMs, Overlap overlap = Overlap::Earlier) const
    {
        if (m_transitions.empty() && !m_yearly)
            return static_cast<std::int64_t>(
                static_cast<std::uint64_t>(localMs) - static_cast<std::uint64_t>(m_firstOffset));
        const LocalInstants instants = instantsOf(localMs);
        return overlap == Overlap::Earlier ? instants.first : instants.second;
    }
    LocalInstants instantsOf(std::int64_t localMs) const;

    bool isUtc() const { return m_transitions.empty() && !m_yearly && m_firstOffset == 0; }
    /// Clocks are set twice a year by today's rule.
    bool hasSummerTime() const { return m_yearly.has_value(); }

private:
    struct Transition
    {
        std::int64_t at = 0; ///< instant
        std::int64_t before = 0; ///< offset up to it
        std::int64_t after = 0; ///< offset from it on
    };
    /// "Mm.w.d/time", "Jn/time" or "n/time" of a POSIX rule.
    struct YearDay
    {
        enum class Kind : std::uint8_t { Julian, DayOfYear, WeekDay };
        Kind kind = Kind::WeekDay;
        int month = 1;
        int week = 1; ///< 5: the last
        int day = 0; ///< of the week, 0 is Sunday; or of the year
        std::int64_t time = 0; ///< milliseconds after local midnight, may be negative
    };
    /// What holds behind the last transition of the file.
    struct Yearly
    {
        std::int64_t standard = 0;
        std::int64_t summer = 0;
        YearDay begin; ///< of summer time, by standard clocks
        YearDay end; ///< by summer clocks
    };
    friend class TimeZoneParser;

    std::int64_t searchedOffset(std::int64_t utcMs) const;
    /// Two transitions of `year` by the yearly rule, in their order.
    std::pair<Transition, Transition> transitionsOf(std::int64_t year) const;
    static void consider(const Transition& transition, std::int64_t localMs, LocalInstants& instants);
    static std::int64_t localMidnight(const YearDay& day, std::int64_t year);

    std::int64_t m_firstOffset = 0; ///< before the first transition
    std::vector<Transition> m_transitions; ///< by `at`, each with another offset behind it
    std::optional<Yearly> m_yearly;
};

} // namespace weir
