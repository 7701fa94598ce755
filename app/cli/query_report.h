// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_run.h"

#include <string>

namespace weir::cli {

/// What a query counts, in one line: "rows in 600, decode errors 0, …".
std::string countersLine(const QuerySnapshot& snapshot);

/// Where its watermarks stand and what it keeps, and a line for each partition:
///   watermark 2024-03-01 12:00:00.000, open windows 2, open groups 7, state 1.5 KiB
///     orders/0  2024-03-01 12:00:05.100
///     orders/1  2024-03-01 11:59:58.000  idle
std::string progressLines(const QuerySnapshot& snapshot);

/// Both as one JSON object.
std::string countersJson(const QuerySnapshot& snapshot);

} // namespace weir::cli
