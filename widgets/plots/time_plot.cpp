// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/time_plot.h"

#include "widgets/plots/legend_table.h"
#include "widgets/plots/plot_paint.h"
#include "widgets/plots/plot_view.h"
#include "widgets/plots/state_lines.h"
#include "widgets/style/format.h"

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <map>

namespace weir::plots {

using style::State;
using style::Theme;

namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

QString valueText(double value, Unit unit, int decimals)
{
    if (!std::isfinite(value))
        return QChar(0x2013);
    switch (unit) {
    case Unit::Milliseconds:
        return format::duration(value);
    case Unit::Bytes:
        return format::bytes(value);
    case Unit::Percent:
        return format::percent(value);
    case Unit::Decimal:
        return format::grouped(value, decimals);
    case Unit::Rate:
        return format::rate(value).chopped(2); // the head says "/s"
    case Unit::Count:
        break;
    }
    return format::grouped(std::int64_t(std::llround(value)));
}

} // namespace

struct TimePlot::Private
{
    TimePlot* q = nullptr;
    PlotData data;
    PlotView* view = nullptr;
    StateLines* states = nullptr;
    LegendTable* legend = nullptr;
    std::vector<QCPGraph*> graphs; ///< two per series: what is final, and what can still change
    QString title, unit;
    bool dirty = false;
    double top = 0, bottom = 0;
    std::size_t drawn = 0, read = 0;

    int lookOf(std::size_t i) const { return data.series[i].look >= 0 ? data.series[i].look : int(i); }
    QColor colorOf(std::size_t i) const
    {
        return data.stale ? Theme::current().color.state.stale : Theme::seriesLook(lookOf(i)).color;
    }
    std::int64_t finalEnd() const { return data.provisionalFromMs.value_or(std::numeric_limits<std::int64_t>::max()); }
    double at(const PlotSeries& series, std::int64_t timeMs) const;
    QPen penFor(std::size_t i, bool sparse) const;
    void rebuild();
    void ensureGraphs();
    void fillGraphs();
    void fillGraph(std::size_t i, std::size_t points);
    void fitValues();
    double highest(double& lowest) const;
    void fillStates();
    void fillLegend();
    LegendTable::Row legendRow(std::size_t i) const;
    void paintBelow(QPainter& painter, const QRectF& plot) const;
    void paintAbove(QPainter& painter, const QRectF& plot) const;
    void paintBars(QPainter& painter, const QRectF& plot) const;
    void paintBar(QPainter& painter, const QRectF& bar, std::size_t i, bool open) const;
    void paintThreshold(QPainter& painter, const QRectF& plot) const;
    void paintProvisional(QPainter& painter, const QRectF& plot) const;
    void nameForReaders();
};

double TimePlot::Private::at(const PlotSeries& series, std::int64_t timeMs) const
{
    const auto& samples = series.samples;
    const auto after = std::upper_bound(
        samples.begin(), samples.end(), timeMs, [](std::int64_t t, const Sample& sample) { return t < sample.timeMs; });
    if (after == samples.begin())
        return nan;
    const Sample& sample = *std::prev(after);
    return timeMs - sample.timeMs < data.binMs + data.binMs / 2 ? sample.value : nan;
}

QPen TimePlot::Private::penFor(std::size_t i, bool sparse) const
{
    const auto& line = Theme::sizes().line;
    style::LineLook look = data.series[i].selected ? line.selected : sparse ? line.sparse : line.dense;
    look.dash = Theme::seriesLook(lookOf(i)).dash;
    return penOf(colorOf(i), look);
}

void TimePlot::Private::ensureGraphs()
{
    const std::size_t needed = data.kind == Kind::Bars ? 0 : data.series.size() * 2;
    while (graphs.size() > needed) {
        view->removeGraph(graphs.back());
        graphs.pop_back();
    }
    while (graphs.size() < needed) {
        QCPGraph* graph = view->addGraph();
        graph->setAdaptiveSampling(false); // reduced already, with gaps that it would lose
        graphs.push_back(graph);
    }
}

