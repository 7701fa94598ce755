// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/timestamp_text.h"

#include <array>
#include <bit>
#include <cstring>

namespace weir {

namespace {

constexpr std::int64_t dayMs = 86'400'000;

/// Reads a text from the left; every step says whether it fitted.
class Reader
{
public:
    explicit Reader(std::string_view text) : m_at(text.data()), m_end(text.data() + text.size()) { }

    bool atEnd() const { return m_at == m_end; }

    bool literal(char wanted)
    {
        if (m_at == m_end || *m_at != wanted)
            return false;
        ++m_at;
        return true;
    }

    /// The next `count` bytes; null when there are fewer.
    const char* take(std::ptrdiff_t count)
    {
        if (m_end - m_at < count)
            return nullptr;
        m_at += count;
        return m_at - count;
    }

    template <int count>
    bool digits(int& value)
    {
        if (m_end - m_at < count)
            return false;
        unsigned sum = 0;
        bool wrong = false;
        for (int i = 0; i < count; ++i) {
            const unsigned digit = static_cast<unsigned char>(m_at[i]) - unsigned{'0'};
            wrong |= digit > 9;
            sum = sum * 10 + digit;
        }
        if (wrong)
            return false;
        m_at += count;
        value = static_cast<int>(sum);
        return true;
    }

    /// A dot and one to nine digits, or nothing: milliseconds, and nanoseconds within the last one.
    bool fraction(int& millis, int& nanos)
    {
        millis = 0;
        nanos = 0;
        if (!literal('.'))
            return true;
        if (m_end - m_at >= 3 && (m_end - m_at == 3 || !isDigit(m_at[3])) && digits<3>(millis))
            return true; // as most texts have it
        return anyFraction(millis, nanos);
    }

private:
    static bool isDigit(char c) { return c >= '0' && c <= '9'; }

    bool anyFraction(int& millis, int& nanos)
    {
        int count = 0;
        int all = 0;
        for (; m_at != m_end && isDigit(*m_at); ++m_at, ++count) {
            if (count == 9)
                return false;
            all = all * 10 + (*m_at - '0');
        }
        for (int i = count; i < 9; ++i)
            all *= 10;
        millis = all / 1'000'000;
        nanos = all % 1'000'000;
        return count > 0;
    }

