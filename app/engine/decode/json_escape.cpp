// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_escape.h"

#include <charconv>
#include <cstdint>

namespace weir {

namespace {

constexpr std::size_t unitDigits = 4;

/// The four hexadecimal digits at the start of `text`.
std::optional<std::uint32_t> codeUnit(std::string_view text)
{
    text = text.substr(0, unitDigits);
    std::uint32_t unit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), unit, 16);
    if (error != std::errc() || text.size() != unitDigits || end != text.data() + unitDigits)
        return std::nullopt;
    return unit;
}

bool isHighSurrogate(std::uint32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

bool isLowSurrogate(std::uint32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

void appendUtf8(std::string& out, std::uint32_t point)
{
    const auto byte = [&out](std::uint32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xC0 | point >> 6);
        byte(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        byte(0xE0 | point >> 12);
        byte(0x80 | (point >> 6 & 0x3F));
        byte(0x80 | (point & 0x3F));
    } else {
        byte(0xF0 | point >> 18);
        byte(0x80 | (point >> 12 & 0x3F));
        byte(0x80 | (point >> 6 & 0x3F));
        byte(0x80 | (point & 0x3F));
    }
}

/// What stands behind "\u": one code point of one or two units. The bytes read; 0 where it is no escape.
std::size_t appendUnits(std::string& out, std::string_view rest)
{
    const auto unit = codeUnit(rest);
    if (!unit)
        return 0;
    if (isHighSurrogate(*unit) && rest.substr(unitDigits).starts_with("\\u")) {
        const auto low = codeUnit(rest.substr(unitDigits + 2));
        if (low && isLowSurrogate(*low)) {
            appendUtf8(out, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
            return 2 * unitDigits + 2;
        }
    }
    appendUtf8(out, isHighSurrogate(*unit) || isLowSurrogate(*unit) ? '?' : *unit);
    return unitDigits;
}

/// The character that `escape` stands for behind a backslash; 0 if it is none of JSON's.
char plainEscape(char escape)
{
    switch (escape) {
    case '"':
    case '\\':
    case '/':
        return escape;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

} // namespace

std::optional<std::string> unescapeJson(std::string_view content)
{
    std::string out;
    out.reserve(content.size());
    while (!content.empty()) {
        const std::size_t backslash = std::min(content.find('\\'), content.size());
        out.append(content.substr(0, backslash));
        content.remove_prefix(backslash);
        if (content.empty())
            break;
        if (content.size() < 2)
            return std::nullopt;
        const char escape = content[1];
        content.remove_prefix(2);
        if (escape == 'u') {
            const std::size_t read = appendUnits(out, content);
            if (read == 0)
                return std::nullopt;
            content.remove_prefix(read);
        } else if (const char meant = plainEscape(escape); meant != 0) {
            out.push_back(meant);
        } else {
            return std::nullopt;
        }
    }
    return out;
}

} // namespace weir
