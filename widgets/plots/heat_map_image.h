// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_data.h"

#include <QColor>
#include <QImage>

#include <cstdint>
#include <vector>

namespace weir::plots {

/// The cells of `shown` as pixels: one per column of time and bucket, the lowest bucket at the bottom. `begin` is the
/// time of the first column. Empty cells are transparent, so that "no records" is no ink.
struct HeatMapImage
{
    QImage image;
    std::int64_t begin = 0;
    std::uint32_t largest = 0; ///< records in the fullest cell shown
};
HeatMapImage heatMapImage(const HeatMapData& data, Span shown);

/// The colours of cells from 1 record to the fullest, in `steps` steps of the log scale.
std::vector<QColor> heatScale(int steps);

} // namespace weir::plots
