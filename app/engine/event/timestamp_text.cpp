// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/timestamp_text.h"

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

bool readTime(Reader& in, TimeOfDay& time)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    int millis = 0;
    if (!in.digits<2>(hour) || !in.literal(':') || !in.digits<2>(minute) || !in.literal(':') || !in.digits<2>(second)
        || !in.fraction(millis, time.nanos) || hour > 23 || minute > 59 || second > 59)
        return false;
    time.millis = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
    return true;
}

bool readTimestamp(Reader& in, TimestampStandard standard, Timestamp& value)
{
    CivilDate date;
    TimeOfDay time;
    if (!readDate(in, date) || !in.literal(standard == TimestampStandard::Sql ? ' ' : 'T') || !readTime(in, time))
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

TimestampReader::TimestampReader(TimestampStandard standard, bool zoned)
    : m_standard(standard), m_zoned(zoned), m_minute{}
{
    std::memcpy(
        m_minute.data(), standard == TimestampStandard::Sql ? "1970-01-01 00:00" : "1970-01-01T00:00", m_minute.size());
}

std::optional<Timestamp> TimestampReader::read(std::string_view text)
{
    constexpr std::size_t minuteSize = 16;
    constexpr std::size_t withMillis = 23; // "yyyy-MM-dd HH:mm:ss.SSS"
    const bool usual = text.size() == withMillis + (m_zoned ? 1 : 0)
        && std::memcmp(text.data(), m_minute.data(), minuteSize) == 0 && text[16] == ':' && text[19] == '.'
        && (!m_zoned || text.back() == 'Z');
    if (!usual)
        return readWhole(text);
    const auto digit = [text](std::size_t at) { return static_cast<unsigned>(text[at]) - unsigned{'0'}; };
    const unsigned tens = digit(17);
    const unsigned ones = digit(18);
    const unsigned hundreds = digit(20);
    const unsigned millisTens = digit(21);
    const unsigned millisOnes = digit(22);
    if (tens > 5 || ones > 9 || hundreds > 9 || millisTens > 9 || millisOnes > 9)
        return std::nullopt;
    const unsigned millis = ((tens * 10 + ones) * 10 + hundreds) * 100 + millisTens * 10 + millisOnes;
    return Timestamp{m_minuteMs + millis, 0};
}

std::optional<Timestamp> TimestampReader::readWhole(std::string_view text)
{
    const auto value = m_zoned ? parseTimestampLtz(text, m_standard) : parseTimestamp(text, m_standard);
    if (value) {
        constexpr std::int64_t minuteMs = 60'000;
        m_minuteMs = floorDiv(value->millis, minuteMs) * minuteMs;
        std::memcpy(m_minute.data(), text.data(), m_minute.size());
    }
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
