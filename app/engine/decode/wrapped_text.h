// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// What a text or some bytes are wrapped in.
enum class Wrapping : std::uint8_t { JsonText, Base64, Gzip };

/// What was inside.
struct Unwrapped
{
    Wrapping wrapping = Wrapping::JsonText;
    std::string bytes;
    bool whole = true; ///< false: it is larger than may be unwrapped, and this is its beginning
};

/// Looks whether `content` is a JSON object or array in a text, gzip, or Base64 of one of these or of readable text;
/// nothing for everything else. Hostile input: unwraps at most `mostBytes`, and at most 1,000 bytes for each.
std::optional<Unwrapped> unwrap(std::string_view content, std::size_t mostBytes = std::size_t{64} << 20);

/// Of the usual alphabet, padded to whole groups of four; nothing where it is none.
std::optional<std::string> bytesOfBase64(std::string_view text);

} // namespace weir
