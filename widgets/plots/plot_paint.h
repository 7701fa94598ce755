// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/theme.h"

#include <QPen>
#include <QRectF>

class QPainter;

/// Strokes and hatches that several plots share. All sizes come from the tokens.
namespace weir::plots {

/// Rising diagonal lines over `rect`, clipped to it.
struct Hatch
{
    QColor color;
    qreal spacing = 7;
    qreal line = 1;
};
void paintHatch(QPainter& painter, const QRectF& rect, const Hatch& hatch);
Hatch noDataHatch();
Hatch staleHatch();
Hatch provisionalHatch(const QColor& series);

/// From so many points in a panel on, lines are 1 px wide and not antialiased.
inline constexpr std::size_t densePoints = 200;

/// A pen of this look; dash lengths of the tokens are pixels, those of Qt multiples of the width.
QPen penOf(const QColor& color, const style::LineLook& look);

/// The tinted label of the linked cursor: the time at the top of its line.
void paintCursor(QPainter& painter, const QRectF& plot, double x, const QString& label);

} // namespace weir::plots
