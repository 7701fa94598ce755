// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_run.h"
#include "widgets/dashboard/counter_strip.h"

namespace weir {

/// What a query counts, for the strip above its rows. The watermark's tool tip has every partition, with idle and ended
/// ones told apart; the late rows' has the steps that dropped them.
std::vector<dashboard::Counter> queryCounters(const QuerySnapshot& snapshot);

} // namespace weir