void TimePlot::Private::fillGraph(std::size_t i, std::size_t points)
{
    const Reduced reduced = reduceMinMax(data.series[i].samples, view->view(), view->plotWidth());
    read += reduced.read;
    drawn += reduced.samples.size();
    QVector<QCPGraphData> last, open;
    last.reserve(qsizetype(reduced.samples.size()));
    for (const Sample& sample : reduced.samples) {
        if (sample.timeMs <= finalEnd())
            last.append(QCPGraphData(double(sample.timeMs), sample.value));
        if (sample.timeMs >= finalEnd() - data.binMs)
            open.append(QCPGraphData(double(sample.timeMs), sample.value));
    }
    const bool provisional = data.provisionalFromMs.has_value();
    QVector<QCPGraphData>& newest = provisional && !open.isEmpty() ? open : last;
    if (data.kind == Kind::Step && !newest.isEmpty()) // the last step is as wide as its bin
        newest.append(QCPGraphData(newest.constLast().key + double(data.binMs), newest.constLast().value));
    const auto style = data.kind == Kind::Step ? QCPGraph::lsStepLeft : QCPGraph::lsLine;
    const bool sparse = data.paused || points < densePoints;
    for (const std::size_t part : {std::size_t(0), std::size_t(1)}) {
        QCPGraph* graph = graphs[i * 2 + part];
        graph->setLineStyle(style);
        graph->setPen(part == 0 ? penFor(i, sparse) : penOf(colorOf(i), Theme::sizes().line.provisional));
        graph->setAntialiased(sparse || data.series[i].selected);
        graph->data()->set(part == 0 ? last : provisional ? open : QVector<QCPGraphData>(), true);
    }
}

void TimePlot::Private::fillGraphs()
{
    ensureGraphs();
    drawn = read = 0;
    std::size_t points = 0;
    for (const PlotSeries& series : data.series)
        points += series.samples.size();
    if (data.kind == Kind::Bars) {
        read = drawn = points;
        return;
    }
    for (std::size_t i = 0; i < data.series.size(); ++i)
        fillGraph(i, points);
}

double TimePlot::Private::highest(double& lowest) const
{
    double high = data.threshold ? data.threshold->value : 0;
    const Span shown = view->view();
    std::map<std::int64_t, double> sums;
    for (const PlotSeries& series : data.series) {
        for (const Sample& sample : series.samples) {
            if (!std::isfinite(sample.value) || sample.timeMs < shown.beginMs || sample.timeMs >= shown.endMs)
                continue;
            const double value = data.kind == Kind::Bars ? sums[sample.timeMs] += sample.value : sample.value;
            high = std::max(high, value);
            lowest = std::min(lowest, value);
        }
    }
    return high;
}

void TimePlot::Private::fitValues()
{
    double low = 0;
    const double high = highest(low);
    constexpr double headroom = 1.14, full = 0.99, half = 0.5;
    // The range stays while the data fills half of it: a scale that breathes cannot be read.
    if (high > top * full || high < top * half)
        top = high > 0 ? high * headroom : 1;
    if (low < bottom * full || low > bottom * half)
        bottom = low * headroom;
    view->setValueRange(bottom, top);
}

void TimePlot::Private::fillStates()
{
    std::vector<style::StateLine> lines = data.states;
    const bool told = std::any_of(lines.begin(), lines.end(), [](auto& line) { return line.state == State::Reduced; });
    if (!told && drawn < read) {
        const auto number = [](std::size_t n) {
            return n < 1'000'000 ? format::grouped(std::int64_t(n)) : format::compact(double(n));
        };
        lines.push_back(
            {State::Reduced, QString("%1 points → %2 drawn (min and max per pixel)").arg(number(read), number(drawn))});
    }
    states->setLines(std::move(lines));
}

LegendTable::Row TimePlot::Private::legendRow(std::size_t i) const
{
    const PlotSeries& series = data.series[i];
    LegendTable::Row row;
    row.name = series.name;
    row.line = penFor(i, true);
    row.square = data.kind == Kind::Bars;
    const auto cursor = view->cursorTime();
    row.cells.push_back({cursor ? valueText(at(series, *cursor), data.unit, data.decimals) : QString(), false, false});
    const auto valid = std::find_if(series.samples.rbegin(), series.samples.rend(),
        [](const Sample& sample) { return std::isfinite(sample.value); });
    const bool open = valid != series.samples.rend() && valid->timeMs >= finalEnd();
    row.cells.push_back(
        {valueText(valid == series.samples.rend() ? nan : valid->value, data.unit, data.decimals), open, false});
    if (!data.extraHeader.isEmpty())
        row.cells.push_back({series.extra, false, series.extraAlarming});
    return row;
}

