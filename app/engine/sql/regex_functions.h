// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::sql {

/// Regular expressions by RE2, in time linear in the text. Compiled patterns are kept per thread. Patterns that cannot
/// be run give no value.

/// Why a pattern cannot be run; empty if it can.
std::string patternFault(std::string_view pattern);
std::optional<bool> regexMatches(std::string_view text, std::string_view pattern);
/// Group `group` (0: all of it) of the first match.
std::optional<std::string> regexExtract(std::string_view text, std::string_view pattern, std::int64_t group);
/// Every match replaced by `replacement` as it stands.
std::optional<std::string> regexReplace(std::string_view text, std::string_view pattern, std::string_view replacement);

/// SQL's SIMILAR TO as a regular expression of the whole text: % is any text, _ one character, and the brackets,
/// repetitions and alternatives are those of regular expressions. `escape` (0: none) makes the next character plain.
std::string similarPattern(std::string_view pattern, char escape);
/// Whether all of the text matches a regular expression.
std::optional<bool> regexIs(std::string_view text, std::string_view pattern);

} // namespace weir::sql
