// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::sql {

/// Text functions as Flink's, on UTF-8. Counts are characters (code points) unless told otherwise.

/// SUBSTRING counts from 1; a negative place counts from the end, 0 is the first.
std::string_view substringOf(std::string_view text, std::int64_t from, std::int64_t count);
/// Without the leading, the trailing characters that stand in `characters`.
std::string_view trimmedLeft(std::string_view text, std::string_view characters);
std::string_view trimmedRight(std::string_view text, std::string_view characters);
/// The place of the first `sought` at or behind character `from`, counted from 1; 0 if there is none.
std::int64_t positionOf(std::string_view sought, std::string_view text, std::int64_t from);
/// As Java's String.replace: an empty `search` is found around every UTF-16 unit.
std::string replaced(std::string_view text, std::string_view search, std::string_view replacement);
std::string repeated(std::string_view text, std::int64_t count);
/// To `length` UTF-16 units, as Java counts; a character that is cut in two is a '?'. No value for a negative length
/// and for an empty pad.
std::optional<std::string> paddedLeft(std::string_view text, std::int64_t length, std::string_view pad);
std::optional<std::string> paddedRight(std::string_view text, std::int64_t length, std::string_view pad);
std::string reversed(std::string_view text);
/// The first letter of each word large, the others small; only A to Z are letters, and only they and digits make words.
std::string initCap(std::string_view text);
/// Part `index`, from 0, between separators; no value where there is none.
std::optional<std::string_view> splitIndex(std::string_view text, std::string_view separator, std::int64_t index);

} // namespace weir::sql
