// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/histogram_strip.h"

#include "widgets/plots/plot_paint.h"
#include "widgets/style/format.h"
#include "widgets/style/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace weir::plots {

using style::Theme;

namespace {

/// Writes caption text from left to right, or from right to left.
class Captions
{
public:
    Captions(QPainter& painter, int height) : m_painter(painter), m_height(height)
    {
        painter.setFont(Theme::fonts().caption);
    }
    int left(int x, const QString& text, const QColor& color)
    {
        m_painter.setPen(color);
        m_painter.drawText(QRect(x, 0, 1000, m_height), Qt::AlignVCenter, text);
        return x + m_painter.fontMetrics().horizontalAdvance(text) + Theme::sizes().space[7];
    }
    int right(int x, const QString& text, const QColor& color)
    {
        const int width = m_painter.fontMetrics().horizontalAdvance(text);
        m_painter.setPen(color);
        m_painter.drawText(QRect(x - width, 0, width + 2, m_height), Qt::AlignVCenter, text);
        return x - width - Theme::sizes().space[7];
    }

private:
    QPainter& m_painter;
    int m_height;
};

/// "5 s", not "5.00 s": a width that somebody chose has no digits to measure.
QString binName(std::int64_t binMs)
{
    constexpr std::int64_t second = 1000, minute = 60 * second;
    if (binMs < minute && binMs % second == 0)
        return QString::number(binMs / second) + " s";
    return binMs % minute == 0 && binMs < 60 * minute ? QString::number(binMs / minute) + " min"
                                                      : format::duration(double(binMs));
}

void paintTriangle(QPainter& painter, QPointF tip, double size, const QColor& color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(
        QPolygonF({tip, tip + QPointF(-size / 2, -size * 0.85), tip + QPointF(size / 2, -size * 0.85)}));
    painter.restore();
}

} // namespace

double HistogramStrip::top() const
{
    double highest = 0;
    const Span shown = view();
    for (const Sample& sample : m_data.all) {
        if (sample.timeMs + m_data.binMs > shown.beginMs && sample.timeMs < shown.endMs && std::isfinite(sample.value))
            highest = std::max(highest, sample.value);
    }
    return highest > 0 ? highest * 1.12 : 1;
}

void HistogramStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().color.bg.well);
    const QRectF plot = plotRect();
    paintLegend(painter);
    painter.save();
    painter.setClipRect(plot.adjusted(0, 0, 1, 1));
    paintAll(painter, plot);
    painter.restore();
    paintAxes(painter, plot);
    paintBrush(painter, plot);
    painter.save();
    painter.setClipRect(plot.adjusted(0, 0, 1, 1));
    if (m_data.filtered) {
        paintUnsearched(painter, plot);
        paintMatching(painter, plot);
    }
    paintFilling(painter, plot);
    painter.restore();
    paintMarks(painter, plot);
    if (m_cursor && view().contains(*m_cursor))
        paintCursor(painter, plot, toX(*m_cursor), QString());
    if (hasFocus())
        painter.fillRect(QRect(0, 0, width(), Theme::sizes().line.focus), Theme::current().color.accent.focus);
}

