// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace weir {

/// A JSON string literal with its quotes. `text` is UTF-8.
void appendJsonString(std::string& out, std::string_view text);
void appendBase64(std::string& out, std::string_view bytes);
/// Well-formed, without surrogates and overlong forms.
bool isUtf8(std::string_view text);

/// Sixteen bytes at once; comparing gives 0xFF where it holds.
using ByteBlock __attribute__((vector_size(16))) = unsigned char;

inline ByteBlock blockAt(const char* text)
{
    ByteBlock block;
    std::memcpy(&block, text, sizeof block);
    return block;
}

/// Where the first byte of a comparison's answer is set; 16 where none is.
inline std::size_t firstSet(ByteBlock answer)
{
    using Halves __attribute__((vector_size(16))) = std::uint64_t;
    const auto halves = std::bit_cast<Halves>(answer);
    const auto first = [](std::uint64_t half) {
        if constexpr (std::endian::native == std::endian::big)
            half = __builtin_bswap64(half);
        return static_cast<std::size_t>(std::countr_zero(half)) / 8;
    };
    return halves[0] != 0 ? first(halves[0]) : 8 + first(halves[1]);
}

/// Over how many of the 16 bytes at `text` a JSON string goes on as it stands: no quote, no backslash, no control
/// character.
inline std::size_t plainJsonBytes(const char* text)
{
    const ByteBlock block = blockAt(text);
    return firstSet((block == '"') | (block == '\\') | (block < 0x20));
}

} // namespace weir
