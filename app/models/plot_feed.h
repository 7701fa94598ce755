// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/metrics/latency.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/series/series.h"
#include "widgets/plots/plot_data.h"

namespace weir {

/// Engine snapshots as what plots are fed with.

/// Means per bin of the level that suits `pixels`; gaps where nothing was seen.
std::vector<plots::Sample> samplesOf(const SeriesSnapshotPtr& series, plots::Span range, int pixels);

plots::HeatMapData heatMapOf(const std::shared_ptr<const LatencySnapshot>& latency, plots::Span range);

/// One numeric column of a query's rows over window_start, one series by key; the open windows count as provisional.
struct QueryPlotColumns
{
    int time = -1; ///< window_start
    int value = -1;
    std::vector<int> keys; ///< columns that name a series
};
/// Picks window_start, the wanted (or last) numeric column, and text columns as keys; value -1 when nothing can be
/// drawn.
QueryPlotColumns plotColumns(const Schema& schema, int windowStart, const QString& wanted);
plots::PlotData queryPlot(const QuerySnapshot& snapshot, const QueryPlotColumns& columns, plots::Kind kind);

} // namespace weir
