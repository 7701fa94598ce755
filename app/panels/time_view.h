// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/dashboard_views.h"

#include <map>

namespace weir {
namespace plots {
class TimePlot;
} // namespace plots

/// A dashboard panel with series over time; what is drawn is the subclass's.
class TimeView : public DashboardView
{
    Q_OBJECT
public:
    TimeView(const PanelContext& context, DashboardPanelDocument document, const QString& title, QWidget* parent);

    dashboard::PanelFrame* frame() const override { return m_frame; }
    void setCursor(std::optional<std::int64_t> timeMs) override;
    QString summary() const override;

protected:
    /// Series keep the colour they first had.
    void draw(plots::PlotData data);
    /// The panel's state for what `data.states` says: the worst of them, or live.
    void showState(const plots::PlotData& data);
    int plotWidth() const;
    void setUnit(const QString& unit);

    PanelContext m_context;
    DashboardPanelDocument m_document;

private:
    dashboard::PanelFrame* m_frame;
    plots::TimePlot* m_plot;
    std::map<QString, int> m_looks; ///< by name of series
};

} // namespace weir
