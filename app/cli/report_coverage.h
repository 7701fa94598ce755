// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/read_options.h"
#include "app/cli/watch.h"
#include "app/session/report_run.h"

namespace weir::cli {

/// "1,204 records"
std::string recordsText(const DrainSnapshot& drain);

/// Says on stderr how much of what was asked for was looked at; `done` is a word for that: "Profiled".
ExitCode tellCoverage(const ReportRun& run, const std::string& done, const ReadOptions& asked);

} // namespace weir::cli
