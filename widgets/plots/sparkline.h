// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>

#include <span>

class QPainter;

namespace weir::plots {

/// A line without axes, for trees and tables: 0 (or the lowest value when below) at the bottom, the largest at the top.
/// NaN breaks it; a constant series is a level line. Paints inside `rect` only and leaves the painter as it was.
void paintSparkline(QPainter& painter, const QRectF& rect, std::span<const float> values, const QColor& color);

} // namespace weir::plots
