// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace weir::sql {

/// Characters (code points) of UTF-8 text; every stray byte counts as one.
std::size_t codePointCount(std::string_view text);
/// The first `count` characters.
std::string leftCodePoints(std::string_view text, std::size_t count);
/// Characters [first, first + count).
std::string_view codePointSlice(std::string_view text, std::size_t first, std::size_t count);

/// As Java's toUpperCase and toLowerCase in no language: Latin, Greek and Cyrillic letters; all others stay.
std::string toUpperCase(std::string_view text);
std::string toLowerCase(std::string_view text);

/// SQL's LIKE: % is any text, _ one character, `escape` (0: none) makes the next one plain.
bool likeMatches(std::string_view text, std::string_view pattern, char escape);

} // namespace weir::sql
