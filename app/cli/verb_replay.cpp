// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/cli/read_options.h"
#include "app/session/byte_size.h"
#include "app/session/pace.h"
#include "app/session/replay_run.h"
#include "connectors/capture/folder_cluster.h"
#include "connectors/kafka/kafka_cluster.h"

#include <cstdio>

namespace weir::cli {

namespace {

struct ReplayOptions
{
    std::string topic;
    std::string to = "the same name";
    ReadOptions read;
    std::string where;
    std::string speed = "original";
    std::string partitions = "keep";
    std::string timestamps = "keep";
    std::string mark;
    std::string unlocked;
    bool dryRun = false;
};

Error noChoice(const std::string& text, const char* choices, const char* option)
{
    return {ErrorKind::InvalidInput, "'" + text + "' is not known. Give " + choices + ".", option};
}

Result<ReplayRequest> requestOf(const ReplayOptions& options)
{
    ReplayRequest request;
    auto what = requestOf(options.read, options.topic);
    if (!what)
        return what.error();
    const auto speed = parsePace(options.speed);
    if (!speed)
        return speed.error();
    if (options.partitions != "keep" && options.partitions != "by-key")
        return noChoice(options.partitions, "keep or by-key", "--partitions");
    if (options.timestamps != "keep" && options.timestamps != "now")
        return noChoice(options.timestamps, "keep or now", "--timestamps");
    request.what = std::move(*what);
    request.where = options.where;
    request.topic = options.to == ReplayOptions().to ? options.topic : options.to;
    request.speed = *speed;
    request.partitions = options.partitions == "keep" ? ReplayPartitions::Keep : ReplayPartitions::ByKey;
    request.timestamps = options.timestamps == "keep" ? ReplayTimestamps::Keep : ReplayTimestamps::Now;
    request.dryRun = options.dryRun;
    request.mark = options.mark;
    return request;
}

/// The cluster that is written to, and its writer unless nothing is to be written.
Result<ReplayRun::Target> targetOf(Environment& environment, const ReplayOptions& options)
{
    kafka::KafkaSettings settings;
    settings.bootstrapServers = environment.options.brokers;
    settings.clock = &environment.clock;
    settings.budget = environment.budget;
    auto cluster = kafka::openCluster(settings);
    if (!cluster)
        return cluster.error();
    const auto metadata = (*cluster)->metadata();
    if (!metadata)
        return metadata.error();
    ReplayRun::Target target{*cluster, nullptr, metadata->clusterId, {}};
    environment.kept.push_back(*cluster);
    if (options.dryRun)
        return target;
    if (options.unlocked.empty())
        return Error{ErrorKind::Locked,
            "nothing is written without --unlock-writing and this cluster's id, " + metadata->clusterId
                + ". --dry-run tells what would be.",
            settings.bootstrapServers};
    const auto proof = kafka::unlockWriting(settings, options.unlocked);
    if (!proof)
        return proof.error();
    auto producer = kafka::Producer::open(*proof, settings);
    if (!producer)
        return producer.error();
    target.producer = std::move(*producer);
    target.mayWrite = [] { return true; };
    return target;
}

std::string writtenText(const ReplayProgress& progress, bool dryRun)
{
    std::string text = grouped(progress.records) + (dryRun ? " records to write, " : " records written, ")
        + byteSizeText(progress.bytes);
    if (progress.filtered > 0)
        text += ", " + grouped(progress.filtered) + " filtered";
    return text;
}

/// How long the records last at the pace that was asked for.
std::string paceText(const ReplayProgress& progress, double speed)
{
    if (speed == 0 || !progress.span)
        return "as fast as the cluster takes them";
    const double seconds =
        (static_cast<double>(progress.span->second) - static_cast<double>(progress.span->first)) / 1000 / speed;
    char text[64];
    std::snprintf(text, sizeof text, "over %.1f s", seconds);
    return text;
}

void printJson(const ReplayProgress& last, const ReplayRequest& request, const std::string& clusterId, bool complete)
{
    std::string text = "{\"topic\":" + jsonString(request.topic) + ",\"clusterId\":" + jsonString(clusterId)
        + ",\"dryRun\":" + (request.dryRun ? "true" : "false") + ",\"complete\":" + (complete ? "true" : "false")
        + ",\"records\":" + std::to_string(last.records) + ",\"bytes\":" + std::to_string(last.bytes)
        + ",\"filtered\":" + std::to_string(last.filtered) + ",\"undecodable\":" + std::to_string(last.unknown)
        + ",\"missing\":" + std::to_string(last.missing);
    if (last.span)
        text += ",\"firstTimestamp\":" + std::to_string(last.span->first)
            + ",\"lastTimestamp\":" + std::to_string(last.span->second);
    DataWriter out;
    out.line(text + "}");
    out.finish(ExitCode::Done);
}

/// Waits for the end; false when it was interrupted.
bool watch(ReplayRun& run, const ReplayRequest& request)
{
    ProgressLine line;
    ProblemReporter problems(request.what.topic);
    while (!run.wait(std::chrono::milliseconds(200))) {
        const ReplayProgress progress = run.progress();
        problems.report(combined(progress.drain.sources));
        line.show(writtenText(progress, request.dryRun) + ", " + drainText(progress.drain));
        if (interrupted()) {
            run.stop();
            return false;
        }
    }
    return true;
}

ExitCode tellEnd(const ReplayProgress& last, const ReplayRequest& request, const Result<void>& finished, bool toTheEnd)
{
    std::fprintf(stderr, "topic %s: %s, %s.\n", request.topic.c_str(), writtenText(last, request.dryRun).c_str(),
        request.dryRun ? paceText(last, request.speed).c_str()
            : toTheEnd ? "to the end"
                       : "interrupted by the user");
    if (last.unknown > 0)
        std::fprintf(stderr, "%s records could not be decoded for --where; they are among them.\n",
            grouped(last.unknown).c_str());
    if (!finished) {
        complain(finished.error().text()
            + (request.mark.empty() ? "" : " What was acknowledged stands in " + request.mark + "."));
        return ExitCode::Failed;
    }
    if (!toTheEnd && request.mark.empty())
        complain("Name a file with --resume to go on from where a replay stopped.");
    return toTheEnd ? tellMissing(request.what.topic, last.missing) : ExitCode::Incomplete;
}

ExitCode runReplay(Environment& environment, const ReplayOptions& options)
{
    const auto request = requestOf(options);
    if (!request)
        return refuse(request.error());
    auto target = targetOf(environment, options);
    if (!target) {
        complain(target.error().text());
        return target.error().kind == ErrorKind::Locked ? ExitCode::Usage : ExitCode::Failed;
    }
    const std::string clusterId = target->clusterId;
    const auto from = capture::openFolder({environment.options.capture, environment.budget, &environment.clock});
    auto started = ReplayRun::start(*from, std::move(*target), *request, environment.clock);
    if (!started)
        return refuse(started.error());
    const std::shared_ptr<ReplayRun> run(std::move(*started));
    environment.kept.push_back(run);
    const bool toTheEnd = watch(*run, *request);
    const Result<void> finished = run->finish();
    const ReplayProgress last = run->progress();
    if (environment.options.json)
        printJson(last, *request, clusterId, finished.ok() && toTheEnd);
    return tellEnd(last, *request, finished, toTheEnd);
}

} // namespace

void addReplay(CommandLine& line)
{
    const auto options = std::make_shared<ReplayOptions>();
    VerbOptions verb = line.addVerb("replay", "Write the records of a capture to a topic again",
        [options](Environment& environment) { return runReplay(environment, *options); });
    verb.required("topic", options->topic, "Topic of the capture");
    verb.requiredCapture("The capture, or a broker's own data folder, to read from");
    verb.requiredBrokers("Bootstrap servers of the cluster to write to");
    verb.text("--unlock-writing", options->unlocked,
        "Id of that cluster; it is compared with the live cluster's, and nothing is written without");
    verb.text("--to", options->to, "Topic to write to; it has to be there");
    verb.flag("--dry-run", options->dryRun, "Only tell what would be written");
    verb.text("--speed", options->speed, "original (by the records' timestamps), flat (out), or a factor: 10, 0.5");
    verb.text("--partitions", options->partitions, "keep, or by-key as Kafka's own clients choose them");
    verb.text("--timestamps", options->timestamps, "keep or now");
    verb.text("--resume", options->mark,
        "File that keeps how far it got, every second; where it is there, the replay goes on from it");
    addReadOptions(verb, options->read);
    verb.text("--where", options->where, "Only records for which this SQL holds");
    verb.json("What was written as a JSON object at the end");
    verb.memory();
}

} // namespace weir::cli
