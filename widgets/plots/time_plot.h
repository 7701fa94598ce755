// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_data.h"

#include <QWidget>

#include <memory>
#include <optional>

namespace weir::plots {

class PlotView;

/// Series over time, with state lines and legend below. GUI thread. Draws nothing by itself: setData() marks it dirty,
/// refresh(), called by the frame scheduler, draws if it is dirty and visible. Cursor, zoom and theme redraw at once.
class TimePlot : public QWidget
{
    Q_OBJECT
public:
    explicit TimePlot(QWidget* parent = nullptr);
    ~TimePlot() override;

    /// What the panel's head says; becomes the accessible name together with states and the series count.
    void setHead(const QString& title, const QString& unit);
    void setData(PlotData data);
    const PlotData& data() const;
    void refresh();
    bool isDirty() const;
    /// Time the last drawing took, and how many points it drew of how many read.
    double lastReplotMs() const;
    std::size_t pointsDrawn() const;
    std::size_t pointsRead() const;

    /// The linked cursor; nullopt hides it. `withLabel`: this panel has the pointer and shows the time.
    void setCursor(std::optional<std::int64_t> timeMs, bool withLabel = false);
    std::optional<std::int64_t> cursor() const;
    /// Values of all series at a time, NaN where there is none.
    std::vector<double> valuesAt(std::int64_t timeMs) const;

    /// The time shown: PlotData::range, or what the user zoomed to.
    Span view() const;
    /// nullopt: follow PlotData::range again.
    void setZoom(std::optional<Span> view);
    bool isZoomed() const;
    void undoZoom();

signals:
    /// The pointer or the arrow keys moved the cursor; nullopt when it left. Connect to setCursor() of other panels.
    void cursorMoved(std::optional<std::int64_t> timeMs);
    /// Double click or Return on a bin: its records are wanted.
    void binActivated(weir::plots::Span bin);
    void zoomChanged(bool zoomed);

protected:
    bool event(QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace weir::plots
