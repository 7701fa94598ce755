// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/metrics/latency.h"

#include <string>
#include <vector>

namespace weir::cli {

/// Latencies as members of a JSON object: `"latency_p50_ms":…`, and `latency_buckets` with the lower bound and count of
/// each bucket that holds any; the first bound is 0.
std::string latencyJson(const LatencyDistribution& latencies);

/// The same as rows of name and value for a table: percentiles, then one row per four buckets with a bar.
std::vector<std::vector<std::string>> latencyRows(const LatencyDistribution& latencies);

/// "46 ms", "3.64 s", "4 min 02 s", "21 h 12 min", "6 d 23 h"
std::string durationText(double ms);

} // namespace weir::cli
