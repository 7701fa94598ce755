// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/cli/read_options.h"
#include "app/cli/record_printer.h"
#include "app/session/missing_offsets.h"

#include <limits>
#include <numeric>

namespace weir::cli {

namespace {

struct TailOptions
{
    std::string topic;
    ReadOptions read{"end", "never", {}, false};
    std::int64_t count = std::numeric_limits<std::int64_t>::max();
    bool raw = false;
};

/// What was printed, and what cannot be.
struct Progress
{
    std::int64_t left = 0; ///< records until --count
    std::int64_t missing = 0; ///< offsets asked for that are gone
};

/// False when enough were printed or stdout cannot be written.
bool print(const RecordBatchPtr& batch, RecordPrinter& printer, Progress& progress)
{
    progress.missing += missingOffsets(*batch);
    const auto count = std::min<std::int64_t>(progress.left, static_cast<std::int64_t>(batch->size()));
    progress.left -= count;
    std::vector<std::uint32_t> rows(static_cast<std::size_t>(count));
    std::iota(rows.begin(), rows.end(), 0U);
    return printer.print(batch, rows) && progress.left > 0;
}

/// Reads until the stop, --count, Ctrl-C or the reader of stdout leaves. An Error when the source cannot go on.
Result<void> follow(Source& source, const TailOptions& options, DataWriter& out, Progress& progress)
{
    ProblemReporter problems(options.topic);
    RecordPrinter printer(options.raw ? PrintedAs::Values : PrintedAs::JsonLines, out);
    while (!interrupted() && !out.readerLeft() && progress.left > 0) {
        const auto batches = source.poll(std::chrono::milliseconds(100));
        // Before the records: a gap is told ahead of what comes behind it.
        const SourceState state = source.state();
        problems.report(state);
        if (!batches)
            return batches.error();
        for (const RecordBatchPtr& batch : *batches) {
            if (!print(batch, printer, progress))
                return {};
        }
        if (state.ended || (batches->empty() && !out.flush()))
            return {};
    }
    return {};
}

ExitCode tail(Environment& environment, const TailOptions& options)
{
    auto request = requestOf(options.read, options.topic);
    if (!request)
        return refuse(request.error());
    request->instances = 1;
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    auto sources = cluster->open(*request);
    if (!sources) {
        complain(sources.error().text());
        return ExitCode::Failed;
    }
    if (sources->empty()) {
        complain("topic " + options.topic + " has no partition to read");
        return ExitCode::Failed;
    }
    const std::shared_ptr<Source> source(std::move(sources->front()));
    environment.kept.push_back(source);
    DataWriter out;
    Progress progress{options.count};
    const Result<void> followed = follow(*source, options, out, progress);
    if (!followed)
        complain(followed.error().text());
    return out.finish(!followed ? ExitCode::Failed : tellMissing(options.topic, progress.missing));
}

} // namespace

void addTail(CommandLine& line)
{
    const auto options = std::make_shared<TailOptions>();
    VerbOptions verb = line.addVerb("tail", "Print records as JSON Lines",
        [options](Environment& environment) { return tail(environment, *options); });
    verb.connection("JSON Lines, which are printed anyway");
    verb.pace();
    verb.memory();
    verb.required("topic", options->topic, "Topic to read");
    addReadOptions(verb, options->read);
    verb.number("--count", options->count, "Stop after so many records");
    verb.flag("--raw", options->raw, "Only the value's bytes, one line each");
}

} // namespace weir::cli
