// SPDX-License-Identifier: GPL-3.0-or-later
// Time zones from the system's database: TZif files (RFC 8536), which are not trusted.
#include "app/engine/event/time_zone.h"

#include "app/engine/event/timestamp_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>

namespace weir {

namespace {

constexpr const char* database = "/usr/share/zoneinfo/";
constexpr std::size_t largestFile = 1 << 20;
constexpr std::int64_t farthestSecond = std::int64_t{1} << 42; ///< beyond this a transition is a mark, not a time
constexpr std::int64_t expandedTo = 2200; ///< years of the yearly rule that are laid out once, for speed

/// Reads big-endian numbers; after the end everything is 0 and `good` is false.
class Bytes
{
public:
    explicit Bytes(std::string_view bytes) : m_bytes(bytes) { }
    bool good() const { return m_good; }
    std::string_view rest() const { return m_bytes; }

    std::string_view take(std::size_t count)
    {
        if (count > m_bytes.size()) {
            m_good = false;
            return {};
        }
        const std::string_view taken = m_bytes.substr(0, count);
        m_bytes.remove_prefix(count);
        return taken;
    }
    std::int64_t number(std::size_t size)
    {
        const std::string_view bytes = take(size);
        std::uint64_t value = !bytes.empty() && static_cast<signed char>(bytes[0]) < 0 ? ~std::uint64_t{0} : 0;
        for (const char byte : bytes)
            value = value << 8 | static_cast<unsigned char>(byte);
        return static_cast<std::int64_t>(value);
    }

private:
    std::string_view m_bytes;
    bool m_good = true;
};

struct Header
{
    char version = 0;
    std::size_t utc = 0;
    std::size_t standard = 0;
    std::size_t leaps = 0;
    std::size_t times = 0;
    std::size_t types = 0;
    std::size_t letters = 0;

