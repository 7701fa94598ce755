// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/metrics/latency.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/series/series.h"
#include "app/models/plot_columns.h"
#include "widgets/plots/plot_data.h"

namespace weir {

/// Engine snapshots as what plots are fed with.

/// Means per bin of the level that suits `pixels`; gaps where nothing was seen.
std::vector<plots::Sample> samplesOf(const SeriesSnapshotPtr& series, plots::Span range, int pixels);

/// The largest `most` - 1 series by their sums and the rest together as "others (n)", when there are more than `most`.
/// Values of equal times are added.
std::vector<plots::PlotSeries> largestOf(std::vector<plots::PlotSeries> series, std::size_t most);

plots::HeatMapData heatMapOf(const std::shared_ptr<const LatencySnapshot>& latency, plots::Span range);

/// A query's rows as curves by key over window_start; the open windows count as provisional.
plots::PlotData queryPlot(const QuerySnapshot& snapshot, const QueryPlotColumns& columns, plots::Kind kind);

} // namespace weir
