// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/record/text_encoding.h"

#include <algorithm>

namespace weir {

namespace {

void appendEscaped(std::string& out, char c)
{
    static constexpr char hex[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
        out.push_back('\\');
        out.push_back(c);
    } else if (c == '\n') {
        out += "\\n";
    } else if (c == '\t') {
        out += "\\t";
    } else if (c == '\r') {
        out += "\\r";
    } else {
        out += "\\u00";
        out.push_back(hex[byte >> 4]);
        out.push_back(hex[byte & 15]);
    }
}

/// How many characters from `at` on stand in a JSON string as they are.
std::size_t plainRun(std::string_view text, std::size_t at)
{
    const std::size_t begin = at;
    while (text.size() - at >= 16) {
        const std::size_t plain = plainJsonBytes(text.data() + at);
        at += plain;
        if (plain < 16)
            return at - begin;
    }
    while (at < text.size() && text[at] != '"' && text[at] != '\\' && static_cast<unsigned char>(text[at]) >= 0x20)
        ++at;
    return at - begin;
}

/// Where the first byte from `at` on stands that is no ASCII; the end where there is none.
std::size_t asciiRun(std::string_view text, std::size_t at)
{
    constexpr std::uint64_t highBits = 0x8080808080808080U;
    std::uint64_t words[4];
    while (text.size() - at >= sizeof words) {
        std::memcpy(words, text.data() + at, sizeof words);
        if (((words[0] | words[1] | words[2] | words[3]) & highBits) != 0)
            break;
        at += sizeof words;
    }
    while (text.size() - at >= sizeof words[0]) {
        std::memcpy(words, text.data() + at, sizeof words[0]);
        if ((words[0] & highBits) != 0)
            break;
        at += sizeof words[0];
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80)
        ++at;
    return at;
}

/// Length of the well-formed UTF-8 character at `text`, 0 if there is none.
std::size_t characterLength(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(0);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xF0 && lead <= 0xF4 ? 4
        : lead >= 0xE0 && lead < 0xF0                       ? 3
        : lead >= 0xC2 && lead < 0xE0                       ? 2
                                                            : 0;
    if (length == 0 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    }
    const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return overlong || surrogate || (lead == 0xF4 && byte(1) > 0x8F) ? 0 : length;
}

} // namespace

void appendJsonString(std::string& out, std::string_view text)
{
    out.push_back('"');
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t plain = plainRun(text, at);
        out.append(text, at, plain);
        at += plain;
        if (at < text.size())
            appendEscaped(out, text[at++]);
    }
    out.push_back('"');
}

void appendBase64(std::string& out, std::string_view bytes)
{
    static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t b = 0; b < 3; ++b)
            group = group << 8 | (b < count ? static_cast<unsigned char>(bytes[i + b]) : 0U);
        for (std::size_t d = 0; d < 4; ++d)
            out.push_back(d <= count ? alphabet[group >> (18 - 6 * d) & 63] : '=');
    }
}

bool isUtf8(std::string_view text)
{
    for (std::size_t at = asciiRun(text, 0); at < text.size(); at = asciiRun(text, at)) {
        const std::size_t length = characterLength(text.substr(at));
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

} // namespace weir
