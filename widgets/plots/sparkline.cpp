// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/sparkline.h"

#include "widgets/style/theme.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace weir::plots {

void paintSparkline(QPainter& painter, const QRectF& rect, std::span<const float> values, const QColor& color)
{
    float low = 0, high = 0;
    for (const float value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (values.size() < 2 || rect.width() < 2)
        return;
    const float span = high > low ? high - low : 1;
    const auto point = [&](std::size_t i) {
        return QPointF(rect.left() + rect.width() * double(i) / double(values.size() - 1),
            rect.bottom() - rect.height() * double((values[i] - low) / span));
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(rect.adjusted(-1, -1, 1, 1), Qt::IntersectClip);
    painter.setPen(QPen(color, style::Theme::sizes().line.sparkline.width));
    QPolygonF line;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isfinite(values[i])) {
            line.append(point(i));
            continue;
        }
        painter.drawPolyline(line);
        line.clear();
    }
    painter.drawPolyline(line);
    painter.restore();
}

} // namespace weir::plots
