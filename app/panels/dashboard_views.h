// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/query_view.h"
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

signals:
    void cursorMoved(std::optional<std::int64_t> timeMs);
};

/// The view for a panel document; null for a kind that this version does not know.
DashboardView* makeDashboardView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent);

} // namespace weir
