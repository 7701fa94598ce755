// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/plan.h"

#include <functional>
#include <optional>
#include <vector>

namespace weir::query {

/// A window aggregation whose window function stands right below it, but for filters and projections: then rows go
/// straight into the states of their windows. Flink merges the two under the same conditions.
struct WindowedChain
{
    const sql::WindowNode* window = nullptr;
    Schema windowSchema;
    std::vector<const sql::PlanNode*> steps; ///< filters and projections between the two, from the window upwards
    std::size_t timeColumn = 0; ///< in the aggregation's input: the time, or one of the same TUMBLE window
    bool timeKept = true; ///< false: it is window_start, which is a local time where the time was an instant
    bool columnsRead = false; ///< TUMBLE: the bounds are read in between
};

/// Nothing where the rows need their bounds: something reads them, the time is gone, or a SESSION is partitioned by
/// other columns than those grouped by. `isReadOnce` tells whether a node has one reader.
std::optional<WindowedChain> windowedChain(
    const sql::WindowAggregateNode& node, const std::function<bool(const sql::PlanPtr&)>& isReadOnce);

} // namespace weir::query
