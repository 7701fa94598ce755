// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/cli/position.h"
#include "app/cli/record_line.h"
#include "app/cli/verb.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <limits>

namespace weir::cli {

namespace {

struct TailOptions
{
    std::string topic;
    std::string from = "end";
    std::string until = "never";
    std::int64_t count = std::numeric_limits<std::int64_t>::max();
    std::vector<int> partitions;
    bool raw = false;
};

Result<ReadRequest> requestOf(const TailOptions& options)
{
    ReadRequest request;
    request.topic = options.topic;
    request.instances = 1;
    for (const int partition : options.partitions)
        request.partitions.push_back(PartitionId{partition});
    auto start = parseStart(options.from);
    if (!start)
        return start.error();
    auto stop = parseStop(options.until);
    if (!stop)
        return stop.error();
    request.start = *start;
    request.stop = *stop;
    return request;
}

/// Prints the records of one batch; false when enough were printed or stdout is closed.
bool printBatch(const RecordBatch& batch, const TailOptions& options, LineWriter& out, std::int64_t& left)
{
    std::string line;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (left == 0)
            return false;
        line.clear();
        if (options.raw)
            line = batch.value(i).value_or("");
        else
            appendRecordLine(line, batch, i);
        if (!out.line(line))
            return false;
        --left;
    }
    return left > 0;
}

ExitCode follow(Source& source, const TailOptions& options)
{
    LineWriter out;
    ProblemReporter problems(options.topic);
    std::int64_t left = options.count;
    while (!interrupted()) {
        auto batches = source.poll(std::chrono::milliseconds(100));
        if (!batches) {
            complain(batches.error().text());
            return ExitCode::Failed;
        }
        for (const RecordBatchPtr& batch : *batches) {
            if (!printBatch(*batch, options, out, left))
                return out.flush() ? ExitCode::Done : ExitCode::Failed;
        }
        const SourceState state = source.state();
        problems.report(state);
        if (batches->empty() || state.ended) {
            if (!out.flush())
                return ExitCode::Failed;
        }
        if (state.ended)
            return ExitCode::Done;
    }
    return ExitCode::Done;
}

ExitCode tail(Environment& environment, const TailOptions& options)
{
    auto request = requestOf(options);
    if (!request) {
        complain(request.error().text());
        return ExitCode::Usage;
    }
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
    return follow(*source, options);
}

} // namespace

void addTail(CLI::App& app, SharedOptions& shared, Action& chosen)
{
    CLI::App* verb = app.add_subcommand("tail", "Print records as JSON Lines");
    const auto options = std::make_shared<TailOptions>();
    addConnectionOptions(*verb, shared);
    addMemoryOption(*verb, shared);
    verb->add_option("topic", options->topic, "Topic to read")->required();
    verb->add_option("--from", options->from, "beginning, end, -N (the last N of each partition), @OFFSET or a time")
        ->capture_default_str();
    verb->add_option("--until", options->until, "never, end (as it is now), @OFFSET or a time")->capture_default_str();
    verb->add_option("--count", options->count, "Stop after so many records")->check(CLI::NonNegativeNumber);
    verb->add_option("--partition", options->partitions, "Only these partitions")->check(CLI::NonNegativeNumber);
    verb->add_flag("--raw", options->raw, "Only the value's bytes, one line each");
    verb->callback(
        [&chosen, options] { chosen = [options](Environment& environment) { return tail(environment, *options); }; });
}

} // namespace weir::cli