    std::size_t bodySize(std::size_t timeSize) const
    {
        return times * (timeSize + 1) + types * 6 + letters + leaps * (timeSize + 4) + standard + utc;
    }
};

std::optional<Header> readHeader(Bytes& in)
{
    if (in.take(4) != "TZif")
        return std::nullopt;
    Header header;
    header.version = static_cast<char>(in.number(1));
    in.take(15);
    for (std::size_t* count :
        {&header.utc, &header.standard, &header.leaps, &header.times, &header.types, &header.letters}) {
        const std::int64_t value = in.number(4);
        if (value < 0 || value > static_cast<std::int64_t>(largestFile))
            return std::nullopt;
        *count = static_cast<std::size_t>(value);
    }
    // Leap seconds are for clocks that count them; neither Java nor Kafka does.
    if (!in.good() || header.types == 0 || header.types > 256 || header.leaps != 0)
        return std::nullopt;
    return header;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

/// The parts of a TZif file and of the POSIX rule at its end.
class TimeZoneParser
{
public:
    bool body(Bytes& in, const Header& header, std::size_t timeSize)
    {
        std::vector<std::int64_t> times;
        for (std::size_t i = 0; i < header.times; ++i)
            times.push_back(in.number(timeSize));
        const std::string_view indices = in.take(header.times);
        std::vector<std::int64_t> offsets;
        for (std::size_t i = 0; i < header.types; ++i) {
            offsets.push_back(in.number(4) * 1000);
            in.take(2);
        }
        in.take(header.letters + header.standard + header.utc);
        const auto wild = [](std::int64_t offset) { return offset < -limit || offset > limit; };
        if (!in.good() || std::any_of(offsets.begin(), offsets.end(), wild))
            return false;
        m_zone.m_firstOffset = offsets.front();
        for (std::size_t i = 0; i < times.size(); ++i) {
            const auto type = static_cast<unsigned char>(indices[i]);
            if (type >= offsets.size() || !add(times[i], offsets[type]))
                return false;
        }
        return true;
    }

    /// "CET-1CEST,M3.5.0,M10.5.0/3"; what cannot be read leaves the last offset for ever.
    void footer(std::string_view text)
    {
        m_text = text;
        TimeZone::Yearly rule;
        if (!name() || !signedTime(rule.standard) || m_text.empty() || !name())
            return;
        rule.standard = -rule.standard;
        rule.summer = rule.standard + 3'600'000;
        if (!m_text.empty() && m_text.front() != ',') {
            if (!signedTime(rule.summer))
                return;
            rule.summer = -rule.summer;
        }
        if (!yearDay(rule.begin) || !yearDay(rule.end) || !m_text.empty() || rule.summer == rule.standard)
            return;
        m_zone.m_yearly = rule;
        expand();
    }

    TimeZone take() { return std::move(m_zone); }

private:
    static constexpr std::int64_t limit = 26 * 3'600'000LL; ///< of an offset, more than any place has had

    bool add(std::int64_t second, std::int64_t offset)
    {
        auto& transitions = m_zone.m_transitions;
        if (second < -farthestSecond) {
            m_zone.m_firstOffset = offset;
            return transitions.empty();
        }
        if (second > farthestSecond || (!transitions.empty() && second * 1000 <= transitions.back().at))
            return false;
        const std::int64_t before = transitions.empty() ? m_zone.m_firstOffset : transitions.back().after;
        if (offset != before)
            transitions.push_back({second * 1000, before, offset});
        return true;
    }

    void expand()
    {
        auto& transitions = m_zone.m_transitions;
        const std::int64_t last = transitions.empty() ? 0 : transitions.back().at;
        for (std::int64_t year = civilFromDays(last / 86'400'000).year - 1; year <= expandedTo; ++year) {
            const auto [first, second] = m_zone.transitionsOf(year);
            for (const TimeZone::Transition& one : {first, second}) {
                if (one.at > last && (transitions.empty() || one.after != transitions.back().after))
                    transitions.push_back(one);
            }
        }
    }

    bool accept(char wanted)
    {
        if (m_text.empty() || m_text.front() != wanted)
            return false;
        m_text.remove_prefix(1);
        return true;
    }

    bool name()
    {
        const bool quoted = accept('<');
        std::size_t length = 0;
        while (length < m_text.size()
            && (quoted ? m_text[length] != '>' : std::isalpha(static_cast<unsigned char>(m_text[length])) != 0))
            ++length;
        m_text.remove_prefix(length);
        return length > 0 && (!quoted || accept('>'));
    }

    bool number(int low, int high, int& value)
    {
        const auto [end, error] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
        if (error != std::errc() || value < low || value > high)
            return false;
        m_text.remove_prefix(static_cast<std::size_t>(end - m_text.data()));
        return true;
    }

    /// [+-]hh[:mm[:ss]] in milliseconds.
    bool signedTime(std::int64_t& time)
    {
        const bool negative = accept('-');
        if (!negative)
            accept('+');
        int hours = 0;
        int minutes = 0;
        int seconds = 0;
        if (m_text.empty() || !isDigit(m_text.front()) || !number(0, 167, hours))
            return false;
        if (accept(':') && !number(0, 59, minutes))
            return false;
        if (accept(':') && !number(0, 59, seconds))
            return false;
        time = ((hours * 60 + minutes) * std::int64_t{60} + seconds) * 1000;
        time = negative ? -time : time;
        return true;
    }

    bool yearDay(TimeZone::YearDay& day)
    {
        using Kind = TimeZone::YearDay::Kind;
        if (!accept(','))
            return false;
        if (accept('M')) {
            day.kind = Kind::WeekDay;
            if (!number(1, 12, day.month) || !accept('.') || !number(1, 5, day.week) || !accept('.')
                || !number(0, 6, day.day))
                return false;
        } else {
            day.kind = accept('J') ? Kind::Julian : Kind::DayOfYear;
            if (!number(day.kind == Kind::Julian ? 1 : 0, 365, day.day))
                return false;
        }
        day.time = 2 * 3'600'000;
        return !accept('/') || signedTime(day.time);
    }

    TimeZone m_zone;
    std::string_view m_text;
};

std::optional<TimeZone> TimeZone::parse(std::string_view bytes)
{
    Bytes in(bytes);
    std::optional<Header> header = readHeader(in);
    if (!header)
        return std::nullopt;
    TimeZoneParser parser;
    if (header->version < '2')
        return parser.body(in, *header, 4) ? std::optional(parser.take()) : std::nullopt;
    in.take(header->bodySize(4));
    header = readHeader(in);
    if (!header || !parser.body(in, *header, 8))
        return std::nullopt;
    std::string_view text = in.rest();
    if (text.starts_with('\n') && text.find('\n', 1) != std::string_view::npos)
        parser.footer(text.substr(1, text.find('\n', 1) - 1));
    return parser.take();
}

namespace {

/// 'GMT+5', 'GMT+05:30', 'GMT-0800'.
std::optional<std::int64_t> fixedOffset(std::string_view name)
{
    if (!name.starts_with("GMT") || name.size() < 5 || (name[3] != '+' && name[3] != '-'))
        return std::nullopt;
    std::string digits;
    for (const char c : name.substr(4)) {
        if (c == ':' && (digits.size() == 1 || digits.size() == 2) && name.size() - 4 == digits.size() + 3)
            continue;
        if (!isDigit(c) || digits.size() == 4)
            return std::nullopt;
        digits.push_back(c);
    }
    const std::size_t hourDigits = digits.size() > 2 ? digits.size() - 2 : digits.size();
    const int hours = std::atoi(digits.substr(0, hourDigits).c_str());
    const int minutes = digits.size() > 2 ? std::atoi(digits.substr(hourDigits).c_str()) : 0;
    if (digits.empty() || minutes > 59 || hours * 60 + minutes > 18 * 60)
        return std::nullopt;
    const std::int64_t size = (hours * 60 + minutes) * std::int64_t{60'000};
    return name[3] == '-' ? -size : size;
}

/// Such a name is a path below the database, and a zone that Java has too.
bool isZoneName(std::string_view name)
{
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '/' || c == '_' || c == '-'
            || c == '+';
    };
    return !name.empty() && name.size() <= 64 && name.front() != '/' && std::all_of(name.begin(), name.end(), fits)
        && !name.starts_with("right/") && !name.starts_with("posix/") && name != "posixrules" && name != "localtime";
}

std::optional<TimeZone> readZone(std::string_view name)
{
    if (const auto offset = fixedOffset(name))
        return TimeZone::fixed(*offset);
    if (!isZoneName(name))
        return std::nullopt;
    std::ifstream file(database + std::string(name), std::ios::binary);
    std::string bytes(largestFile, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    return TimeZone::parse(bytes);
}

} // namespace

Result<TimeZonePtr> TimeZone::find(std::string_view name)
{
    static const TimeZonePtr utc = std::make_shared<const TimeZone>();
    if (name == "UTC")
        return utc;
    static std::mutex mutex;
    static std::map<std::string, TimeZonePtr, std::less<>> known; // as many as there are files and offsets
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(name); found != known.end())
        return found->second;
    std::optional<TimeZone> zone = readZone(name);
    if (!zone)
        return Error{ErrorKind::InvalidInput,
            "'" + std::string(name.substr(0, 64))
                + "' is no time zone that is known here. Write one as 'Europe/Berlin', 'GMT+05:30' or 'UTC'; names "
                  "come from the system's package tzdata",
            {}};
    return known.emplace(name, std::make_shared<const TimeZone>(std::move(*zone))).first->second;
}

} // namespace weir
