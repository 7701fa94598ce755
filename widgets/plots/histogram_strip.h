// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_data.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace weir::plots {

struct HistogramData
{
    Span range; ///< the time shown
    std::int64_t binMs = 5000;
    std::vector<Sample> all; ///< records per bin, at the bin's begin; missing bins hold none
    std::vector<Sample> matching; ///< of these, those that pass the filter; empty without a filter
    bool filtered = false; ///< shows the matching bars and their legend entry
    bool estimated = false; ///< `all` is told by offsets, not counted record by record
    /// Where it was asked which records match; the rest of the time is hatched. nullopt: everywhere.
    std::optional<Span> searched;
    std::vector<std::int64_t> failures; ///< times of decode failures: red marks above
    std::optional<std::int64_t> fillingFromMs; ///< from here on bins are still filling
    QString brushText; ///< what the brush selects, in words; made from the brush when empty
};

/// Records over time above the record table, with a brush. 124 px high. Same rules as TimePlot for refresh().
/// Drag selects, drag of a handle resizes, Esc or a click clears, wheel zooms at the pointer, Ctrl+Z undoes the zoom.
class HistogramStrip : public QWidget
{
    Q_OBJECT
public:
    explicit HistogramStrip(QWidget* parent = nullptr);

    void setData(HistogramData data);
    const HistogramData& data() const { return m_data; }
    void refresh();
    bool isDirty() const { return m_dirty; }

    /// Whether dragging selects a stretch of time; on at first.
    void setBrushable(bool on) { m_brushable = on; }
    /// The brushed time; nullopt when none. Setting it does not emit brushed().
    std::optional<Span> brush() const { return m_brush; }
    void setBrush(std::optional<Span> brush);
    Span view() const;
    void setZoom(std::optional<Span> view);
    void setCursor(std::optional<std::int64_t> timeMs);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    /// Once per gesture, when the button is released.
    void brushed(weir::plots::Span range);
    void brushCleared();
    void binActivated(weir::plots::Span bin);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    enum class Drag { None, New, Begin, End, Pan };

    QRectF plotRect() const;
    double toX(std::int64_t timeMs) const;
    std::int64_t toTime(double x) const;
    std::int64_t toBin(std::int64_t timeMs) const;
    double top() const;
    Drag handleAt(double x) const;
    void clearBrush();
    void paintLegend(QPainter& painter) const;
    void paintAxes(QPainter& painter, const QRectF& plot) const;
    void paintAll(QPainter& painter, const QRectF& plot) const;
    void paintUnsearched(QPainter& painter, const QRectF& plot) const;
    void paintMatching(QPainter& painter, const QRectF& plot) const;
    void paintFilling(QPainter& painter, const QRectF& plot) const;
    void paintBrush(QPainter& painter, const QRectF& plot) const;
    void paintMarks(QPainter& painter, const QRectF& plot) const;
    void updateAccessible();

    HistogramData m_data;
    std::optional<Span> m_brush;
    std::optional<Span> m_zoom;
    std::vector<std::optional<Span>> m_undo;
    std::optional<std::int64_t> m_cursor;
    Drag m_drag = Drag::None;
    std::int64_t m_dragFrom = 0;
    Span m_panFrom;
    double m_pressX = 0;
    bool m_dirty = false;
    bool m_brushable = true;
};

} // namespace weir::plots
