// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::sql {

/// "select" -> "SELECT". ASCII only, as SQL's keywords are.
std::string upper(std::string_view text);
bool equalsIgnoreCase(std::string_view a, std::string_view b);

/// Words that the editor shows as keywords.
bool isKeyword(std::string_view word);
/// Words that Flink takes as a name only in back-quotes.
bool isReserved(std::string_view word);
/// Reserved in Flink 2.1, but not in 1.20.
bool isReservedLater(std::string_view word);
/// Names of functions that Weir runs.
bool isFunctionName(std::string_view word);
/// Functions that Flink has and Weir does not run yet.
bool isMissingFunction(std::string_view word);

/// ", did you mean x?" for the candidate nearest to `name`, or nothing when none is near.
std::string didYouMean(std::string_view name, const std::vector<std::string>& candidates);

} // namespace weir::sql
