// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_view.h"

#include "widgets/plots/plot_paint.h"
#include "widgets/style/format.h"
#include "widgets/style/theme.h"

#include <algorithm>
#include <cmath>

namespace weir::plots {

using style::Theme;

namespace {

constexpr double zoomStep = 0.8;

/// Ticks of epoch ms: aligned to round times, labelled by the span shown.
class TimeTicker : public QCPAxisTicker
{
public:
    explicit TimeTicker(const QCPAxis* axis) : m_axis(axis) { }

protected:
    double getTickStep(const QCPRange& range) override
    {
        m_span = std::int64_t(range.size());
        const int perLabel = QFontMetrics(Theme::fonts().dataCaption).horizontalAdvance("00:00") * 2;
        const int wide = m_span < 120'000 ? perLabel * 3 / 2 : perLabel;
        return double(format::niceTimeStep(m_span, std::max(2, m_axis->axisRect()->width() / wide)));
    }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override
    {
        return format::timeTick(std::int64_t(tick), m_span);
    }
    int getSubTickCount(double) override { return 0; }

private:
    const QCPAxis* m_axis;
    std::int64_t m_span = 0;
};

} // namespace

double NumberTicker::getTickStep(const QCPRange& range)
{
    m_largest = std::max(std::fabs(range.lower), std::fabs(range.upper));
    return format::niceStep(range.size(), tickCount());
}

QString NumberTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    return format::axisTick(std::fabs(tick) < m_largest * 1e-9 ? 0 : tick, m_largest);
}

QVector<double> LogDurationTicker::createTickVector(double, const QCPRange& range)
{
    QVector<double> ticks;
    const double lowest = std::pow(10, range.lower);
    if (std::fabs(range.lower - std::round(range.lower)) > 0.2 && lowest < 10)
        ticks.append(range.lower); // the lower end itself: 2 ms
    for (double decade = std::ceil(range.lower - 1e-9); decade <= range.upper; decade += 1)
        ticks.append(decade);
    return ticks;
}

QString LogDurationTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    const double ms = std::pow(10, tick);
    if (ms < 999)
        return QString::number(ms, 'g', 3) + " ms";
    if (ms < 99'000)
        return QString::number(std::round(ms / 1000)) + " s";
    return format::grouped(std::int64_t(std::llround(ms / 1000))) + " s";
}

PlotView::PlotView(QWidget* parent) : QCustomPlot(parent)
{
    setPlottingHint(QCP::phFastPolylines, true);
    setPlottingHint(QCP::phCacheLabels, true);
    setNoAntialiasingOnDrag(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setInteractions(QCP::Interactions());
    legend->setVisible(false);
    setAutoAddPlottableToLegend(false); // it would be measured at every replot
    plotLayout()->setRowSpacing(0);
    axisRect()->setAutoMargins(QCP::msNone);
    axisRect()->setMinimumMargins(QMargins());
    addLayer("below", layer("grid"), QCustomPlot::limBelow);
    addLayer("cursor", layer("overlay"), QCustomPlot::limAbove);
    layer("cursor")->setMode(QCPLayer::lmBuffered);
    xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new TimeTicker(xAxis)));
    new PaintLayer(this, "cursor", [this](QPainter& painter, const QRectF& plot) {
        if (!m_cursor || !view().contains(*m_cursor))
            return;
        paintCursor(painter, plot, toX(*m_cursor), m_cursorLabel ? format::time(*m_cursor) : QString());
    });
    setTickers(QSharedPointer<QCPAxisTicker>(new NumberTicker));
    applyTheme();
    connect(&style::ThemeSwitch::instance(), &style::ThemeSwitch::changed, this, [this] {
        applyTheme();
        emit viewChanged();
    });
}

void PlotView::setPainters(PaintLayer::Paint below, PaintLayer::Paint above)
{
    new PaintLayer(this, "below", std::move(below));
    new PaintLayer(this, "overlay", std::move(above));
}

void PlotView::setTickers(QSharedPointer<QCPAxisTicker> values)
{
    yAxis->setTicker(values);
}

void PlotView::styleAxis(QCPAxis* axis)
{
    const style::Colors& c = Theme::current().color;
    const QPen line(c.plot.axis, 0);
    axis->setBasePen(line);
    axis->setTickPen(line);
    axis->setSubTicks(false);
    axis->setTickLengthIn(0);
    axis->setTickLengthOut(Theme::sizes().space[2]);
    axis->setTickLabelFont(Theme::fonts().dataCaption);
    axis->setTickLabelColor(c.text.muted);
    axis->setTickLabelPadding(Theme::sizes().space[2]);
    axis->grid()->setPen(QPen(c.border.grid, 0));
    axis->grid()->setZeroLinePen(Qt::NoPen);
    axis->grid()->setAntialiased(false);
    axis->setAntialiased(false);
}

void PlotView::applyTheme()
{
    setBackground(QBrush(Theme::current().color.bg.well));
    styleAxis(xAxis);
    styleAxis(yAxis);
    const auto& space = Theme::sizes().space;
    const QFontMetrics metrics(Theme::fonts().dataCaption);
    // Room for "100,000" whatever the labels are, so that nothing shifts.
    axisRect()->setMargins(QMargins(space[5] + metrics.horizontalAdvance("100,000") + space[4], space[6], space[7],
        space[4] + metrics.height() + space[1]));
}

