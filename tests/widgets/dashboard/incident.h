// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/histogram_strip.h"
#include "widgets/plots/plot_data.h"

/// Made-up data of one incident at 14:08, for tests that draw.
namespace weir::test {

constexpr std::int64_t incidentEnd = 1773324760000; ///< 2026-03-12 14:12:40 UTC

plots::PlotData throughput();
plots::PlotData consumerLag();
plots::HeatMapData latency();
plots::PlotData revenue();
plots::PlotData revenueLines();
plots::PlotData staleSkew();
plots::HistogramData histogram();

} // namespace weir::test
