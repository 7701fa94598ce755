// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace weir::window {

/// Milliseconds; sums at the edge of 64 bits are cut to it.
inline std::int64_t timeSum(std::int64_t left, std::int64_t right)
{
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(left, right, &sum))
        return sum;
    return left < 0 ? INT64_MIN : INT64_MAX;
}

} // namespace weir::window
