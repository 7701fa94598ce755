// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/panel_context.h"
#include "app/workspace/documents.h"
#include "widgets/dashboard/panel_frame.h"
#include "widgets/plots/plot_data.h"

#include <QWidget>

namespace weir {

/// What a dashboard tells its panels at each pull.
struct DashboardMoment
{
    plots::Span range;
};

/// One panel of a dashboard: a plot and where its numbers come from. GUI thread.
class DashboardView : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    virtual dashboard::PanelFrame* frame() const = 0;
    virtual std::uint64_t generation() const = 0;
    virtual void pull(const DashboardMoment& moment) = 0;
    virtual void setCursor(std::optional<std::int64_t> timeMs) = 0;
    /// One line for a summary: what it shows, with its newest numbers.
    virtual QString summary() const = 0;
    /// Names of the columns that it could draw instead; empty where there is no choice.
    virtual QStringList columns() const { return {}; }

signals:
    void cursorMoved(std::optional<std::int64_t> timeMs);
};

/// The view for a panel document; null for a kind that this version does not know. Its frame is a child of `parent`,
/// until a grid takes it.
DashboardView* makeDashboardView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent);

/// The parts of makeDashboardView().
DashboardView* makeThroughputView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent);
DashboardView* makeLagView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent);
DashboardView* makeLatencyView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent);
DashboardView* makeQueryPlotView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent);

} // namespace weir