void HistogramStrip::paintLegend(QPainter& painter) const
{
    const style::Colors& c = Theme::current().color;
    const auto& space = Theme::sizes().space;
    const int height = space[8] + space[2], side = space[5];
    Captions words(painter, height);
    int x = words.left(space[5], "Records per " + binName(m_data.binMs), c.text.secondary);
    const QRect swatch(0, (height - side) / 2, side, side);
    painter.fillRect(swatch.translated(x, 0), c.plot.area);
    painter.fillRect(QRect(x, swatch.top(), side, 1), c.plot.areaLine);
    const QString all = m_data.filtered ? QStringLiteral("all") : QStringLiteral("records");
    x = words.left(
        x + side + space[3], m_data.estimated ? all + QStringLiteral(", ≈ by offsets") : all, c.text.secondary);
    if (m_data.filtered) {
        painter.fillRect(swatch.translated(x, 0), c.accent.base);
        x = words.left(x + side + space[3], "matching", c.text.secondary);
        if (m_data.searched) {
            paintHatch(painter, swatch.translated(x, 0), noDataHatch());
            x = words.left(x + side + space[3], "not searched", c.text.secondary);
        }
    }
    if (!m_data.failures.empty()) {
        paintTriangle(painter, QPointF(x + side / 2.0, swatch.bottom()), side, c.state.error);
        x = words.left(x + side + space[3], "decode failure", c.text.secondary);
    }
    if (m_data.fillingFromMs) {
        painter.setPen(penOf(c.state.provisional, {1, {3, 3}}));
        painter.drawRect(swatch.translated(x, 0).adjusted(0, 0, -1, -1));
        words.left(x + side + space[3], "still filling", c.text.secondary);
    }
    if (!m_brush)
        return;
    const int right = words.right(width() - space[7], "Esc clears", c.text.muted);
    QString text = m_data.brushText;
    if (text.isEmpty())
        text = QString("Range %1 to %2, %3")
                   .arg(format::time(m_brush->beginMs), format::time(m_brush->endMs),
                       format::duration(double(m_brush->length())));
    words.right(right, text, c.accent.base);
}

void HistogramStrip::paintAxes(QPainter& painter, const QRectF& plot) const
{
    const style::Colors& c = Theme::current().color;
    const auto& space = Theme::sizes().space;
    painter.setFont(Theme::fonts().dataCaption);
    const QFontMetrics metrics = painter.fontMetrics();
    const double highest = top(), step = std::max(1.0, format::niceStep(highest, 3));
    for (double value = 0; value <= highest; value += step) {
        const double y = std::round(plot.bottom() - plot.height() * value / highest);
        if (value > 0)
            painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), c.border.grid);
        painter.setPen(c.text.muted);
        painter.drawText(QRectF(0, y - metrics.height() / 2.0, plot.left() - space[2], metrics.height()),
            Qt::AlignRight | Qt::AlignVCenter, format::axisTick(value, highest));
    }
    painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width() + 1, 1), c.plot.axis);
    const Span shown = view();
    const int wide = metrics.horizontalAdvance(shown.length() < 120'000 ? "00:00:00" : "00:00") * 2;
    const std::int64_t each = format::niceTimeStep(shown.length(), std::max(2, int(plot.width()) / wide));
    const QString last = format::timeSeconds(shown.endMs);
    const double lastLeft = plot.right() - metrics.horizontalAdvance(last);
    painter.setPen(c.text.muted);
    const double y = plot.bottom() + space[1];
    for (std::int64_t t = (shown.beginMs + each - 1) / each * each; t <= shown.endMs; t += each) {
        const QString text = format::timeTick(t, shown.length());
        const double half = metrics.horizontalAdvance(text) / 2.0, x = toX(t);
        if (x + half + space[4] > lastLeft)
            break;
        painter.fillRect(QRectF(std::round(x), plot.bottom(), 1, space[2]), c.plot.axis);
        painter.drawText(QRectF(x - half - 2, y, 2 * half + 4, metrics.height()), Qt::AlignCenter, text);
    }
    painter.setPen(c.text.secondary);
    painter.drawText(QRectF(lastLeft - 2, y, plot.right() - lastLeft + 4, metrics.height()), Qt::AlignCenter, last);
}

void HistogramStrip::paintAll(QPainter& painter, const QRectF& plot) const
{
    const style::Colors& c = Theme::current().color;
    const double highest = top();
    double previousY = plot.bottom(), previousRight = -1;
    for (const Sample& sample : m_data.all) {
        const double left = std::round(toX(sample.timeMs)), right = std::round(toX(sample.timeMs + m_data.binMs));
        if (right < plot.left() || left > plot.right() || !(sample.value > 0))
            continue;
        const double y = std::round(plot.bottom() - plot.height() * sample.value / highest);
        painter.fillRect(QRectF(left, y, right - left, plot.bottom() - y), c.plot.area);
        const double from = left == previousRight ? previousY : plot.bottom();
        painter.fillRect(QRectF(left, std::min(y, from), 1, std::fabs(from - y) + 1), c.plot.areaLine);
        painter.fillRect(QRectF(left, y, std::max(1.0, right - left), 1), c.plot.areaLine);
        previousY = y;
        previousRight = right;
    }
}

