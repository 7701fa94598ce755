// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/value_types.h"

#include <optional>
#include <string>
#include <string_view>

namespace weir {

constexpr int maxDecimalDigits = 38;

/// 10 to the power of `exponent`, 0 to 38.
Int128 powerOfTen(int exponent);

/// What a text is as DECIMAL(precision, scale).
struct DecimalParse
{
    bool valid = false; ///< the text is a number: [+-]digits[.digits][e[+-]digits]
    std::optional<Int128> unscaled; ///< nothing when it does not fit the precision: Flink makes that NULL
};

/// Digits beyond `scale` are rounded half up (away from zero), as Java's BigDecimal does for Flink.
DecimalParse parseDecimal(std::string_view text, int precision, int scale);

/// Changes the scale of an unscaled value, rounding half up; nothing when more than `precision` digits remain.
std::optional<Int128> rescaleDecimal(Int128 unscaled, int fromScale, int toScale, int precision);

/// Full scale, never an exponent: "-0.50".
void appendDecimal(std::string& out, Int128 unscaled, int scale);

} // namespace weir