void TimePlot::Private::fillLegend()
{
    legend->setVisible(data.legend && !data.series.empty());
    if (!data.legend)
        return;
    QStringList headers = {data.cursorHeader.isEmpty() ? QString("at cursor") : data.cursorHeader,
        !data.nowHeader.isEmpty()    ? data.nowHeader
            : data.provisionalFromMs ? QString("open window")
                                     : QString("now")};
    if (!view->cursorTime())
        headers[0].clear();
    if (!data.extraHeader.isEmpty())
        headers.append(data.extraHeader);
    std::vector<LegendTable::Row> rows;
    for (std::size_t i = 0; i < data.series.size(); ++i)
        rows.push_back(legendRow(i));
    if (data.kind == Kind::Bars) // stacks list from the top down
        std::reverse(rows.begin(), rows.end());
    legend->setTable(headers, std::move(rows));
}

void TimePlot::Private::rebuild()
{
    view->setBinMs(data.binMs);
    view->setDataRange(data.range);
    fillGraphs();
    fitValues();
    fillStates();
    fillLegend();
    nameForReaders();
    view->draw();
}

void TimePlot::Private::paintBelow(QPainter& painter, const QRectF& plot) const
{
    const style::Colors& c = Theme::current().color;
    const auto column = [&](std::int64_t begin, std::int64_t end) {
        const double left = std::max(plot.left(), std::round(view->toX(begin)));
        const double right = std::min(plot.right() + 1, std::round(view->toX(end)));
        return QRectF(left, plot.top(), std::max(0.0, right - left), plot.height());
    };
    for (const Span& span : data.noData)
        paintHatch(painter, column(span.beginMs, span.endMs), noDataHatch());
    const std::int64_t end = std::numeric_limits<std::int32_t>::max() * std::int64_t(1'000'000);
    if (data.provisionalFromMs && data.kind != Kind::Bars)
        painter.fillRect(column(*data.provisionalFromMs, end), c.state.provisionalTint);
    if (data.alertSinceMs) {
        const QRectF band = column(*data.alertSinceMs, end);
        painter.fillRect(band, Theme::blend(c.bg.well, c.state.error, Theme::sizes().alpha.alertBand));
        if (band.left() > plot.left())
            painter.fillRect(QRectF(band.left(), band.top(), 1, band.height()), c.state.error);
    }
}

void TimePlot::Private::paintBar(QPainter& painter, const QRectF& bar, std::size_t i, bool open) const
{
    const QColor color = colorOf(i);
    const style::Colors& c = Theme::current().color;
    if (!open && !data.stale) {
        painter.fillRect(bar, color);
        return;
    }
    painter.fillRect(bar, color);
    const QRectF inner = bar.adjusted(1, 1, -1, -1);
    painter.fillRect(inner, data.stale ? c.state.staleTint : c.bg.well);
    paintHatch(painter, inner, data.stale ? staleHatch() : provisionalHatch(color));
}

void TimePlot::Private::paintBars(QPainter& painter, const QRectF& plot) const
{
    painter.save();
    painter.setClipRect(plot);
    const Span shown = view->view();
    std::map<std::int64_t, double> base;
    for (std::size_t i = 0; i < data.series.size(); ++i) {
        for (const Sample& sample : data.series[i].samples) {
            if (!std::isfinite(sample.value) || sample.timeMs + data.binMs <= shown.beginMs
                || sample.timeMs >= shown.endMs)
                continue;
            double& below = base[sample.timeMs];
            const double left = std::round(view->toX(sample.timeMs));
            const double right = std::round(view->toX(sample.timeMs + data.binMs));
            const double low = std::round(view->toY(below)), high = std::round(view->toY(below + sample.value));
            below += sample.value;
            const bool wide = right - left >= 6, tall = low - high >= 3;
            const QRectF bar(left + (wide ? 1 : 0), high + (tall ? 1 : 0), std::max(1.0, right - left - (wide ? 2 : 0)),
                low - high - (tall ? 1 : 0));
            if (bar.height() > 0)
                paintBar(painter, bar, i, sample.timeMs >= finalEnd());
        }
    }
    painter.restore();
}

void TimePlot::Private::paintThreshold(QPainter& painter, const QRectF& plot) const
{
    const double y = std::round(view->toY(data.threshold->value));
    painter.setPen(penOf(Theme::current().color.plot.threshold, Theme::sizes().line.threshold));
    painter.drawLine(QPointF(plot.left() + 1, y), QPointF(plot.right() + 1, y));
    painter.setFont(Theme::fonts().caption);
    painter.drawText(
        QPointF(plot.left() + Theme::sizes().space[4], y - Theme::sizes().space[3]), data.threshold->label);
}

