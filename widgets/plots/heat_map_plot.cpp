// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_map_plot.h"

#include "widgets/plots/heat_map_image.h"
#include "widgets/plots/legend_table.h"
#include "widgets/plots/plot_paint.h"
#include "widgets/plots/plot_view.h"
#include "widgets/plots/state_lines.h"
#include "widgets/style/format.h"

#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>

namespace weir::plots {

using style::Theme;

namespace {

/// "records per cell 1 ▭▭▭ 2,400      log scale, 64 buckets"
class ScaleStrip : public QWidget
{
public:
    explicit ScaleStrip(QWidget* parent) : QWidget(parent) { setFixedHeight(Theme::sizes().height.legendRow); }
    void set(std::uint32_t largest, int buckets)
    {
        if (largest == m_largest && buckets == m_buckets)
            return;
        m_largest = largest;
        m_buckets = buckets;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const style::Colors& c = Theme::current().color;
        const auto& s = Theme::sizes();
        painter.fillRect(rect(), c.bg.well);
        painter.setPen(c.text.muted);
        int x = s.space[5];
        const auto write = [&](const QString& text, const QFont& font) {
            painter.setFont(font);
            painter.drawText(QRect(x, 0, width(), height()), Qt::AlignVCenter, text);
            x += painter.fontMetrics().horizontalAdvance(text) + s.space[3];
        };
        write("records per cell", Theme::fonts().caption);
        write("1", Theme::fonts().dataCaption);
        const QRect bar(x, (height() - s.space[5]) / 2, s.space[8] * 5, s.space[5]);
        const std::vector<QColor> colors = heatScale(bar.width());
        for (int i = 0; i < bar.width(); ++i)
            painter.fillRect(QRect(bar.left() + i, bar.top(), 1, bar.height()), colors[std::size_t(i)]);
        x = bar.right() + s.space[3];
        painter.setPen(c.text.muted);
        write(format::grouped(std::int64_t(std::max(1u, m_largest))), Theme::fonts().dataCaption);
        painter.setFont(Theme::fonts().caption);
        const QRect rest(x, 0, width() - x - s.space[5], height());
        const QString text = QString("log scale, %1 buckets").arg(m_buckets);
        if (painter.fontMetrics().horizontalAdvance(text) < rest.width())
            painter.drawText(rest, Qt::AlignVCenter | Qt::AlignRight, text);
    }

private:
    std::uint32_t m_largest = 0;
    int m_buckets = 0;
};

struct Percentile
{
    const char* name;
    const char* legend;
    double HeatMapColumn::*value;
};
constexpr std::array<Percentile, 3> percentiles = {Percentile{"p50", "p50, half are faster", &HeatMapColumn::p50},
    Percentile{"p95", "p95", &HeatMapColumn::p95}, Percentile{"p99", "p99", &HeatMapColumn::p99}};

QPen percentilePen(std::size_t i)
{
    const style::Colors& c = Theme::current().color;
    const auto& line = Theme::sizes().line;
    switch (i) {
    case 0:
        return penOf(c.plot.p50, line.p50);
    case 1:
        return penOf(c.plot.p95, line.p95);
    default:
        return penOf(c.plot.p99, line.p99);
    }
}

QList<QLineF> segmentsOf(const QPolygonF& line)
{
    QList<QLineF> segments;
    for (qsizetype i = 1; i < line.size(); ++i)
        segments.append(QLineF(line[i - 1], line[i]));
    return segments;
}

} // namespace

struct HeatMapPlot::Private
{
    HeatMapPlot* q = nullptr;
    HeatMapData data;
    PlotView* view = nullptr;
    ScaleStrip* scale = nullptr;
    StateLines* states = nullptr;
    LegendTable* legend = nullptr;
    HeatMapImage image;
    QString title, unit;
    bool dirty = false;
    double top = 0;

