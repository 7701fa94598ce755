// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_paint.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace weir::plots {

using style::Theme;

void paintHatch(QPainter& painter, const QRectF& rect, const Hatch& hatch)
{
    // Only what can be seen: a bar may be as high as its axis, not yet fitted to it, is wrong.
    const QRectF seen = painter.hasClipping() ? rect & painter.clipBoundingRect() : rect & QRectF(painter.window());
    if (seen.isEmpty())
        return;
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(hatch.color, hatch.line));
    // Anchored to the paint device, not to the rectangle, so that hatches of neighbours join and do not crawl.
    const double step = hatch.spacing * std::sqrt(2.0);
    const double first = std::floor((seen.left() + seen.top()) / step) * step;
    for (double sum = first; sum < seen.right() + seen.bottom() + step; sum += step)
        painter.drawLine(QPointF(sum - seen.bottom(), seen.bottom()), QPointF(sum - seen.top(), seen.top()));
    painter.restore();
}

Hatch noDataHatch()
{
    const auto& sizes = Theme::sizes().hatch;
    return {Theme::current().color.plot.nodata, sizes.noDataSpacing, sizes.noDataLine};
}

Hatch staleHatch()
{
    const auto& sizes = Theme::sizes().hatch;
    return {Theme::current().color.state.stale, sizes.staleSpacing, sizes.staleLine / 2};
}

Hatch provisionalHatch(const QColor& series)
{
    const auto& sizes = Theme::sizes().hatch;
    return {series, sizes.provisionalSpacing, sizes.provisionalLine};
}

QPen penOf(const QColor& color, const style::LineLook& look)
{
    QPen pen(color, look.width);
    pen.setCapStyle(Qt::FlatCap);
    if (!look.dash.isEmpty()) {
        QList<qreal> pattern;
        for (const qreal length : look.dash)
            pattern.append(length / look.width);
        pen.setDashPattern(pattern);
    }
    return pen;
}

void paintCursor(QPainter& painter, const QRectF& plot, double x, const QString& label)
{
    const style::Colors& c = Theme::current().color;
    const double line = std::round(x);
    painter.setPen(penOf(c.plot.cursor, Theme::sizes().line.cursor));
    double top = plot.top();
    if (!label.isEmpty()) {
        painter.setFont(Theme::fonts().dataCaption);
        const QFontMetricsF metrics(painter.font());
        const int pad = Theme::sizes().space[2];
        QRectF box(0, 0, std::ceil(metrics.horizontalAdvance(label)) + 2 * pad, std::ceil(metrics.height()) + 1);
        box.moveTopLeft({std::round(line - box.width() / 2), std::round(plot.top()) - 2});
        box.moveLeft(std::min(std::max(box.left(), plot.left() + 1), plot.right() - box.width() - 1));
        top = box.bottom();
        painter.drawLine(QPointF(line, top), QPointF(line, plot.bottom()));
        painter.fillRect(box, c.accent.base);
        painter.fillRect(box.adjusted(1, 1, -1, -1), c.bg.overlay);
        painter.setPen(c.text.primary);
        painter.drawText(box, Qt::AlignCenter, label);
        return;
    }
    painter.drawLine(QPointF(line, top), QPointF(line, plot.bottom()));
}

} // namespace weir::plots
