// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/plan.h"

namespace weir::sql {

/// The plan with the same output that carries no column further than it is read: scans decode only what is needed,
/// projections and aggregations compute only what is used. All readers of one table share one scan.
PlanPtr pruned(const PlanPtr& plan);

} // namespace weir::sql