    const char* m_at;
    const char* m_end;
};

bool isLeap(std::int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int daysInMonth(std::int64_t year, int month)
{
    static constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : days[month - 1];
}

bool isDate(CivilDate date)
{
    return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= daysInMonth(date.year, date.month);
}

bool readDate(Reader& in, CivilDate& date)
{
    int year = 0;
    if (!in.digits<4>(year) || !in.literal('-') || !in.digits<2>(date.month) || !in.literal('-')
        || !in.digits<2>(date.day))
        return false;
    date.year = year;
    return isDate(date);
}

struct TimeOfDay
{
    std::int64_t millis = 0;
    std::int32_t nanos = 0;
};

struct ClockTime
{
    int hour = 0;
    int minute = 0;
    int second = 0;
};

/// The fraction and the ranges behind "HH:mm:ss".
bool finishTime(Reader& in, ClockTime clock, TimeOfDay& time)
{
    int millis = 0;
    if (!in.fraction(millis, time.nanos) || clock.hour > 23 || clock.minute > 59 || clock.second > 59)
        return false;
    time.millis = ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1000 + millis;
    return true;
}

bool readTime(Reader& in, TimeOfDay& time)
{
    ClockTime clock;
    return in.digits<2>(clock.hour) && in.literal(':') && in.digits<2>(clock.minute) && in.literal(':')
        && in.digits<2>(clock.second) && finishTime(in, clock, time);
}

/// "yyyy-MM-dd", `separator`, "HH:mm:ss", by comparing 16 bytes at once.
bool readDateAndClock(Reader& in, char separator, CivilDate& date, ClockTime& clock)
{
    using Block __attribute__((vector_size(16))) = unsigned char;
    const char* const text = in.take(16);
    if (!text)
        return false;
    Block digits;
    std::memcpy(&digits, text, sizeof digits);
    const auto between = static_cast<unsigned char>(separator);
    digits -= Block{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', between, '0', '0', ':', '0', '0'};
    const auto wrong =
        std::bit_cast<std::array<std::uint64_t, 2>>(digits > Block{9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9});
    if ((wrong[0] | wrong[1]) != 0)
        return false;
    date.year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
    date.month = digits[5] * 10 + digits[6];
    date.day = digits[8] * 10 + digits[9];
    clock.hour = digits[11] * 10 + digits[12];
    clock.minute = digits[14] * 10 + digits[15];
    return in.literal(':') && in.digits<2>(clock.second);
}

bool readTimestamp(Reader& in, TimestampStandard standard, Timestamp& value)
{
    CivilDate date;
    ClockTime clock;
    TimeOfDay time;
    if (!readDateAndClock(in, standard == TimestampStandard::Sql ? ' ' : 'T', date, clock) || !isDate(date)
        || !finishTime(in, clock, time))
        return false;
    value = {daysFromCivil(date) * dayMs + time.millis, time.nanos};
    return true;
}

void appendPadded(std::string& out, std::int64_t value, int width)
{
    char digits[20];
    int count = 0;
    for (; value > 0 || count == 0; value /= 10)
        digits[count++] = static_cast<char>('0' + value % 10);
    for (int i = count; i < width; ++i)
        out.push_back('0');
    while (count > 0)
        out.push_back(digits[--count]);
}

void appendFraction(std::string& out, std::int64_t nanosOfSecond, int precision)
{
    if (precision <= 0)
        return;
    out.push_back('.');
    std::int64_t unit = 100'000'000;
    for (int i = 0; i < precision; ++i, unit /= 10)
        out.push_back(static_cast<char>('0' + (nanosOfSecond / unit) % 10));
}

void appendTimeOfDay(std::string& out, std::int64_t millis, std::int32_t nanos, int precision)
{
    appendPadded(out, millis / 3'600'000, 2);
    out.push_back(':');
    appendPadded(out, millis / 60'000 % 60, 2);
    out.push_back(':');
    appendPadded(out, millis / 1000 % 60, 2);
    appendFraction(out, millis % 1000 * 1'000'000 + nanos, precision);
}

std::int64_t floorDiv(std::int64_t a, std::int64_t b)
{
    const std::int64_t quotient = a / b;
    return a % b < 0 ? quotient - 1 : quotient;
}

} // namespace

// Years begin on 1 March here, so that the leap day comes last.
std::int64_t daysFromCivil(CivilDate date)
{
    const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    const int month = date.month > 2 ? date.month - 3 : date.month + 9;
    const int dayOfYear = (153 * month + 2) / 5 + date.day - 1;
    return year * 365 + floorDiv(year, 4) - floorDiv(year, 100) + floorDiv(year, 400) + dayOfYear - 719'468;
}

// By eras of 400 such years.
CivilDate civilFromDays(std::int64_t days)
{
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = floorDiv(shifted, 146'097);
    const std::int64_t dayOfEra = shifted - era * 146'097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t month = (5 * dayOfYear + 2) / 153;
    CivilDate date;
    date.day = static_cast<int>(dayOfYear - (153 * month + 2) / 5 + 1);
    date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
    date.year = yearOfEra + era * 400 + (date.month <= 2 ? 1 : 0);
    return date;
}

std::optional<Timestamp> parseTimestamp(std::string_view text, TimestampStandard standard)
{
    Reader in(text);
    Timestamp value;
    if (!readTimestamp(in, standard, value) || !in.atEnd())
        return std::nullopt;
    return value;
}

std::optional<Timestamp> parseTimestampLtz(std::string_view text, TimestampStandard standard)
{
    Reader in(text);
    Timestamp value;
    if (!readTimestamp(in, standard, value) || !in.literal('Z') || !in.atEnd())
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> parseDate(std::string_view text)
{
    Reader in(text);
    CivilDate date;
    if (!readDate(in, date) || !in.atEnd())
        return std::nullopt;
    return daysFromCivil(date);
}

std::optional<std::int64_t> parseTime(std::string_view text)
{
    Reader in(text);
    TimeOfDay time;
    if (!readTime(in, time) || !in.atEnd())
        return std::nullopt;
    return time.millis;
}

void appendTimestamp(std::string& out, Timestamp value, int precision)
{
    const std::int64_t days = floorDiv(value.millis, dayMs);
    appendDate(out, days);
    out.push_back(' ');
    appendTimeOfDay(out, value.millis - days * dayMs, value.nanos, precision);
}

void appendDate(std::string& out, std::int64_t days)
{
    const CivilDate date = civilFromDays(days);
    if (date.year < 0)
        out.push_back('-');
    appendPadded(out, date.year < 0 ? -date.year : date.year, 4);
    out.push_back('-');
    appendPadded(out, date.month, 2);
    out.push_back('-');
    appendPadded(out, date.day, 2);
}

void appendTime(std::string& out, std::int64_t millisOfDay, int precision)
{
    appendTimeOfDay(out, millisOfDay, 0, precision);
}

} // namespace weir
