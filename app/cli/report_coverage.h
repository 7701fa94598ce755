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

/// What a report is of, and the word for having made it.
struct ReportWanted
{
    const std::string& topic;
    const ReadOptions& read;
    std::string done;
};

/// Reads a range of a topic into a report, prints what `textOf` makes of it, and says how much was looked at.
template <typename Run, typename Text>
ExitCode report(Environment& environment, const ReportWanted& wanted, Text textOf)
{
    const auto request = requestOf(wanted.read, wanted.topic);
    if (!request)
        return refuse(request.error());
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    auto run = Run::start(*cluster, *request, environment.clock);
    if (!run)
        return refuse(run.error());
    watch(**run, wanted.topic, recordsText, [] { return false; });
    DataWriter out;
    out.text(textOf(**run));
    const ExitCode code = out.finish(tellCoverage(**run, wanted.done, wanted.read));
    environment.kept.push_back(std::shared_ptr<Run>(std::move(*run)));
    return code;
}

} // namespace weir::cli
