// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/value_types.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// The two ways in which Flink's JSON format writes times.
enum class TimestampStandard : std::uint8_t {
    Sql, ///< "2024-03-01 12:00:00.123", TIMESTAMP_LTZ with a Z behind
    Iso8601, ///< "2024-03-01T12:00:00.123", TIMESTAMP_LTZ with a Z behind
};

/// A date of the proleptic Gregorian calendar; no time zone, no locale, no C library.
struct CivilDate
{
    std::int64_t year = 1970;
    int month = 1;
    int day = 1;
    bool operator==(const CivilDate&) const = default;
};
std::int64_t daysFromCivil(CivilDate date); ///< days since 1970-01-01
CivilDate civilFromDays(std::int64_t days);

/// Exactly one standard, all of the text: "yyyy-MM-dd", separator, "HH:mm:ss", a fraction of up to nine digits.
std::optional<Timestamp> parseTimestamp(std::string_view text, TimestampStandard standard);
/// The same with a Z behind.
std::optional<Timestamp> parseTimestampLtz(std::string_view text, TimestampStandard standard);

/// Reads timestamps of which most fall into the minute of the one before. One thread.
class TimestampReader
{
public:
    TimestampReader(TimestampStandard standard, bool zoned);

    /// As parseTimestamp, or as parseTimestampLtz if `zoned`.
    std::optional<Timestamp> read(std::string_view text);

private:
    std::optional<Timestamp> readWhole(std::string_view text);

    TimestampStandard m_standard;
    bool m_zoned;
    std::array<char, 16> m_minute; ///< "yyyy-MM-dd HH:mm" of the newest timestamp; at first the epoch's
    std::int64_t m_minuteMs = 0;
};

std::optional<std::int64_t> parseDate(std::string_view text); ///< days since 1970-01-01
std::optional<std::int64_t> parseTime(std::string_view text); ///< milliseconds of the day

/// "2024-03-01 12:00:00.000" with exactly `precision` digits (cut, not rounded) and no dot for 0.
void appendTimestamp(std::string& out, Timestamp value, int precision);
void appendDate(std::string& out, std::int64_t days);
void appendTime(std::string& out, std::int64_t millisOfDay, int precision);

} // namespace weir
