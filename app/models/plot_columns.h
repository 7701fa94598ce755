// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/plan.h"

#include <QString>

#include <vector>

namespace weir {

/// One numeric column of a query's rows over window_start, one series by key.
struct QueryPlotColumns
{
    int time = -1; ///< window_start
    int value = -1; ///< -1: nothing can be drawn
    std::vector<int> keys; ///< columns that name a series
    std::vector<int> values; ///< all that could be drawn
};

/// window_start, the wanted (or last) number that is no key, and the columns that the query groups by. Where the plan
/// does not tell what it groups by, texts are keys.
QueryPlotColumns plotColumns(const sql::QueryPlan& plan, const QString& wanted);

} // namespace weir
