// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/report_coverage.h"

#include <algorithm>
#include <cstdio>

namespace weir::cli {

std::string recordsText(const DrainSnapshot& drain)
{
    return grouped(drain.records) + " records";
}

ExitCode tellCoverage(const ReportRun& run, const std::string& done, const ReadOptions& asked)
{
    const DrainSnapshot last = run.progress();
    const SourceState all = combined(last.sources);
    std::fprintf(stderr, "%s %s records of %s, %zu partitions, from %s until %s.\n", done.c_str(),
        grouped(last.records).c_str(), run.topic().c_str(), all.partitions.size(), asked.from.c_str(),
        asked.until.c_str());
    if (last.failure) {
        complain(last.failure->text());
        return ExitCode::Failed;
    }
    if (std::any_of(last.sources.begin(), last.sources.end(), [](const SourceState& one) { return !one.ended; })) {
        complain("Incomplete: stopped before all of it was read.");
        return ExitCode::Incomplete;
    }
    return tellMissing(run.topic(), run.missing());
}

} // namespace weir::cli