void HistogramStrip::paintUnsearched(QPainter& painter, const QRectF& plot) const
{
    if (!m_data.searched)
        return;
    const double begin = std::clamp(toX(m_data.searched->beginMs), plot.left(), plot.right());
    const double end = std::clamp(toX(m_data.searched->endMs), plot.left(), plot.right());
    if (begin > plot.left())
        paintHatch(painter, QRectF(plot.left(), plot.top(), begin - plot.left(), plot.height()), noDataHatch());
    if (end < plot.right())
        paintHatch(painter, QRectF(end, plot.top(), plot.right() - end, plot.height()), noDataHatch());
}

void HistogramStrip::paintMatching(QPainter& painter, const QRectF& plot) const
{
    const QColor color = Theme::current().color.accent.base;
    const double highest = top();
    for (const Sample& sample : m_data.matching) {
        const double left = std::round(toX(sample.timeMs)), right = std::round(toX(sample.timeMs + m_data.binMs));
        if (right < plot.left() || left > plot.right() || !(sample.value > 0))
            continue;
        // One match among thousands must still be seen.
        const double height = std::max(1.0, std::round(plot.height() * sample.value / highest));
        const double gap = right - left >= 3 ? 1 : 0;
        painter.fillRect(QRectF(left, plot.bottom() - height, std::max(1.0, right - left - gap), height), color);
    }
}

void HistogramStrip::paintFilling(QPainter& painter, const QRectF& plot) const
{
    if (!m_data.fillingFromMs || !view().contains(*m_data.fillingFromMs))
        return;
    painter.setPen(penOf(Theme::current().color.state.provisional, {1, {3, 3}}));
    const double left = std::round(toX(*m_data.fillingFromMs));
    const double right = std::min(plot.right(), std::round(toX(*m_data.fillingFromMs + m_data.binMs)));
    const double y = plot.top() + plot.height() * 0.15;
    painter.drawPolyline(
        QPolygonF({QPointF(left, plot.bottom()), QPointF(left, y), QPointF(right, y), QPointF(right, plot.bottom())}));
}

void HistogramStrip::paintBrush(QPainter& painter, const QRectF& plot) const
{
    if (!m_brush)
        return;
    const style::Colors& c = Theme::current().color;
    const double left = std::max(plot.left(), std::round(toX(m_brush->beginMs)));
    const double right = std::min(plot.right(), std::round(toX(m_brush->endMs)));
    if (right < plot.left() || left > plot.right())
        return;
    QColor over = c.accent.base;
    over.setAlphaF(float(Theme::sizes().alpha.brush));
    painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), over);
    const double middle = std::round(plot.center().y());
    for (const double x : {left, right}) {
        painter.fillRect(QRectF(x, plot.top() - 2, 1, plot.height() + 2), c.accent.base);
        painter.fillRect(QRectF(x - 3, middle - 9, 7, 18), c.accent.base);
        painter.fillRect(QRectF(x - 1, middle - 4, 1, 8), c.bg.well);
        painter.fillRect(QRectF(x + 1, middle - 4, 1, 8), c.bg.well);
    }
}

void HistogramStrip::paintMarks(QPainter& painter, const QRectF& plot) const
{
    const QColor color = Theme::current().color.state.error;
    double previous = -1;
    for (const std::int64_t time : m_data.failures) {
        const double x = std::round(toX(time));
        if (x < plot.left() || x > plot.right() || x == previous)
            continue;
        paintTriangle(painter, QPointF(x + 0.5, plot.top() - 3), 8, color);
        previous = x;
    }
}

} // namespace weir::plots
