// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/latency_report.h"
#include "app/cli/output.h"
#include "app/cli/read_options.h"
#include "app/cli/size_distribution.h"
#include "app/engine/pipeline/topic_feed.h"
#include "app/session/missing_offsets.h"

#include <atomic>
#include <cstdio>
#include <thread>

namespace weir::cli {

namespace {

struct StatsOptions
{
    std::string topic;
    ReadOptions read;
    std::string latencyField;
    int instances = 0;
};

/// Sizes per reading thread, so that counting needs no lock on the way.
struct Figures
{
    std::shared_ptr<const TopicFeedSnapshot> last;
    SizeDistribution sizes;
    LatencyDistribution latencies;
    std::int64_t missing = 0; ///< offsets asked for that are gone
    std::chrono::steady_clock::duration took{};
};

std::string decimals(double value, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string jsonOf(const StatsOptions& options, const Figures& figures)
{
    const TopicFeedSnapshot& feed = *figures.last;
    const double seconds = std::chrono::duration<double>(figures.took).count();
    const auto size = [&](double q) { return std::to_string(figures.sizes.quantile(q)); };
    std::string text = "{\"topic\":" + jsonString(options.topic) + ",\"records\":" + std::to_string(feed.records)
        + ",\"bytes\":" + std::to_string(feed.bytes) + ",\"malformed\":" + std::to_string(feed.undecodable)
        + ",\"missing\":" + std::to_string(figures.missing) + ",\"seconds\":" + decimals(seconds, 3)
        + ",\"records_per_second\":" + decimals(seconds > 0 ? static_cast<double>(feed.records) / seconds : 0, 0);
    if (figures.sizes.count() > 0)
        text += ",\"size_p50\":" + size(0.5) + ",\"size_p95\":" + size(0.95) + ",\"size_p99\":" + size(0.99)
            + ",\"size_max\":" + std::to_string(figures.sizes.max());
    if (figures.latencies.count() > 0)
        text += "," + latencyJson(figures.latencies)
            + ",\"ahead_of_clock\":" + std::to_string(figures.latencies.negative());
    text += ",\"without_time\":" + std::to_string(feed.latency->withoutTimestamp);
    return text + "}";
}

std::string tableOf(const StatsOptions& options, const Figures& figures)
{
    const TopicFeedSnapshot& feed = *figures.last;
    const double seconds = std::chrono::duration<double>(figures.took).count();
    std::vector<std::vector<std::string>> rows{{"topic", options.topic}, {"records", grouped(feed.records)},
        {"bytes", grouped(feed.bytes)}, {"malformed", grouped(feed.undecodable)}, {"took", decimals(seconds, 2) + " s"},
        {"rate",
            grouped(seconds > 0 ? static_cast<std::int64_t>(static_cast<double>(feed.records) / seconds) : 0) + "/s"}};
    if (figures.sizes.count() > 0) {
        const auto size = [&](double q) { return grouped(figures.sizes.quantile(q)); };
        rows.push_back({"size p50, p95, p99, max",
            size(0.5) + ", " + size(0.95) + ", " + size(0.99) + ", " + grouped(figures.sizes.max()) + " bytes"});
    }
    if (figures.latencies.count() > 0) {
        for (std::vector<std::string>& row : latencyRows(figures.latencies))
            rows.push_back(std::move(row));
        rows.push_back({"ahead of this clock", grouped(figures.latencies.negative())});
    }
    if (feed.latency->withoutTimestamp > 0)
        rows.push_back({options.latencyField.empty() ? "without a timestamp" : "without " + options.latencyField,
            grouped(feed.latency->withoutTimestamp)});
    return alignedTable(rows, {false, false});
}

/// Watches the feed until it has ended, failed or Ctrl-C came.
void waitForEnd(const TopicFeed& feed, const std::string& topic)
{
    ProgressLine progress;
    ProblemReporter problems(topic);
    for (;;) {
        const auto snapshot = feed.snapshot();
        problems.report(snapshot->state);
        if (snapshot->ended || snapshot->failure || interrupted())
            return;
        progress.show(grouped(snapshot->records) + " records, "
            + grouped(static_cast<std::int64_t>(snapshot->recordsPerSecond)) + "/s");
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

ExitCode outcomeOf(const StatsOptions& options, const Figures& figures)
{
    if (figures.last->failure) {
        complain(figures.last->failure->text());
        return ExitCode::Failed;
    }
    if (!figures.last->ended && options.read.until != "never") {
        complain("Incomplete: stopped before " + options.topic + " was read to --until " + options.read.until + ".");
        return ExitCode::Incomplete;
    }
    return tellMissing(options.topic, figures.missing);
}

ExitCode finish(Environment& environment, const StatsOptions& options, const Figures& figures)
{
    DataWriter out;
    out.text(environment.options.json ? jsonOf(options, figures) + "\n" : tableOf(options, figures));
    return out.finish(outcomeOf(options, figures));
}

ExitCode showStats(Environment& environment, const StatsOptions& options)
{
    auto request = requestOf(options.read, options.topic);
    if (!request)
        return refuse(request.error());
    request->instances = options.instances;
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    const auto start = environment.clock.steady();
    auto sources = cluster->open(*request);
    if (!sources) {
        complain(sources.error().text());
        return ExitCode::Failed;
    }
    SharedSizes sizes;
    TopicFeedOptions feedOptions;
    feedOptions.latencyOfHistory = true;
    feedOptions.latencyField = options.latencyField;
    TopicFeed feed(std::move(*sources), nullptr, environment.budget, environment.clock, feedOptions);
    std::atomic<std::int64_t> missing = 0;
    feed.setBatchObserver([&sizes, &missing](const RecordBatchPtr& batch) {
        sizes.add(*batch);
        missing += missingOffsets(*batch);
    });
    feed.start();
    waitForEnd(feed, options.topic);
    feed.stop();
    Figures figures;
    figures.took = environment.clock.steady() - start;
    figures.last = feed.snapshot();
    figures.sizes = sizes.total();
    figures.latencies = feed.totalLatency();
    figures.missing = missing;
    return finish(environment, options, figures);
}

} // namespace

void addStats(CommandLine& line)
{
    const auto options = std::make_shared<StatsOptions>();
    VerbOptions verb = line.addVerb("stats", "Read a topic and count: records, bytes, sizes, latency",
        [options](Environment& environment) { return showStats(environment, *options); });
    verb.connection("A JSON object instead of a table");
    verb.memory();
    verb.required("topic", options->topic, "Topic to read");
    addReadOptions(verb, options->read);
    verb.text("--latency-field", options->latencyField,
        "Field of the JSON value to measure the latency from, instead of the record's timestamp");
    verb.number("--instances", options->instances, "Client instances to read with; 0: as many as pay off", {0, 64});
}

} // namespace weir::cli
