// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/source.h"

#include <string>

namespace weir::cli {

/// "beginning", "end", "-100" (the last 100 of each partition), "@42" (offset), or a time: "2026-03-12 14:08:00",
/// "2026-03-12T14:08:00.5Z", a date alone (all UTC), "2026-03-12T14:08:00+02:00" or milliseconds since 1970.
Result<StartPosition> parseStart(const std::string& text);

/// "never", "end" (as it is now), "@42" (exclusive), or a time as above (exclusive).
Result<StopPosition> parseStop(const std::string& text);

} // namespace weir::cli
