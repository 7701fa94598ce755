// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/unicode.h"

#include <cstdint>

namespace weir::sql {

namespace {

bool continues(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Position of the character behind the one at `at`.
std::size_t next(std::string_view text, std::size_t at)
{
    for (++at; at < text.size() && continues(text[at]); ++at) { }
    return at;
}

/// The code point at `at` of valid UTF-8; single bytes of anything else.
std::uint32_t decode(std::string_view text, std::size_t at, std::size_t end)
{
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80 || end - at == 1)
        return lead;
    std::uint32_t value = lead & (0xFFU >> (end - at + 1));
    for (std::size_t i = at + 1; i < end; ++i)
        value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
    return value;
}

void encode(std::string& out, std::uint32_t value)
{
    if (value < 0x80) {
        out.push_back(static_cast<char>(value));
    } else if (value < 0x800) {
        out.push_back(static_cast<char>(0xC0 | value >> 6));
        out.push_back(static_cast<char>(0x80 | (value & 0x3F)));
    } else {
        out.push_back(static_cast<char>(0xE0 | value >> 12));
        out.push_back(static_cast<char>(0x80 | (value >> 6 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (value & 0x3F)));
    }
}

bool within(std::uint32_t value, std::uint32_t first, std::uint32_t last)
{
    return value >= first && value <= last;
}

/// Blocks in which every second letter is the small form of the one before it.
bool isPaired(std::uint32_t value)
{
    return (within(value, 0x100, 0x137) && value != 0x130 && value != 0x131) || within(value, 0x14A, 0x177)
        || within(value, 0x460, 0x481) || within(value, 0x48A, 0x4BF) || within(value, 0x1E00, 0x1E95)
        || within(value, 0x1EA0, 0x1EFF);
}

/// Blocks of the same kind that begin with an odd number.
bool isOddPaired(std::uint32_t value)
{
    return within(value, 0x139, 0x148) || within(value, 0x179, 0x17E);
}

std::uint32_t upperOf(std::uint32_t value)
{
    if (within(value, 'a', 'z') || (within(value, 0xE0, 0xFE) && value != 0xF7) || within(value, 0x430, 0x44F))
        return value - 32;
    if (isPaired(value))
        return value & ~1U;
    if (isOddPaired(value))
        return value % 2 == 0 ? value - 1 : value;
    if (within(value, 0x3B1, 0x3CB) && value != 0x3C2)
        return value - 32;
    if (within(value, 0x450, 0x45F))
        return value - 80;
    switch (value) {
    case 0xFF:
        return 0x178;
    case 0x3C2:
        return 0x3A3;
    case 0x3AC:
        return 0x386;
    case 0x3AD:
    case 0x3AE:
    case 0x3AF:
        return value - 37;
    case 0x3CC:
        return 0x38C;
    case 0x3CD:
    case 0x3CE:
        return value - 63;
    case 0xB5:
        return 0x39C;
    case 0x131:
        return 'I';
    default:
        return value;
    }
}

std::uint32_t lowerOf(std::uint32_t value)
{
    if (within(value, 'A', 'Z') || (within(value, 0xC0, 0xDE) && value != 0xD7) || within(value, 0x410, 0x42F))
        return value + 32;
    if (isPaired(value))
        return value | 1U;
    if (isOddPaired(value))
        return value % 2 == 1 ? value + 1 : value;
    if (within(value, 0x391, 0x3AB) && value != 0x3A2)
        return value + 32;
    if (within(value, 0x400, 0x40F))
        return value + 80;
    switch (value) {
    case 0x178:
        return 0xFF;
    case 0x386:
        return 0x3AC;
    case 0x388:
    case 0x389:
    case 0x38A:
        return value + 37;
    case 0x38C:
        return 0x3CC;
    case 0x38E:
    case 0x38F:
        return value + 63;
    default:
        return value;
    }
}

template <typename Map>
std::string mapped(std::string_view text, Map map)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = next(text, at);
        const std::uint32_t value = decode(text, at, end);
        const std::uint32_t other = end - at > 3 ? value : map(value);
        if (other == value)
            out.append(text.substr(at, end - at));
        else
            encode(out, other);
        at = end;
    }
    return out;
}

/// A letter whose other case is two characters.
struct Special
{
    std::string_view letter;
    std::string_view becomes;
};

template <typename Map>
std::string replacing(std::string_view text, Special special, Map map)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t found = text.find(special.letter, at);
        out += mapped(text.substr(at, found - at), map);
        if (found == std::string_view::npos)
            break;
        out += special.becomes;
        at = found + special.letter.size();
    }
    return out;
}

} // namespace

std::size_t codePointCount(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); at = next(text, at))
        ++count;
    return count;
}

std::string_view codePointSlice(std::string_view text, std::size_t first, std::size_t count)
{
    std::size_t begin = 0;
    for (; first > 0 && begin < text.size(); --first)
        begin = next(text, begin);
    std::size_t end = begin;
    for (; count > 0 && end < text.size(); --count)
        end = next(text, end);
    return text.substr(begin, end - begin);
}

std::string leftCodePoints(std::string_view text, std::size_t count)
{
    return std::string(codePointSlice(text, 0, count));
}

std::string toUpperCase(std::string_view text)
{
    return replacing(text, {"\xC3\x9F", "SS"}, upperOf); // ß
}

std::string toLowerCase(std::string_view text)
{
    return replacing(text, {"\xC4\xB0", "i\xCC\x87"}, lowerOf); // İ keeps its dot
}

bool likeMatches(std::string_view text, std::string_view pattern, char escape)
{
    // The classic walk with one place to come back to: linear but for texts that make the last % start again.
    std::size_t at = 0;
    std::size_t p = 0;
    std::size_t starPattern = std::string_view::npos;
    std::size_t starText = 0;
    while (at < text.size()) {
        const bool escaped = escape != 0 && p + 1 < pattern.size() && pattern[p] == escape;
        if (!escaped && p < pattern.size() && pattern[p] == '%') {
            starPattern = p++;
            starText = at;
        } else if (!escaped && p < pattern.size() && pattern[p] == '_') {
            ++p;
            at = next(text, at);
        } else if (p + (escaped ? 1 : 0) < pattern.size() && pattern[p + (escaped ? 1 : 0)] == text[at]) {
            p += escaped ? 2 : 1;
            ++at;
        } else if (starPattern != std::string_view::npos) {
            p = starPattern + 1;
            starText = next(text, starText);
            at = starText;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '%')
        ++p;
    return p == pattern.size();
}

} // namespace weir::sql
