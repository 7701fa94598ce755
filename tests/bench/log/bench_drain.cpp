// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a topic to its end: into a capture, or into nothing at all. log.py runs both in turn.
//   bench_drain BROKERS TOPIC [FOLDER]
#include "app/session/capture_run.h"
#include "connectors/kafka/kafka_cluster.h"

#include <cstdio>
#include <iostream>

using namespace weir;

namespace {

constexpr std::size_t budgetBytes = std::size_t{1} << 30;

int failed(const Error& error)
{
    std::fprintf(stderr, "%s\n", error.text().c_str());
    return 1;
}

ReadRequest wholeTopic(const std::string& topic)
{
    ReadRequest request;
    request.topic = topic;
    request.start = FromBeginning{};
    request.stop = UntilEnd{};
    return request;
}

void tell(const DrainSnapshot& drain)
{
    std::cout << "{\"records\":" << drain.records << ",\"bytes\":" << drain.bytes << "}" << std::endl;
}

int readIntoNothing(Cluster& cluster, const std::string& topic)
{
    auto sources = cluster.open(wholeTopic(topic));
    if (!sources)
        return failed(sources.error());
    DrainTarget nothing{
        [](std::size_t, const RecordBatchPtr&) { return Result<void>(); }, [] { return Result<void>(); }};
    SourceDrain drain(std::move(*sources), std::move(nothing), SystemClock::instance());
    drain.start();
    while (!drain.wait(std::chrono::seconds(1))) { }
    const DrainSnapshot last = drain.snapshot();
    tell(last);
    return last.failure ? failed(*last.failure) : 0;
}

int readIntoLog(const std::shared_ptr<Cluster>& cluster, const std::string& topic, const std::string& folder)
{
    CaptureRequest request;
    request.topics = {wholeTopic(topic)};
    request.folder = folder;
    auto run = CaptureRun::start(cluster, request, SystemClock::instance());
    if (!run)
        return failed(run.error());
    while (!(*run)->wait(std::chrono::seconds(1))) { }
    const DrainSnapshot last = (*run)->progress().drain;
    if (auto finished = (*run)->finish("read"); !finished)
        return failed(finished.error());
    tell(last);
    return last.failure ? failed(*last.failure) : 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "bench_drain BROKERS TOPIC [FOLDER]\n");
        return 2;
    }
    kafka::KafkaSettings settings;
    settings.bootstrapServers = argv[1];
    settings.budget = std::make_shared<MemoryBudget>(budgetBytes);
    auto cluster = kafka::openCluster(settings);
    if (!cluster)
        return failed(cluster.error());
    const int code = argc > 3 ? readIntoLog(*cluster, argv[2], argv[3]) : readIntoNothing(**cluster, argv[2]);
    std::fflush(nullptr);
    _exit(code); // a client takes its time to close, and that is not measured
}
