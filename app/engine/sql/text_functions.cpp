// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/text_functions.h"

#include "app/engine/sql/unicode.h"

#include <algorithm>

namespace weir::sql {

namespace {

constexpr std::int64_t longestText = std::int64_t{1} << 28; ///< of a result; beyond it there is no memory for one value

/// UTF-16 as Java has it, without a stop at what is no character.
std::u16string toUtf16(std::string_view text)
{
    std::u16string units;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view one = codePointSlice(text.substr(at), 0, 1);
        const auto lead = static_cast<unsigned char>(one[0]);
        std::uint32_t value = one.size() == 1 ? lead : lead & (0xFFU >> (one.size() + 1));
        for (std::size_t i = 1; i < one.size(); ++i)
            value = value << 6 | (static_cast<unsigned char>(one[i]) & 0x3FU);
        if (value >= 0x10000) {
            units.push_back(static_cast<char16_t>(0xD800 + ((value - 0x10000) >> 10)));
            units.push_back(static_cast<char16_t>(0xDC00 + ((value - 0x10000) & 0x3FF)));
        } else {
            units.push_back(static_cast<char16_t>(value));
        }
        at += one.size();
    }
    return units;
}

void appendUtf8(std::string& out, std::uint32_t value)
{
    if (value < 0x80) {
        out.push_back(static_cast<char>(value));
        return;
    }
    const int more = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
    const std::uint32_t leads[] = {0, 0xC0, 0xE0, 0xF0};
    out.push_back(static_cast<char>(leads[more] | value >> (6 * more)));
    for (int i = more - 1; i >= 0; --i)
        out.push_back(static_cast<char>(0x80 | (value >> (6 * i) & 0x3F)));
}

std::string toUtf8(std::u16string_view units)
{
    std::string text;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const char16_t unit = units[i];
        const bool high = unit >= 0xD800 && unit < 0xDC00;
        const bool low = unit >= 0xDC00 && unit < 0xE000;
        if (high && i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000) {
            appendUtf8(text, 0x10000U + ((unit - 0xD800U) << 10) + (units[i + 1] - 0xDC00U));
            ++i;
        } else {
            appendUtf8(text, high || low ? '?' : unit);
        }
    }
    return text;
}

bool contains(std::string_view characters, std::string_view one)
{
    for (std::size_t at = 0; at < characters.size();) {
        const std::string_view candidate = codePointSlice(characters.substr(at), 0, 1);
        if (candidate == one)
            return true;
        at += candidate.size();
    }
    return false;
}

std::string_view lastCodePoint(std::string_view text)
{
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
        --at;
    return text.substr(at);
}

/// `count` units of `pad`, over and over.
std::u16string padding(std::u16string_view pad, std::size_t count)
{
    std::u16string units;
    units.reserve(count);
    while (units.size() < count)
        units += pad.substr(0, count - units.size());
    return units;
}

std::optional<std::string> padded(std::string_view text, std::int64_t length, std::string_view pad, bool left)
{
    if (length < 0 || length > longestText || pad.empty())
        return std::nullopt;
    const auto wanted = static_cast<std::size_t>(length);
    const std::u16string units = toUtf16(text);
    if (units.size() >= wanted)
        return toUtf8(std::u16string_view(units).substr(0, wanted));
    const std::u16string filling = padding(toUtf16(pad), wanted - units.size());
    return toUtf8(left ? filling + units : units + filling);
}

} // namespace

std::string_view substringOf(std::string_view text, std::int64_t from, std::int64_t count)
{
    if (count < 0)
        return {};
    const auto length = static_cast<std::int64_t>(codePointCount(text));
    const std::int64_t first = from > 0 ? from - 1 : from < 0 ? length + from : 0;
    if (first < 0 || first >= length)
        return {};
    return codePointSlice(text, static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

std::string_view trimmedLeft(std::string_view text, std::string_view characters)
{
    while (!text.empty()) {
        const std::string_view first = codePointSlice(text, 0, 1);
        if (!contains(characters, first))
            break;
        text.remove_prefix(first.size());
    }
    return text;
}

std::string_view trimmedRight(std::string_view text, std::string_view characters)
{
    while (!text.empty()) {
        const std::string_view last = lastCodePoint(text);
        if (!contains(characters, last))
            break;
        text.remove_suffix(last.size());
    }
    return text;
}

std::int64_t positionOf(std::string_view sought, std::string_view text, std::int64_t from)
{
    if (from < 1)
        return 0;
    const std::string_view head = codePointSlice(text, 0, static_cast<std::size_t>(from - 1));
    const std::size_t found = text.find(sought, head.size());
    return found == std::string_view::npos ? 0 : static_cast<std::int64_t>(codePointCount(text.substr(0, found))) + 1;
}

std::string replaced(std::string_view text, std::string_view search, std::string_view replacement)
{
    if (search.empty()) {
        const std::u16string units = toUtf16(text);
        const std::u16string between = toUtf16(replacement);
        std::u16string result = between;
        for (const char16_t unit : units)
            result += unit + between;
        return toUtf8(result);
    }
    std::string result;
    std::size_t at = 0;
    for (std::size_t found = text.find(search); found != std::string_view::npos; found = text.find(search, at)) {
        result += text.substr(at, found - at);
        result += replacement;
        at = found + search.size();
    }
    return result += text.substr(at);
}

std::string repeated(std::string_view text, std::int64_t count)
{
    std::string result;
    const std::int64_t most = text.empty() ? 0 : longestText / static_cast<std::int64_t>(text.size());
    for (std::int64_t i = std::min(count, most); i > 0; --i)
        result += text;
    return result;
}

std::optional<std::string> paddedLeft(std::string_view text, std::int64_t length, std::string_view pad)
{
    return padded(text, length, pad, true);
}

std::optional<std::string> paddedRight(std::string_view text, std::int64_t length, std::string_view pad)
{
    return padded(text, length, pad, false);
}

std::string reversed(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::string_view last = lastCodePoint(text);
        result += last;
        text.remove_suffix(last.size());
    }
    return result;
}

std::string initCap(std::string_view text)
{
    std::string result(text);
    bool inWord = false;
    for (char& c : result) {
        const bool large = c >= 'A' && c <= 'Z';
        const bool small = c >= 'a' && c <= 'z';
        if (inWord && large)
            c = static_cast<char>(c + 32);
        else if (!inWord && small)
            c = static_cast<char>(c - 32);
        inWord = large || small || (c >= '0' && c <= '9');
    }
    return result;
}

std::optional<std::string_view> splitIndex(std::string_view text, std::string_view separator, std::int64_t index)
{
    if (text.empty() || index < 0)
        return std::nullopt;
    for (std::size_t at = 0;; --index) {
        const std::size_t end = separator.empty() ? std::string_view::npos : text.find(separator, at);
        if (index == 0)
            return text.substr(at, end == std::string_view::npos ? end : end - at);
        if (end == std::string_view::npos)
            return std::nullopt;
        at = end + separator.size();
    }
}

} // namespace weir::sql
