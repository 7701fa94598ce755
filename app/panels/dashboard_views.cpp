// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/dashboard_views.h"

namespace weir {

DashboardView* makeDashboardView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
{
    if (document.kind == QLatin1String("throughput"))
        return makeThroughputView(context, document, parent);
    if (document.kind == QLatin1String("lag"))
        return makeLagView(context, document, parent);
    if (document.kind == QLatin1String("latency"))
        return makeLatencyView(context, document, parent);
    if (document.kind == QLatin1String("query"))
        return makeQueryPlotView(context, document, parent);
    return nullptr;
}

} // namespace weir
