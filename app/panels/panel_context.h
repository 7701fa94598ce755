// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/background.h"
#include "app/models/frame_scheduler.h"
#include "app/models/log_model.h"
#include "app/models/traffic.h"
#include "app/panels/live_connections.h"
#include "app/panels/prompts.h"

namespace weir {

/// What every panel is made with. All of it outlives the panels.
struct PanelContext
{
    LiveConnections& connections;
    FrameScheduler& frames;
    Background& background;
    LogModel& log;
    Traffic& traffic;
    Prompts prompts;
};

} // namespace weir