    const HeatMapColumn* at(std::int64_t timeMs) const;
    void rebuild();
    void fitValues();
    void fillLegend();
    void paintMap(QPainter& painter, const QRectF& plot) const;
    void paintLines(QPainter& painter, const QRectF& plot) const;
    std::vector<QPolygonF> linesOf(const Percentile& percentile) const;
    void paintLabels(QPainter& painter, const QRectF& plot) const;
};

const HeatMapColumn* HeatMapPlot::Private::at(std::int64_t timeMs) const
{
    for (const HeatMapColumn& column : data.columns) {
        if (timeMs >= column.timeMs && timeMs < column.timeMs + data.columnMs)
            return &column;
    }
    return nullptr;
}

void HeatMapPlot::Private::fitValues()
{
    double highest = data.highestMs;
    if (highest <= 0) {
        constexpr double least = 20'000; // 10 s and room for its label
        highest = least;
        for (const HeatMapColumn& column : data.columns) {
            for (std::size_t i = column.counts.size(); i-- > 0;) {
                if (column.counts[i] > 0 && i + 1 < data.bucketBounds.size()) {
                    highest = std::max(highest, data.bucketBounds[i + 1] * 1.5);
                    break;
                }
            }
        }
    }
    top = std::log10(highest);
    view->setValueRange(std::log10(data.lowestMs), top);
}

void HeatMapPlot::Private::fillLegend()
{
    const auto text = [](const HeatMapColumn* column, const Percentile& p) {
        return column && std::isfinite(column->*p.value) ? format::duration(column->*p.value) : QString(QChar(0x2013));
    };
    const auto cursor = view->cursorTime();
    const HeatMapColumn* last = data.columns.empty() ? nullptr : &data.columns.back();
    std::vector<LegendTable::Row> rows;
    for (std::size_t i = 0; i < percentiles.size(); ++i) {
        LegendTable::Row row;
        row.name = percentiles[i].legend;
        row.line = percentilePen(i);
        row.cells = {{cursor ? text(at(*cursor), percentiles[i]) : QString(), false, false},
            {text(last, percentiles[i]), false, false}};
        rows.push_back(std::move(row));
    }
    const QString atCursor = data.cursorHeader.isEmpty() ? QString("at cursor") : data.cursorHeader;
    legend->setTable(
        {cursor ? atCursor : QString(), data.nowHeader.isEmpty() ? QString("now") : data.nowHeader}, std::move(rows));
}

void HeatMapPlot::Private::rebuild()
{
    view->setBinMs(data.columnMs);
    view->setDataRange(data.range);
    fitValues();
    image = heatMapImage(data, view->view());
    scale->set(image.largest, int(data.bucketBounds.size()) - 1);
    states->setLines(data.states);
    fillLegend();
    QStringList name = {title, unit, "latency heat map with p50, p95 and p99"};
    for (const style::StateLine& line : states->lines())
        name.append(style::stateLook(line.state).word.toLower());
    name.removeAll(QString());
    q->setAccessibleName(name.join(", "));
    view->setAccessibleName(name.join(", "));
    view->draw();
}

void HeatMapPlot::Private::paintMap(QPainter& painter, const QRectF& plot) const
{
    if (image.image.isNull())
        return;
    const double left = std::round(view->toX(image.begin));
    const double right = std::round(view->toX(image.begin + image.image.width() * data.columnMs));
    const double upper = view->toY(std::log10(data.bucketBounds.back()));
    const double lower = view->toY(std::log10(data.bucketBounds.front()));
    painter.save();
    painter.setClipRect(plot);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(QRectF(left, upper, right - left, lower - upper), image.image);
    painter.restore();
}

std::vector<QPolygonF> HeatMapPlot::Private::linesOf(const Percentile& percentile) const
{
    std::vector<QPolygonF> lines(1);
    std::int64_t previous = 0;
    for (const HeatMapColumn& column : data.columns) {
        const double value = column.*percentile.value;
        const bool gap = !lines.back().isEmpty() && column.timeMs - previous > data.columnMs * 2;
        if (!std::isfinite(value) || value <= 0 || gap)
            lines.emplace_back();
        previous = column.timeMs;
        if (std::isfinite(value) && value > 0)
            lines.back().append(QPointF(
                view->toX(column.timeMs + data.columnMs / 2), view->toY(std::log10(std::max(value, data.lowestMs)))));
    }
    return lines;
}

void HeatMapPlot::Private::paintLines(QPainter& painter, const QRectF& plot) const
{
    painter.save();
    painter.setClipRect(plot);
    const Span shown = view->view();
    const auto inView = std::count_if(data.columns.begin(), data.columns.end(),
        [&](const HeatMapColumn& column) { return shown.contains(column.timeMs); });
    const bool dense = std::size_t(inView) >= densePoints;
    painter.setRenderHint(QPainter::Antialiasing, !dense);
    QPen casing(Theme::current().color.plot.casing, Theme::sizes().line.percentileCasing);
    casing.setJoinStyle(Qt::RoundJoin);
    for (std::size_t i = percentiles.size(); i-- > 0;) {
        QPen pen = percentilePen(i);
        if (dense)
            pen.setWidth(1);
        for (const QPolygonF& line : linesOf(percentiles[i])) {
            painter.setPen(casing);
            // A wide pen along a long polyline is one outline that Qt fills at a cost that grows with its square.
            if (dense)
                painter.drawLines(segmentsOf(line));
            else
                painter.drawPolyline(line);
            painter.setPen(pen);
            painter.drawPolyline(line);
        }
    }
    painter.restore();
}

void HeatMapPlot::Private::paintLabels(QPainter& painter, const QRectF& plot) const
{
    painter.setFont(Theme::fonts().dataCaption);
    const QFontMetrics metrics = painter.fontMetrics();
    const int pad = Theme::sizes().space[1];
    double lowestFree = plot.bottom() - metrics.height();
    for (std::size_t i = 0; i < percentiles.size(); ++i) {
        const auto lines = linesOf(percentiles[i]);
        const auto line = std::find_if(lines.begin(), lines.end(), [&](const QPolygonF& l) {
            return l.size() > 1 && l.last().x() > plot.left() && l.first().x() < plot.right();
        });
        if (line == lines.end())
            continue;
        const QPointF start(std::max(plot.left(), line->first().x()), line->first().y());
        QRectF box(std::round(start.x()) + Theme::sizes().space[6], 0,
            metrics.horizontalAdvance(percentiles[i].name) + 2 * pad, metrics.height() - 1);
        box.moveBottom(std::min(std::round(start.y()) - pad, lowestFree));
        lowestFree = box.top() - 1;
        painter.fillRect(box, Theme::current().color.plot.casing);
        painter.setPen(percentilePen(i).color());
        painter.drawText(box, Qt::AlignCenter, percentiles[i].name);
    }
}

HeatMapPlot::HeatMapPlot(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->view = new PlotView(this);
    d->scale = new ScaleStrip(this);
    d->states = new StateLines(this);
    d->legend = new LegendTable(this);
    d->view->setTickers(QSharedPointer<QCPAxisTicker>(new LogDurationTicker));
    d->view->xAxis->grid()->setVisible(false);
    d->view->yAxis->grid()->setVisible(false);
    d->view->setPainters([](QPainter&, const QRectF&) {},
        [this](QPainter& painter, const QRectF& plot) {
            d->paintMap(painter, plot);
            d->paintLines(painter, plot);
            d->paintLabels(painter, plot);
        });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(d->view, 1);
    layout->addWidget(d->scale);
    layout->addWidget(d->states);
    layout->addWidget(d->legend);
    setFocusProxy(d->view);
    setMinimumHeight(Theme::sizes().height.histogram);
    connect(d->view, &PlotView::viewChanged, this, [this] {
        d->rebuild();
        emit zoomChanged(d->view->isZoomed());
    });
    connect(d->view, &PlotView::binActivated, this, &HeatMapPlot::binActivated);
    connect(d->view, &PlotView::hovered, this, [this](std::optional<std::int64_t> timeMs) {
        setCursor(timeMs, true);
        emit cursorMoved(timeMs);
    });
}

HeatMapPlot::~HeatMapPlot() = default;

void HeatMapPlot::setHead(const QString& title, const QString& unit)
{
    d->title = title;
    d->unit = unit;
}

void HeatMapPlot::setData(HeatMapData data)
{
    d->data = std::move(data);
    d->dirty = true;
}

const HeatMapData& HeatMapPlot::data() const
{
    return d->data;
}

void HeatMapPlot::refresh()
{
    if (!d->dirty || !isVisible())
        return;
    d->dirty = false;
    d->rebuild();
}

bool HeatMapPlot::isDirty() const
{
    return d->dirty;
}

double HeatMapPlot::lastReplotMs() const
{
    return d->view->replotTime();
}

void HeatMapPlot::setCursor(std::optional<std::int64_t> timeMs, bool withLabel)
{
    d->view->setCursorTime(timeMs, withLabel);
    d->fillLegend();
}

Span HeatMapPlot::view() const
{
    return d->view->isZoomed() ? d->view->view() : d->data.range;
}

void HeatMapPlot::setZoom(std::optional<Span> view)
{
    d->view->setZoom(view);
}

bool HeatMapPlot::event(QEvent* event)
{
    if (event->type() == QEvent::Show)
        refresh();
    return QWidget::event(event);
}

} // namespace weir::plots
