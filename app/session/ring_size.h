// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace weir {

/// How much of what comes a ring keeps: so many newest bytes, or what came within a time.
struct RingSize
{
    std::uint64_t bytes = 0; ///< 0: no limit
    std::chrono::milliseconds age{0}; ///< 0: no limit
};

/// "2GiB" or "30min".
Result<RingSize> parseRing(const std::string& text);

} // namespace weir
