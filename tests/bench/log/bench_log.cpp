// SPDX-License-Identifier: GPL-3.0-or-later
// The record log against bare loops over the same bytes, in alternating runs: appending against write(), scanning
// against a checksum loop, and how long a large capture takes to its first screen.
//   bench_log FOLDER [--mib N] [--runs N] [--codec NAME] [--open-gib N]
#include "connectors/capture/capture_writer.h"
#include "connectors/capture/crc32c.h"
#include "connectors/capture/folder_cluster.h"
#include "connectors/capture/read_file.h"
#include "tests/bench/log/log_events.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <numeric>

namespace fs = std::filesystem;
using namespace weir;
using namespace weir::capture;
using namespace weir::bench;

namespace {

struct Options
{
    std::string folder;
    std::size_t mib = 2048;
    int runs = 5;
    Codec codec = Codec::None;
    std::size_t openGib = 0;
};

/// Batches that repeat with other offsets would need building anew: so all are made before the clock runs, and reused
/// in a fresh capture each time.
struct Appended
{
    double seconds = 0;
    std::uint64_t bytes = 0;
    std::uint64_t records = 0;
};

Appended appendOurs(const Options& options, const std::string& folder, const std::vector<RecordBatchPtr>& batches)
{
    fs::remove_all(folder);
    CaptureSettings settings;
    settings.codec = options.codec;
    const Time begin = std::chrono::steady_clock::now();
    Time synced = begin;
    auto writer = CaptureWriter::create(folder, aboutEvents(), settings, SystemClock::instance());
    bool good = writer.ok();
    for (std::size_t i = 0; good && i < batches.size(); ++i) {
        good = (*writer)->append(*batches[i], std::nullopt).ok();
        if (std::chrono::steady_clock::now() - synced > std::chrono::seconds(1)) {
            good = good && (*writer)->sync().ok();
            synced = std::chrono::steady_clock::now();
        }
    }
    good = good && (*writer)->finish("bench").ok();
    const double seconds = secondsSince(begin);
    if (!good)
        throw std::runtime_error("appending failed");
    return {seconds, (*writer)->counters().bytes, (*writer)->counters().records};
}

/// The same bytes by write(2), in the same pieces, synced as often.
double appendBare(const Options& options, const std::vector<ByteBuffer>& chunks)
{
    const std::string path = options.folder + "/bare";
    fs::remove(path);
    const Time begin = std::chrono::steady_clock::now();
    Time synced = begin;
    auto file = Storage::disk().create(path);
    bool good = file.ok();
    for (std::size_t i = 0; good && i < chunks.size(); ++i) {
        good = (*file)->append(chunks[i].bytes()).ok();
        if (std::chrono::steady_clock::now() - synced > std::chrono::seconds(1)) {
            good = good && (*file)->sync().ok();
            synced = std::chrono::steady_clock::now();
        }
    }
    good = good && (*file)->sync().ok();
    const double seconds = secondsSince(begin);
    if (!good)
        throw std::runtime_error("the bare write failed");
    fs::remove(path);
    return seconds;
}

std::vector<ByteBuffer> encoded(const Options& options, const std::vector<RecordBatchPtr>& batches)
{
    std::vector<ByteBuffer> chunks;
    BatchEncoder encoder(options.codec);
    std::vector<std::uint32_t> rows(batchRecords);
    std::iota(rows.begin(), rows.end(), 0U);
    for (const RecordBatchPtr& batch : batches) {
        if (!encoder.encode(*batch, rows, chunks.emplace_back()))
            throw std::runtime_error("encoding failed");
    }
    return chunks;
}

struct Scanned
{
    double seconds = 0;
    std::uint64_t bytes = 0; ///< of keys and values
    std::uint64_t records = 0;
};

Scanned scanOurs(const std::string& folder)
{
    const Time begin = std::chrono::steady_clock::now();
    Scanned scanned;
    auto cluster = openFolder({folder, nullptr, &SystemClock::instance()});
    ReadRequest request;
    request.topic = "events";
    request.start = FromBeginning{};
    request.stop = UntilEnd{};
    auto sources = cluster->open(request);
    Source& source = *sources->front();
    while (!source.state().ended) {
        const auto batches = source.poll(std::chrono::milliseconds(1));
        for (const RecordBatchPtr& batch : *batches) {
            scanned.records += batch->size();
            scanned.bytes += batch->payloadBytes();
        }
    }
    scanned.seconds = secondsSince(begin);
    return scanned;
}

std::vector<std::string> segmentsOf(const std::string& folder)
{
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".log" && entry.path().filename() != "arrivals.log")
            files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Reads and checksums all bytes, and that is all.
double scanBare(const std::string& folder, std::uint64_t& bytes)
{
    constexpr std::size_t piece = std::size_t{1} << 20;
    std::vector<char> buffer(piece);
    const Time begin = std::chrono::steady_clock::now();
    std::uint32_t sum = 0;
    bytes = 0;
    for (const std::string& path : segmentsOf(folder)) {
        const auto file = ReadFile::open(path);
        for (std::size_t at = 0;;) {
            const auto count = (*file)->read(buffer.data(), piece, at);
            if (!count || *count == 0)
                break;
            sum = crc32c({buffer.data(), *count}, sum);
            at += *count;
            bytes += *count;
        }
    }
    const double seconds = secondsSince(begin);
    return sum == 1 ? seconds + 1e-9 : seconds; // the sum is looked at
}

nlohmann::ordered_json appendReport(const Options& options, const std::vector<RecordBatchPtr>& batches)
{
    const std::vector<ByteBuffer> chunks = encoded(options, batches);
    std::vector<double> ratios;
    double best = 0;
    double share = 0;
    std::uint64_t bytes = 0;
    for (int run = 0; run < options.runs; ++run) {
        const double bare = appendBare(options, chunks);
        const ForeignShare foreign;
        const Appended ours = appendOurs(options, options.folder + "/ours", batches);
        const double rate = static_cast<double>(ours.records) / ours.seconds;
        if (rate > best)
            share = foreign.percent();
        best = std::max(best, rate);
        bytes = ours.bytes;
        ratios.push_back(bare / ours.seconds);
    }
    return {{"what", "append of 200-byte records, codec " + std::string(codecName(options.codec))},
        {"records_per_second", best},
        {"mib_per_second",
            best * static_cast<double>(bytes) / static_cast<double>(batches.size() * batchRecords) / (1 << 20)},
        {"to_bare_write", median(ratios)}, {"foreign_cpu_percent", share},
        {"bars", {{"records_per_second", 2e6}, {"to_bare_write", 0.5}}}};
}

nlohmann::ordered_json scanReport(const Options& options, const std::string& folder, const std::string& what)
{
    std::vector<double> ratios;
    double best = 0;
    double bestRate = 0;
    double bareBest = 0;
    for (int run = 0; run <= options.runs; ++run) {
        std::uint64_t bytes = 0;
        const double bare = scanBare(folder, bytes);
        const Scanned ours = scanOurs(folder);
        if (run == 0)
            continue; // fills the cache
        ratios.push_back(bare / ours.seconds);
        best = std::max(best, static_cast<double>(bytes) / ours.seconds / (1 << 30));
        bareBest = std::max(bareBest, static_cast<double>(bytes) / bare / (1 << 30));
        bestRate = std::max(bestRate, static_cast<double>(ours.records) / ours.seconds);
    }
    return {{"what", what}, {"gib_per_second", best}, {"records_per_second", bestRate},
        {"bare_gib_per_second", bareBest}, {"to_bare_checksum", median(ratios)},
        {"bars", {{"gib_per_second", 2.0}, {"or_to_bare_checksum", 0.5}}}};
}

/// As a topic comes in that is not busy: each batch with a time of receipt of its own.
nlohmann::ordered_json smallBatchesReport(const Options& options)
{
    constexpr std::size_t few = 10;
    const std::string folder = options.folder + "/small";
    appendOurs(options, folder, makeBatches((options.mib << 20) / (few * 210) / 8, few));
    return scanReport(options, folder, "the same, in batches of 10 records that came one by one");
}

nlohmann::ordered_json openReport(const Options& options, const std::vector<RecordBatchPtr>& batches)
{
    const std::string folder = options.folder + "/large";
    fs::remove_all(folder);
    CaptureSettings settings;
    auto writer = CaptureWriter::create(folder, aboutEvents(), settings, SystemClock::instance());
    const std::uint64_t wanted = static_cast<std::uint64_t>(options.openGib) << 30;
    BatchEncoder encoder(Codec::None);
    std::vector<std::uint32_t> rows(batchRecords);
    std::iota(rows.begin(), rows.end(), 0U);
    // The same records over and over, with offsets that go on.
    std::int64_t shift = 0;
    for (std::size_t i = 0; (*writer)->counters().bytes < wanted; ++i) {
        const RecordBatch& batch = *batches[i % batches.size()];
        ByteBuffer bytes;
        BatchHeader header = *encoder.encode(batch, rows, bytes);
        header.baseOffset = shift;
        shift = header.endOffset();
        storeHeader(header, bytes.data());
        if (!(*writer)->appendRaw(
                {"events", {0}}, {bytes.bytes(), 1'700'000'000'000 + shift, GapReason::NotTold, nullptr}))
            throw std::runtime_error("writing the large capture failed");
    }
    if (!(*writer)->finish("bench"))
        throw std::runtime_error("ending the large capture failed");
    std::vector<double> firsts;
    std::vector<double> lasts;
    for (int run = 0; run < options.runs; ++run) {
        for (const bool fromEnd : {false, true}) {
            const Time begin = std::chrono::steady_clock::now();
            auto cluster = openFolder({folder, nullptr, &SystemClock::instance()});
            ReadRequest request;
            request.topic = "events";
            request.start = FromBeginning{};
            if (fromEnd)
                request.start = FromLast{1000};
            auto sources = cluster->open(request);
            const auto first = sources->front()->poll(std::chrono::milliseconds(1));
            if (first->empty() || first->front()->empty())
                throw std::runtime_error("the large capture gave nothing");
            (fromEnd ? lasts : firsts).push_back(secondsSince(begin));
        }
    }
    fs::remove_all(folder);
    return {{"what", "from nothing to the first batch of a capture of " + std::to_string(options.openGib) + " GiB"},
        {"seconds_from_beginning", median(firsts)}, {"seconds_from_end", median(lasts)}, {"bars", {{"seconds", 1.0}}}};
}

Options parse(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto next = [&] { return i + 1 < argc ? std::string(argv[++i]) : std::string("0"); };
        if (word == "--mib")
            options.mib = std::stoul(next());
        else if (word == "--runs")
            options.runs = std::stoi(next());
        else if (word == "--codec")
            options.codec = codecOf(next()).value_or(Codec::None);
        else if (word == "--open-gib")
            options.openGib = std::stoul(next());
        else
            options.folder = word;
    }
    return options;
}

} // namespace

int main(int argc, char** argv)
{
    const Options options = parse(argc, argv);
    if (options.folder.empty()) {
        std::fprintf(stderr, "bench_log FOLDER [--mib N] [--runs N] [--codec NAME] [--open-gib N]\n");
        return 2;
    }
    fs::create_directories(options.folder);
    const auto batches = makeBatches((options.mib << 20) / (batchRecords * 210));
    nlohmann::ordered_json report = nlohmann::ordered_json::array();
    report.push_back(appendReport(options, batches));
    report.push_back(
        scanReport(options, options.folder + "/ours", "sequential scan of cached segments, records as batches"));
    report.push_back(smallBatchesReport(options));
    if (options.openGib > 0)
        report.push_back(openReport(options, batches));
    std::cout << report.dump(1) << '\n';
    fs::remove_all(options.folder);
    return 0;
}
