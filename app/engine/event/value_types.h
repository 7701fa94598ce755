// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>

namespace weir {

/// Unscaled value of a DECIMAL: up to 38 digits.
__extension__ using Int128 = __int128;

/// TIMESTAMP and TIMESTAMP_LTZ, as Flink keeps them: milliseconds since 1970 plus nanoseconds within that millisecond.
struct Timestamp
{
    std::int64_t millis = 0;
    std::int32_t nanos = 0; ///< 0 to 999,999
    auto operator<=>(const Timestamp&) const = default;
};

} // namespace weir
