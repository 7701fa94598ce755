// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Position behind the first JSON value of `text`, by brackets and quotes alone; 0 when it has no end. Linear, no
/// recursion.
std::size_t endOfFirstJsonValue(std::string_view text);

/// White space between the tokens removed. `text` is valid JSON.
std::string compactJson(std::string_view text);

enum class JsonLineKind : std::uint8_t { Object, Array, Close, String, Number, Boolean, Null, Error };

/// One line of a pretty-printed value.
struct JsonLine
{
    int depth = 0;
    std::string key; ///< empty in arrays and at the root
    bool hasKey = false;
    std::string text; ///< the value as it stands (long strings are cut), "{", "[", "}", "]", or what is wrong
    JsonLineKind kind = JsonLineKind::Null;
    std::size_t firstByte =
        0; ///< [firstByte, endByte) of the value in the original bytes; of all of it at an opening line
    std::size_t endByte = 0;
};

struct JsonLines
{
    std::vector<JsonLine> lines;
    bool complete = true; ///< false: more lines than asked for
    std::optional<std::size_t> errorByte; ///< where the text stops being JSON; what stands before it is laid out
};

/// Lays a value out for the eye, tolerant: a broken value shows what could be read, then where it breaks. Bounded by
/// `maxLines` and by the depth of 512; never looks further than it shows.
JsonLines layOutJson(std::string_view value, std::size_t maxLines);

} // namespace weir
