// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/histogram_strip.h"

#include "widgets/style/format.h"
#include "widgets/style/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir::plots {

using style::Theme;

namespace {
constexpr double grip = 5; ///< px around an edge of the brush that take hold of it
constexpr double click = 3; ///< px of movement that a click may have
} // namespace

HistogramStrip::HistogramStrip(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFixedHeight(Theme::sizes().height.histogram);
    connect(&style::ThemeSwitch::instance(), &style::ThemeSwitch::changed, this, qOverload<>(&QWidget::update));
    updateAccessible();
}

void HistogramStrip::setData(HistogramData data)
{
    m_data = std::move(data);
    m_data.binMs = std::max<std::int64_t>(1, m_data.binMs);
    m_dirty = true;
}

void HistogramStrip::refresh()
{
    if (!m_dirty || !isVisible())
        return;
    m_dirty = false;
    updateAccessible();
    update();
}

void HistogramStrip::updateAccessible()
{
    double records = 0;
    for (const Sample& sample : m_data.all)
        records += std::isfinite(sample.value) ? sample.value : 0;
    QString name = QString("Records per %1, %2 records")
                       .arg(format::duration(double(m_data.binMs)), format::grouped(std::int64_t(records)));
    if (m_brush)
        name += QString(", range %1 to %2").arg(format::time(m_brush->beginMs), format::time(m_brush->endMs));
    if (name != accessibleName())
        setAccessibleName(name);
}

void HistogramStrip::setBrush(std::optional<Span> brush)
{
    if (brush == m_brush)
        return;
    m_brush = brush;
    updateAccessible();
    update();
}

Span HistogramStrip::view() const
{
    return m_zoom.value_or(m_data.range);
}

void HistogramStrip::setZoom(std::optional<Span> view)
{
    m_zoom = view;
    update();
}

void HistogramStrip::setCursor(std::optional<std::int64_t> timeMs)
{
    if (timeMs == m_cursor)
        return;
    m_cursor = timeMs;
    update();
}

QSize HistogramStrip::sizeHint() const
{
    return {Theme::sizes().width.leftDock, Theme::sizes().height.histogram};
}

QRectF HistogramStrip::plotRect() const
{
    const auto& space = Theme::sizes().space;
    const QFontMetrics metrics(Theme::fonts().dataCaption);
    const int left = space[5] + metrics.horizontalAdvance("100,000") + space[2];
    const int top = space[8] + space[5];
    const int bottom = metrics.height() + space[3];
    return QRectF(left, top, std::max(1, width() - left - space[7]), std::max(1, height() - top - bottom));
}

double HistogramStrip::toX(std::int64_t timeMs) const
{
    const Span shown = view();
    const QRectF plot = plotRect();
    return plot.left()
        + plot.width() * double(timeMs - shown.beginMs) / double(std::max<std::int64_t>(1, shown.length()));
}

std::int64_t HistogramStrip::toTime(double x) const
{
    const QRectF plot = plotRect();
    const double at = std::clamp((x - plot.left()) / plot.width(), 0.0, 1.0);
    return view().beginMs + std::int64_t(at * double(view().length()));
}

std::int64_t HistogramStrip::toBin(std::int64_t timeMs) const
{
    const std::int64_t rest = ((timeMs % m_data.binMs) + m_data.binMs) % m_data.binMs;
    return timeMs - rest;
}

HistogramStrip::Drag HistogramStrip::handleAt(double x) const
{
    if (!m_brush)
        return Drag::None;
    if (std::fabs(x - toX(m_brush->endMs)) <= grip)
        return Drag::End;
    return std::fabs(x - toX(m_brush->beginMs)) <= grip ? Drag::Begin : Drag::None;
}

void HistogramStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_pressX = event->position().x();
    m_dragFrom = toTime(m_pressX);
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        m_drag = Drag::Pan;
        m_panFrom = view();
        m_undo.push_back(m_zoom);
        return;
    }
    m_drag = handleAt(m_pressX);
    if (m_drag == Drag::None && m_brushable)
        m_drag = Drag::New;
}

void HistogramStrip::mouseMoveEvent(QMouseEvent* event)
{
    const double x = event->position().x();
    if (m_drag == Drag::None) {
        setCursor(plotRect().contains(event->position()) ? std::optional(toBin(toTime(x))) : std::nullopt);
        QWidget::setCursor(handleAt(x) == Drag::None ? Qt::CrossCursor : Qt::SizeHorCursor);
        return;
    }
    if (m_drag == Drag::Pan) {
        const double perPixel = double(m_panFrom.length()) / plotRect().width();
        const auto shift = std::int64_t((m_pressX - x) * perPixel);
        setZoom(Span{m_panFrom.beginMs + shift, m_panFrom.endMs + shift});
        return;
    }
    if (m_drag == Drag::New && std::fabs(x - m_pressX) <= click)
        return;
    const std::int64_t fixed = m_drag == Drag::New ? toBin(m_dragFrom)
        : m_drag == Drag::Begin                    ? m_brush->endMs - m_data.binMs
                                                   : m_brush->beginMs;
    const std::int64_t moved = toBin(toTime(x));
    setBrush(Span{std::min(fixed, moved), std::max(fixed, moved) + m_data.binMs});
    if (m_drag != Drag::New) // past the other edge, the hand holds the other edge
        m_drag = moved < fixed ? Drag::Begin : Drag::End;
}

void HistogramStrip::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    if (drag == Drag::None || drag == Drag::Pan)
        return;
    const bool moved = std::fabs(event->position().x() - m_pressX) > click;
    if (moved && m_brush)
        emit brushed(*m_brush);
    else if (drag == Drag::New)
        clearBrush();
}

void HistogramStrip::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (!plotRect().contains(event->position()))
        return;
    const std::int64_t bin = toBin(toTime(event->position().x()));
    emit binActivated({bin, bin + m_data.binMs});
}

void HistogramStrip::clearBrush()
{
    if (!m_brush)
        return;
    setBrush(std::nullopt);
    emit brushCleared();
}

void HistogramStrip::wheelEvent(QWheelEvent* event)
{
    const double factor = std::pow(0.8, event->angleDelta().y() / 120.0);
    const double pivot = double(toTime(event->position().x()));
    const Span shown = view();
    const Span next{std::max(m_data.range.beginMs, std::int64_t(pivot - (pivot - double(shown.beginMs)) * factor)),
        std::min(m_data.range.endMs, std::int64_t(pivot + (double(shown.endMs) - pivot) * factor))};
    if (next == shown || next.length() < m_data.binMs)
        return;
    m_undo.push_back(m_zoom);
    setZoom(next == m_data.range ? std::nullopt : std::optional(next));
}

void HistogramStrip::keyPressEvent(QKeyEvent* event)
{
    const std::int64_t step = m_data.binMs * (event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1);
    const bool left = event->key() == Qt::Key_Left;
    if (event->key() == Qt::Key_Escape && m_brush) {
        clearBrush();
    } else if (left || event->key() == Qt::Key_Right) {
        const std::int64_t from = m_cursor.value_or(toBin(left ? view().endMs : view().beginMs));
        setCursor(std::clamp(from + (left ? -step : step), view().beginMs, view().endMs));
    } else if (event->key() == Qt::Key_Return && m_cursor) {
        emit binActivated({*m_cursor, *m_cursor + m_data.binMs});
    } else if (event->matches(QKeySequence::Undo) && !m_undo.empty()) {
        setZoom(m_undo.back());
        m_undo.pop_back();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void HistogramStrip::leaveEvent(QEvent*)
{
    setCursor(std::nullopt);
}

} // namespace weir::plots
