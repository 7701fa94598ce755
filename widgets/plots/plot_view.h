// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_data.h"

#include <QPainter>
#include <QWidget>

// qcustomplot.h asks for all of QtPrintSupport, and so for all of Qt: ten seconds in each file that includes this one,
// for nothing that it needs. The guard is that of Qt's own header; under another name nothing breaks, it only takes
// long again.
#define QT_QTPRINTSUPPORT_MODULE_H
#include <qcustomplot.h>
#undef QT_QTPRINTSUPPORT_MODULE_H

#include <functional>
#include <optional>
#include <vector>

namespace weir::plots {

/// A layer of a plot that is painted by a function.
class PaintLayer : public QCPLayerable
{
    Q_OBJECT
public:
    using Paint = std::function<void(QPainter&, const QRectF&)>;
    PaintLayer(QCustomPlot* plot, const QString& layer, Paint paint)
        : QCPLayerable(plot, layer), m_paint(std::move(paint))
    { }

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(false); }
    void draw(QCPPainter* painter) override { m_paint(*painter, QRectF(mParentPlot->axisRect()->rect())); }
    QRect clipRect() const override { return mParentPlot->axisRect()->rect(); }

private:
    Paint m_paint;
};

/// QCustomPlot as all plots of Weir use it: time (epoch ms) on X, fixed margins, colours of the theme, a cursor layer
/// of its own, and the gestures. Draws only on draw(), after gestures and on a theme switch. GUI thread.
class PlotView : public QCustomPlot
{
    Q_OBJECT
public:
    explicit PlotView(QWidget* parent = nullptr);

    /// Painters below the grid and above the data; set once.
    void setPainters(PaintLayer::Paint below, PaintLayer::Paint above);
    void setTickers(QSharedPointer<QCPAxisTicker> values);
    void setBinMs(std::int64_t binMs) { m_binMs = std::max<std::int64_t>(1, binMs); }

    /// What is shown unless the user zoomed.
    void setDataRange(Span range);
    void setValueRange(double bottom, double top);
    bool valuesZoomed() const { return m_valuesZoomed; }
    Span view() const { return m_zoom.value_or(m_range); }
    bool isZoomed() const { return m_zoom.has_value(); }
    void setZoom(std::optional<Span> zoom);
    void undoZoom();

    void setCursorTime(std::optional<std::int64_t> timeMs, bool withLabel);
    std::optional<std::int64_t> cursorTime() const { return m_cursor; }
    /// Sets axes and queues a replot.
    void draw();
    int plotWidth() const { return axisRect()->width(); }
    double toX(std::int64_t timeMs) const { return xAxis->coordToPixel(double(timeMs)); }
    double toY(double value) const { return yAxis->coordToPixel(value); }

signals:
    void hovered(std::optional<std::int64_t> timeMs);
    void binActivated(weir::plots::Span bin);
    /// The view changed by a gesture: reduce again and draw.
    void viewChanged();

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void applyTheme();
    void styleAxis(QCPAxis* axis);
    std::int64_t binAt(double x) const;
    void pushZoom(std::optional<Span> next);
    void zoomValues(double factor);
    void moveCursor(int bins);

    std::int64_t m_binMs = 1000;
    Span m_range;
    std::optional<Span> m_zoom;
    std::vector<std::optional<Span>> m_undo;
    bool m_valuesZoomed = false;
    std::optional<std::int64_t> m_cursor;
    bool m_cursorLabel = false;
    std::optional<QPointF> m_panFrom;
    Span m_panView;
};

/// Ticks of plain numbers.
class NumberTicker : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;

private:
    double m_largest = 0;
};

/// Durations on a logarithmic axis whose coordinates are log10 of milliseconds.
class LogDurationTicker : public QCPAxisTicker
{
protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
};

} // namespace weir::plots
