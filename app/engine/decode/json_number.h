// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

/// White space between the tokens of JSON.
inline bool isJsonSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The JSON number at the start of `token`, which may end in white space (simdjson's raw tokens do). Empty if the token
/// is no number by the grammar of JSON.
std::string_view numberText(std::string_view token);

/// Java's Long.parseLong: an optional sign and digits, all of the text, within 64 bits.
std::optional<std::int64_t> parseInteger(std::string_view text);

/// The integer part of a JSON number (toward zero), as Jackson's getLongValue: nothing beyond 64 bits.
std::optional<std::int64_t> integerOfNumber(std::string_view number);

/// A JSON number as double; beyond the range it is an infinity, as in Java.
double doubleOfNumber(std::string_view number);

/// Java's Double.parseDouble on trimmed text: decimal forms, NaN, Infinity with a sign, a suffix d or f.
std::optional<double> parseJavaDouble(std::string_view text);

/// Without the white space around it, as Java's String.trim (all characters up to U+0020).
std::string_view trimmed(std::string_view text);

} // namespace weir
