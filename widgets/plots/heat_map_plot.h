// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_data.h"

#include <QWidget>

#include <memory>
#include <optional>

namespace weir::plots {

/// Latency over time: a log-binned heat map with lines of p50, p95 and p99, its colour scale, states and legend.
/// Same rules as TimePlot: setData() marks dirty, refresh() draws if dirty and visible.
class HeatMapPlot : public QWidget
{
    Q_OBJECT
public:
    explicit HeatMapPlot(QWidget* parent = nullptr);
    ~HeatMapPlot() override;

    void setHead(const QString& title, const QString& unit);
    void setData(HeatMapData data);
    const HeatMapData& data() const;
    void refresh();
    bool isDirty() const;
    double lastReplotMs() const;

    void setCursor(std::optional<std::int64_t> timeMs, bool withLabel = false);
    Span view() const;
    void setZoom(std::optional<Span> view);

signals:
    void cursorMoved(std::optional<std::int64_t> timeMs);
    void binActivated(weir::plots::Span bin);
    void zoomChanged(bool zoomed);

protected:
    bool event(QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace weir::plots
