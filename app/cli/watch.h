// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/output.h"

namespace weir::cli {

inline const DrainSnapshot& drainOf(const DrainSnapshot& progress)
{
    return progress;
}
template <typename Progress>
const DrainSnapshot& drainOf(const Progress& progress)
{
    return progress.drain;
}

/// Waits for a run to end: tells its problems and how far it is meanwhile, and stops it on Ctrl-C or when `isEnough`
/// says so. `textOf` makes the progress line.
template <typename Run, typename Text, typename Enough>
void watch(Run& run, const std::string& what, Text textOf, Enough isEnough)
{
    ProgressLine line;
    ProblemReporter problems(what);
    while (!run.wait(std::chrono::milliseconds(50))) {
        const auto progress = run.progress();
        const DrainSnapshot& drain = drainOf(progress);
        problems.report(combined(drain.sources));
        line.show(textOf(progress) + ", " + drainText(drain));
        if (interrupted() || isEnough())
            run.stop();
    }
}

} // namespace weir::cli
