// SPDX-License-Identifier: GPL-3.0-or-later
// Export of a capture of 200-byte events in every format, as whole records and as columns, beside reading the same
// capture alone.
//   bench_export FOLDER [--mib N] [--runs N]
#include "app/session/export_run.h"
#include "connectors/capture/capture_writer.h"
#include "connectors/capture/folder_cluster.h"
#include "tests/bench/log/log_events.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>
#include <iostream>

namespace fs = std::filesystem;
using namespace weir;
using namespace weir::bench;

namespace {

struct Options
{
    std::string folder;
    std::size_t mib = 512;
    int runs = 5;
};

struct Spent
{
    double seconds = 0;
    double cpuSeconds = 0; ///< of this process, all threads
    std::uint64_t records = 0;
};

void makeCapture(const std::string& folder, std::size_t batches)
{
    auto writer = capture::CaptureWriter::create(folder, aboutEvents(), {}, SystemClock::instance());
    bool good = writer.ok();
    for (const RecordBatchPtr& batch : makeBatches(batches))
        good = good && (*writer)->append(*batch, std::nullopt).ok();
    if (!good || !(*writer)->finish("bench"))
        throw std::runtime_error("the capture could not be made");
}

ReadRequest allEvents()
{
    ReadRequest request;
    request.topic = "events";
    request.start = FromBeginning{};
    request.stop = UntilEnd{};
    return request;
}

template <typename Work>
Spent spent(Work work)
{
    const Time begin = std::chrono::steady_clock::now();
    const CpuTimes before = CpuTimes::now();
    Spent spent;
    spent.records = work();
    spent.seconds = secondsSince(begin);
    spent.cpuSeconds = (CpuTimes::now().own - before.own) / 100;
    return spent;
}

Spent readAlone(const std::string& folder)
{
    return spent([&] {
        std::uint64_t records = 0;
        auto cluster = capture::openFolder({folder, nullptr, &SystemClock::instance()});
        auto sources = cluster->open(allEvents());
        Source& source = *sources->front();
        while (!source.state().ended) {
            const auto polled = source.poll(std::chrono::milliseconds(1));
            for (const RecordBatchPtr& batch : *polled)
                records += batch->size();
        }
        return records;
    });
}

Spent exported(const std::string& folder, const ExportRequest& request)
{
    return spent([&] {
        auto cluster = capture::openFolder({folder, nullptr, &SystemClock::instance()});
        auto run = ExportRun::start(*cluster, request, SystemClock::instance());
        if (!run)
            throw std::runtime_error(run.error().text());
        while (!(*run)->wait(std::chrono::seconds(1))) { }
        if (auto finished = (*run)->finish(); !finished)
            throw std::runtime_error(finished.error().text());
        return (*run)->progress().counters.cells.rows;
    });
}

nlohmann::ordered_json report(const Options& options, const std::string& folder, exporter::Format format, bool fields)
{
    ExportRequest request;
    request.topics = {allEvents()};
    request.fields = fields;
    request.settings.format = format;
    request.settings.path = options.folder + "/export";
    request.settings.existing = exporter::Existing::Replace;
    std::vector<double> ratios;
    double best = 0;
    double bestPerCore = 0;
    double share = 0;
    for (int run = 0; run < options.runs; ++run) {
        const Spent bare = readAlone(folder);
        const ForeignShare foreign;
        const Spent ours = exported(folder, request);
        const double rate = static_cast<double>(ours.records) / ours.seconds;
        if (rate > best)
            share = foreign.percent();
        best = std::max(best, rate);
        bestPerCore = std::max(bestPerCore, static_cast<double>(ours.records) / ours.cpuSeconds);
        ratios.push_back(bare.cpuSeconds / ours.cpuSeconds);
    }
    nlohmann::ordered_json row{
        {"what", std::string(exporter::formatName(format)) + (fields ? ", fields" : ", records")},
        {"records_per_second", best}, {"records_per_cpu_second", bestPerCore}, {"to_reading_alone", median(ratios)},
        {"foreign_cpu_percent", share}};
    if (format == exporter::Format::JsonLines || format == exporter::Format::Csv)
        row["bars"] = {{"records_per_cpu_second", 1e6}};
    return row;
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
        else
            options.folder = word;
    }
    return options;
}

} // namespace

int main(int argc, char** argv)
{
    using exporter::Format;
    const Options options = parse(argc, argv);
    if (options.folder.empty()) {
        std::fprintf(stderr, "bench_export FOLDER [--mib N] [--runs N]\n");
        return 2;
    }
    const std::string folder = options.folder + "/capture";
    fs::remove_all(options.folder);
    fs::create_directories(options.folder);
    makeCapture(folder, (options.mib << 20) / (batchRecords * 210));
    nlohmann::ordered_json reports = nlohmann::ordered_json::array();
    for (const Format format : {Format::JsonLines, Format::Csv, Format::Sqlite, Format::Avro, Format::Raw}) {
        reports.push_back(report(options, folder, format, false));
        if (format != Format::Raw)
            reports.push_back(report(options, folder, format, true));
    }
    std::cout << reports.dump(1) << '\n';
    fs::remove_all(options.folder);
    return 0;
}