void PlotView::setDataRange(Span range)
{
    m_range = range;
}

void PlotView::setValueRange(double bottom, double top)
{
    if (!m_valuesZoomed)
        yAxis->setRange(bottom, top);
}

void PlotView::setZoom(std::optional<Span> zoom)
{
    if (zoom == m_zoom)
        return;
    m_zoom = zoom;
    emit viewChanged();
}

void PlotView::pushZoom(std::optional<Span> next)
{
    if (next == m_zoom)
        return;
    constexpr std::size_t remembered = 50;
    if (m_undo.size() == remembered)
        m_undo.erase(m_undo.begin());
    m_undo.push_back(m_zoom);
    setZoom(next);
}

void PlotView::undoZoom()
{
    if (m_undo.empty()) {
        m_valuesZoomed = false;
        m_zoom.reset();
    } else {
        m_zoom = m_undo.back();
        m_undo.pop_back();
    }
    emit viewChanged();
}

void PlotView::setCursorTime(std::optional<std::int64_t> timeMs, bool withLabel)
{
    if (timeMs == m_cursor && withLabel == m_cursorLabel)
        return;
    m_cursor = timeMs;
    m_cursorLabel = withLabel;
    if (isVisible())
        layer("cursor")->replot();
}

void PlotView::draw()
{
    const Span shown = view();
    xAxis->setRange(double(shown.beginMs), double(std::max(shown.endMs, shown.beginMs + 1)));
    yAxis->ticker()->setTickCount(std::clamp(axisRect()->height() / 40, 2, 8));
    replot(QCustomPlot::rpQueuedReplot);
}

std::int64_t PlotView::binAt(double x) const
{
    const auto time = std::int64_t(xAxis->pixelToCoord(x));
    const std::int64_t rest = ((time % m_binMs) + m_binMs) % m_binMs;
    return time - rest;
}

void PlotView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_panFrom && axisRect()->width() > 0) {
        const double perPixel = double(m_panView.length()) / axisRect()->width();
        const auto shift = std::int64_t((m_panFrom->x() - event->position().x()) * perPixel);
        setZoom(Span{m_panView.beginMs + shift, m_panView.endMs + shift});
        return;
    }
    const bool inside = axisRect()->rect().contains(event->pos());
    emit hovered(inside ? std::optional(binAt(event->position().x())) : std::nullopt);
}

void PlotView::mousePressEvent(QMouseEvent* event)
{
    setFocus(Qt::MouseFocusReason);
    if (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier)) {
        pushZoom(view());
        m_panFrom = event->position();
        m_panView = view();
        setCursor(Qt::ClosedHandCursor);
    }
    event->ignore(); // the panel around us wants to know that it was chosen
}

void PlotView::mouseReleaseEvent(QMouseEvent* event)
{
    m_panFrom.reset();
    unsetCursor();
    event->ignore();
}

void PlotView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (!axisRect()->rect().contains(event->pos()))
        return;
    const std::int64_t bin = binAt(event->position().x());
    emit binActivated({bin, bin + m_binMs});
}

void PlotView::zoomValues(double factor)
{
    m_valuesZoomed = true;
    yAxis->setRange(yAxis->range().lower, yAxis->range().lower + yAxis->range().size() * factor);
    emit viewChanged();
}

void PlotView::wheelEvent(QWheelEvent* event)
{
    const double factor = std::pow(zoomStep, event->angleDelta().y() / 120.0);
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        zoomValues(factor);
        return;
    }
    const Span shown = view();
    const double pivot = xAxis->pixelToCoord(event->position().x());
    Span next{std::int64_t(pivot - (pivot - double(shown.beginMs)) * factor),
        std::int64_t(pivot + (double(shown.endMs) - pivot) * factor)};
    next.beginMs = std::max(next.beginMs, m_range.beginMs);
    next.endMs = std::min(next.endMs, m_range.endMs);
    constexpr std::int64_t shortest = 10;
    if (next.length() >= shortest)
        pushZoom(next == m_range ? std::nullopt : std::optional(next));
}

void PlotView::moveCursor(int bins)
{
    const Span shown = view();
    const std::int64_t from = m_cursor.value_or(bins > 0 ? shown.beginMs : shown.endMs);
    emit hovered(std::clamp(from + bins * m_binMs, shown.beginMs, std::max(shown.beginMs, shown.endMs - m_binMs)));
}

void PlotView::keyPressEvent(QKeyEvent* event)
{
    const int bins = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    if (event->key() == Qt::Key_Left)
        moveCursor(-bins);
    else if (event->key() == Qt::Key_Right)
        moveCursor(bins);
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_cursor)
        emit binActivated({*m_cursor, *m_cursor + m_binMs});
    else if (event->matches(QKeySequence::Undo))
        undoZoom();
    else
        QWidget::keyPressEvent(event);
}

void PlotView::leaveEvent(QEvent*)
{
    emit hovered(std::nullopt);
}

void PlotView::resizeEvent(QResizeEvent*)
{
    // QCustomPlot would draw at once, at each of the sizes that a layout takes on its way to the last one.
    setViewport(rect());
    updateLayout();
    replot(rpQueuedReplot);
    emit viewChanged();
}

} // namespace weir::plots