void TimePlot::Private::paintProvisional(QPainter& painter, const QRectF& plot) const
{
    const double x = std::round(view->toX(*data.provisionalFromMs));
    if (x < plot.left() || x > plot.right())
        return;
    style::LineLook boundary = Theme::sizes().line.provisional;
    boundary.width = 1;
    painter.setPen(penOf(Theme::current().color.state.provisional, boundary));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    painter.setFont(Theme::fonts().caption);
    const int pad = Theme::sizes().space[3];
    painter.drawText(QRectF(plot.left(), plot.top(), x - pad - plot.left(), painter.fontMetrics().height()),
        Qt::AlignRight | Qt::AlignVCenter, "open window");
}

void TimePlot::Private::paintAbove(QPainter& painter, const QRectF& plot) const
{
    if (data.kind == Kind::Bars)
        paintBars(painter, plot);
    if (data.threshold)
        paintThreshold(painter, plot);
    if (data.provisionalFromMs)
        paintProvisional(painter, plot);
}

void TimePlot::Private::nameForReaders()
{
    QStringList parts = {title};
    if (!unit.isEmpty())
        parts.append(unit);
    for (const style::StateLine& line : states->lines())
        parts.append(style::stateLook(line.state).word.toLower());
    parts.append(data.series.size() == 1 ? QString("1 series") : QString("%1 series").arg(data.series.size()));
    const QString name = parts.join(", ");
    if (name == q->accessibleName())
        return;
    q->setAccessibleName(name);
    view->setAccessibleName(name);
}

TimePlot::TimePlot(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->view = new PlotView(this);
    d->states = new StateLines(this);
    d->legend = new LegendTable(this);
    d->view->setPainters([this](QPainter& painter, const QRectF& plot) { d->paintBelow(painter, plot); },
        [this](QPainter& painter, const QRectF& plot) { d->paintAbove(painter, plot); });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(d->view, 1);
    layout->addWidget(d->states);
    layout->addWidget(d->legend);
    setFocusProxy(d->view);
    setMinimumHeight(Theme::sizes().height.histogram);
    connect(d->view, &PlotView::viewChanged, this, [this] {
        d->rebuild();
        emit zoomChanged(d->view->isZoomed());
    });
    connect(d->view, &PlotView::binActivated, this, &TimePlot::binActivated);
    connect(d->view, &PlotView::hovered, this, [this](std::optional<std::int64_t> timeMs) {
        setCursor(timeMs, true);
        emit cursorMoved(timeMs);
    });
}

TimePlot::~TimePlot() = default;

void TimePlot::setHead(const QString& title, const QString& unit)
{
    d->title = title;
    d->unit = unit;
    d->nameForReaders();
}

void TimePlot::setData(PlotData data)
{
    d->data = std::move(data);
    d->dirty = true;
}

const PlotData& TimePlot::data() const
{
    return d->data;
}

void TimePlot::refresh()
{
    if (!d->dirty || !isVisible())
        return;
    d->dirty = false;
    d->rebuild();
}

bool TimePlot::isDirty() const
{
    return d->dirty;
}

double TimePlot::lastReplotMs() const
{
    return d->view->replotTime();
}

std::size_t TimePlot::pointsDrawn() const
{
    return d->drawn;
}

std::size_t TimePlot::pointsRead() const
{
    return d->read;
}

void TimePlot::setCursor(std::optional<std::int64_t> timeMs, bool withLabel)
{
    d->view->setCursorTime(timeMs, withLabel);
    d->fillLegend();
    if (!timeMs || !withLabel)
        return;
    QStringList values = {format::time(*timeMs)};
    for (const PlotSeries& series : d->data.series)
        values.append(series.name + ' ' + valueText(d->at(series, *timeMs), d->data.unit, d->data.decimals));
    d->view->setAccessibleDescription(values.join(", "));
}

std::optional<std::int64_t> TimePlot::cursor() const
{
    return d->view->cursorTime();
}

std::vector<double> TimePlot::valuesAt(std::int64_t timeMs) const
{
    std::vector<double> values;
    for (const PlotSeries& series : d->data.series)
        values.push_back(d->at(series, timeMs));
    return values;
}

Span TimePlot::view() const
{
    return d->view->isZoomed() ? d->view->view() : d->data.range;
}

void TimePlot::setZoom(std::optional<Span> view)
{
    d->view->setZoom(view);
}

bool TimePlot::isZoomed() const
{
    return d->view->isZoomed();
}

void TimePlot::undoZoom()
{
    d->view->undoZoom();
}

bool TimePlot::event(QEvent* event)
{
    if (event->type() == QEvent::Show)
        refresh();
    return QWidget::event(event);
}

} // namespace weir::plots
