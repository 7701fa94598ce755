// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/relation.h"

namespace weir::sql {

/// What conditions say about the distance of two time attributes: lower <= right - left <= upper, in milliseconds.
struct TimeBounds
{
    std::size_t leftTime = 0; ///< into the left columns
    std::size_t rightTime = 0; ///< into the right columns
    std::optional<std::int64_t> lowerMs;
    std::optional<std::int64_t> upperMs;
};

/// Takes the conditions that compare one time attribute of each side out of `conditions`. Those on other pairs of times
/// than the first stay. Nothing if there is none.
std::optional<TimeBounds> takeTimeBounds(const Scope& left, const Scope& right, std::vector<ExpressionPtr>& conditions);

} // namespace weir::sql
