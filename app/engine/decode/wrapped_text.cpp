// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/wrapped_text.h"

#include "app/engine/decode/json_text.h"
#include "connectors/record/text_encoding.h"

#include <algorithm>
#include <array>
#include <zlib.h>

namespace weir {

namespace {

constexpr std::size_t mostTimes = 1000; ///< as large as what it came from
constexpr std::size_t leastBase64 = 16; ///< shorter texts look like Base64 by chance
constexpr std::size_t checkedLines = 20'000;

bool isGzip(std::string_view bytes)
{
    return bytes.starts_with("\x1f\x8b\x08");
}

bool isJsonContainer(std::string_view text)
{
    if (text.size() < 2 || (text.front() != '{' && text.front() != '['))
        return false;
    const std::size_t end = endOfFirstJsonValue(text);
    return end != 0 && text.find_first_not_of(" \t\r\n", end) == std::string_view::npos
        && !layOutJson(text, checkedLines).errorByte;
}

bool isReadable(std::string_view text)
{
    return text.size() >= leastBase64 / 2 && isUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
    });
}

std::optional<Unwrapped> gunzip(std::string_view bytes, std::size_t mostBytes)
{
    z_stream stream{};
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
        return std::nullopt;
    const std::size_t limit = std::min(mostBytes, bytes.size() * mostTimes);
    Unwrapped inside{Wrapping::Gzip, {}, true};
    // zlib reads what it is given, and takes it as changeable.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::array<char, 64 * 1024> block;
    int state = Z_OK;
    while (state == Z_OK && inside.whole) {
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        state = inflate(&stream, Z_NO_FLUSH);
        const std::size_t got = std::min(block.size() - stream.avail_out, limit - inside.bytes.size());
        inside.bytes.append(block.data(), got);
        inside.whole = inside.bytes.size() < limit;
    }
    inflateEnd(&stream);
    if (state == Z_STREAM_END)
        return inside;
    return inside.whole ? std::nullopt : std::optional(std::move(inside));
}

int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

} // namespace

std::optional<std::string> bytesOfBase64(std::string_view text)
{
    if (text.empty() || text.size() % 4 != 0)
        return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pads = i >= text.size() - padding;
        const int value = pads ? 0 : sextet(text[i]);
        if (value < 0)
            return std::nullopt;
        group = (group << 6) | static_cast<std::uint32_t>(value);
        if (i % 4 != 3)
            continue;
        for (const int shift : {16, 8, 0})
            bytes.push_back(static_cast<char>((group >> shift) & 0xff));
        group = 0;
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

std::optional<Unwrapped> unwrap(std::string_view content, std::size_t mostBytes)
{
    if (isGzip(content))
        return gunzip(content, mostBytes);
    if (isJsonContainer(content))
        return Unwrapped{Wrapping::JsonText, std::string(content), true};
    if (content.size() < leastBase64)
        return std::nullopt;
    auto bytes = bytesOfBase64(content);
    if (!bytes || !(isGzip(*bytes) || isJsonContainer(*bytes) || isReadable(*bytes)))
        return std::nullopt;
    return Unwrapped{Wrapping::Base64, std::move(*bytes), true};
}

} // namespace weir
