// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/cli/read_options.h"
#include "app/session/byte_size.h"
#include "app/session/capture_run.h"
#include "app/session/ring_size.h"

#include <cstdio>
#include <sys/resource.h>

namespace weir::cli {

namespace {

struct CaptureOptions
{
    std::vector<std::string> topics;
    std::string folder;
    ReadOptions read{"end", "never", {}, false};
    std::string where;
    std::string codec = "none";
    std::string maxBytes = "none";
    std::string ring = "none";
    std::string segment = "128MiB";
};

constexpr std::size_t leastSize = std::size_t{1} << 16;
constexpr std::uint64_t largestSegment = std::uint64_t{1} << 30;

/// "none" is nothing.
Result<std::uint64_t> bytesOf(const std::string& text, const char* option)
{
    if (text == "none")
        return std::uint64_t{0};
    const auto bytes = parseByteSize(text, leastSize);
    if (!bytes)
        return Error{ErrorKind::InvalidInput, bytes.error().message, option};
    return static_cast<std::uint64_t>(*bytes);
}

Result<void> readSizes(const CaptureOptions& options, CaptureRequest& request)
{
    const auto codec = capture::codecOf(options.codec);
    if (!codec)
        return Error{ErrorKind::InvalidInput,
            "'" + options.codec + "' is no codec. Give none, gzip, snappy, lz4 or zstd.", "--codec"};
    const auto most = bytesOf(options.maxBytes, "--max-bytes");
    if (!most)
        return most.error();
    const auto segment = bytesOf(options.segment, "--segment");
    if (!segment)
        return segment.error();
    if (*segment == 0 || *segment > largestSegment)
        return Error{ErrorKind::InvalidInput, "give between 64KiB and 1GiB.", "--segment"};
    request.settings.codec = *codec;
    request.settings.segments.bytes = static_cast<std::size_t>(*segment);
    if (options.ring != "none") {
        const auto ring = parseRing(options.ring);
        if (!ring)
            return Error{ErrorKind::InvalidInput, ring.error().message, "--ring"};
        request.settings.setRing(ring->bytes, ring->age);
    }
    request.maxBytes = *most;
    return {};
}

Result<CaptureRequest> requestOf(const CaptureOptions& options)
{
    CaptureRequest request;
    request.folder = options.folder;
    request.where = options.where;
    request.program = std::string("weir-cli ") + WEIR_VERSION;
    if (auto sizes = readSizes(options, request); !sizes)
        return sizes.error();
    auto topics = requestsOf(options.read, options.topics);
    if (!topics)
        return topics.error();
    request.topics = std::move(*topics);
    request.told = {{"from", options.read.from}, {"until", options.read.until}, {"codec", options.codec}};
    if (!options.where.empty())
        request.told["where"] = options.where;
    if (options.ring != "none")
        request.told["ring"] = options.ring;
    if (options.maxBytes != "none")
        request.told["maxBytes"] = options.maxBytes;
    return request;
}

std::string storedText(const CaptureProgress& progress)
{
    std::string text = grouped(progress.counters.records) + " records stored, " + byteSizeText(progress.counters.bytes);
    if (progress.counters.filtered > 0)
        text += ", " + grouped(progress.counters.filtered) + " filtered";
    if (progress.missing > 0)
        text += ", " + grouped(progress.missing) + " missing";
    if (progress.counters.evicted > 0)
        text += ", " + byteSizeText(progress.counters.evicted) + " left the ring";
    return text;
}

std::string progressText(const CaptureProgress& progress)
{
    return storedText(progress) + ", " + drainText(progress.drain);
}

void printJson(const CaptureProgress& progress, const std::string& folder, const std::string& reason)
{
    const std::string text = "{\"folder\":" + jsonString(folder) + ",\"records\":"
        + std::to_string(progress.counters.records) + ",\"bytes\":" + std::to_string(progress.counters.bytes)
        + ",\"filtered\":" + std::to_string(progress.counters.filtered) + ",\"undecodable\":"
        + std::to_string(progress.undecodable) + ",\"missing\":" + std::to_string(progress.missing)
        + ",\"evictedBytes\":" + std::to_string(progress.counters.evicted) + ",\"stopReason\":" + jsonString(reason)
        + "}";
    DataWriter out;
    out.line(text);
    out.finish(ExitCode::Done);
}

/// Waits until the capture is over, and returns why it is.
std::string watch(CaptureRun& run, const std::vector<std::string>& topics)
{
    ProgressLine line;
    ProblemReporter problems(topicsText(topics));
    for (bool over = false; !over;) {
        over = run.wait(std::chrono::milliseconds(200));
        const CaptureProgress progress = run.progress();
        problems.report(combined(progress.drain.sources));
        line.show(progressText(progress));
        if (interrupted()) {
            run.stop();
            while (!run.wait(std::chrono::milliseconds(200))) { }
            return "interrupted by the user";
        }
    }
    const CaptureProgress last = run.progress();
    return last.drain.failure ? last.drain.failure->text()
        : last.full           ? "--max-bytes was reached"
                              : "the end was reached";
}

ExitCode tellEnd(const CaptureProgress& last, const std::string& folder, const std::string& reason, bool json)
{
    if (json)
        printJson(last, folder, reason);
    std::fprintf(stderr, "%s: %s; %s.\n", folder.c_str(), storedText(last).c_str(), reason.c_str());
    if (last.undecodable > 0)
        std::fprintf(
            stderr, "%s records could not be decoded for --where; they are kept.\n", grouped(last.undecodable).c_str());
    if (last.drain.failure) {
        complain(last.drain.failure->text() + " The capture in " + folder + " is complete up to there.");
        return ExitCode::Failed;
    }
    if (last.missing > 0) {
        complain("Incomplete: " + grouped(last.missing) + " of the offsets asked for are not there; the ledger in "
            + folder + "/capture.json says which and why.");
        return ExitCode::Incomplete;
    }
    return ExitCode::Done;
}

/// A file is open for every partition.
void raiseFileLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

ExitCode runCapture(Environment& environment, const CaptureOptions& options)
{
    const auto request = requestOf(options);
    if (!request)
        return refuse(request.error());
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    raiseFileLimit();
    auto run = CaptureRun::start(cluster, *request, environment.clock);
    if (!run)
        return refuse(run.error());
    const std::shared_ptr<CaptureRun> kept(std::move(*run));
    environment.kept.push_back(kept);
    const std::string reason = watch(*kept, options.topics);
    const Result<void> finished = kept->finish(reason);
    const ExitCode code = tellEnd(kept->progress(), options.folder, reason, environment.options.json);
    if (finished)
        return code;
    complain("The capture could not be ended in order: " + finished.error().text()
        + " weir-cli recover saves what is in " + options.folder + ".");
    return ExitCode::Failed;
}

} // namespace

void addCapture(CommandLine& line)
{
    const auto options = std::make_shared<CaptureOptions>();
    VerbOptions verb = line.addVerb("capture", "Write topics to a folder of Kafka log segments, losslessly",
        [options](Environment& environment) { return runCapture(environment, *options); });
    verb.connection("What was captured as a JSON object at the end");
    verb.memory();
    verb.requiredTexts("topics", options->topics, "Topics to capture");
    verb.required("-o,--output", options->folder, "Folder for the capture; it must not exist, or be empty");
    addReadOptions(verb, options->read);
    verb.text("--where", options->where,
        "Keep only records for which this SQL holds: over the fields of JSON values, topic, partition, offset, "
        "timestamp, key and headers");
    verb.text("--codec", options->codec, "Compression: none, gzip, snappy, lz4 or zstd");
    verb.text("--max-bytes", options->maxBytes, "Stop when the capture has so many bytes, such as 10GiB");
    verb.text("--ring", options->ring,
        "Keep only about so many newest bytes, such as 2GiB, or what came within 30min; older segments leave");
    verb.text("--segment", options->segment, "Size at which a new segment begins");
}

} // namespace weir::cli
