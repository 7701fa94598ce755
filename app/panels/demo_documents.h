// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/demo/demo.h"
#include "app/workspace/documents.h"

namespace weir {

/// What `--demo` opens: the connection to the running demo, and a dashboard over it. Neither is saved.
ConnectionDocument demoConnection(const demo::Demo& demo);
DashboardDocument demoDashboard(const ConnectionDocument& connection);
QString demoConnectionId();
QString demoDashboardId();

} // namespace weir
