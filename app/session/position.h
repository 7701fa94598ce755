// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/source.h"

#include <string>

namespace weir {

/// Where reading begins and ends, in the words that users type, on the command line and in the window.

/// "beginning", "end", "-100" (the last 100 of each partition), "@42" (offset), "@0:42,3:7" (offsets of partitions; the
/// others from their beginning), "-15m" (before `now`), or a time: "2026-03-12 14:08:00", "2026-03-12T14:08:00.5Z", a
/// date alone (all UTC), "2026-03-12T14:08:00+02:00" or milliseconds since 1970.
Result<StartPosition> parseStart(const std::string& text, EpochMs now);

/// "never", "end" (as it is now), "+100" (the first 100 of each partition), "@42" and "@0:42,3:7" (exclusive; other
/// partitions are not read), "-15m" or a time as above (exclusive).
Result<StopPosition> parseStop(const std::string& text, EpochMs now);

/// A time as it can be typed: "2026-03-12 14:08:00.000".
std::string positionText(EpochMs time);

} // namespace weir
