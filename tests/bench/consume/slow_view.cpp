// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a topic as a topic view does, rows kept within the budget, with workers that are slowed to a given rate: what
// comes in faster than it is looked at must wait in the broker, not in memory.
//
//   bench_slow_view BOOTSTRAP TOPIC MEMORY_MIB RECORDS_PER_SECOND
//
// Prints {"records":…,"seconds":…}; whoever starts it watches its memory.

#include "app/engine/pipeline/record_ring.h"
#include "app/engine/pipeline/topic_feed.h"
#include "connectors/kafka/kafka_cluster.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

using SteadyClock = std::chrono::steady_clock;

/// Holds the threads that ask it back so that all of them together take `rate` records a second.
class Brake
{
public:
    explicit Brake(double rate) : m_rate(rate) { }

    void take(std::size_t records)
    {
        const double due = static_cast<double>(m_taken += records) / m_rate;
        std::this_thread::sleep_until(
            m_start + std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(due)));
    }

private:
    const double m_rate;
    const SteadyClock::time_point m_start = SteadyClock::now();
    std::atomic<std::uint64_t> m_taken{0};
};

int fail(const weir::Error& error)
{
    std::fprintf(stderr, "%s\n", error.text().c_str());
    return 1;
}

int readAll(weir::Cluster& cluster, const std::shared_ptr<weir::MemoryBudget>& budget, const char* topic, double rate)
{
    weir::ReadRequest request;
    request.topic = topic;
    request.start = weir::FromBeginning{};
    request.stop = weir::UntilEnd{};
    auto sources = cluster.open(request);
    if (!sources)
        return fail(sources.error());
    Brake brake(rate);
    const auto start = SteadyClock::now();
    auto rows = std::make_shared<weir::RecordRing>(budget->limit() / 4, budget);
    weir::TopicFeed feed(std::move(*sources), rows, budget, weir::SystemClock::instance(), {});
    feed.setBatchObserver([&brake](const weir::RecordBatchPtr& batch) { brake.take(batch->size()); });
    feed.start();
    while (!feed.snapshot()->ended && !feed.snapshot()->failure)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    feed.stop();
    if (const auto& failure = feed.snapshot()->failure)
        return fail(*failure);
    std::printf("{\"records\":%llu,\"seconds\":%.3f}\n", static_cast<unsigned long long>(feed.snapshot()->records),
        std::chrono::duration<double>(SteadyClock::now() - start).count());
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 5) {
        std::fprintf(stderr, "usage: %s BOOTSTRAP TOPIC MEMORY_MIB RECORDS_PER_SECOND\n", argv[0]);
        return 2;
    }
    weir::kafka::KafkaSettings settings;
    settings.bootstrapServers = argv[1];
    settings.budget = std::make_shared<weir::MemoryBudget>(std::strtoull(argv[3], nullptr, 10) << 20);
    const auto cluster = weir::kafka::openCluster(settings);
    if (!cluster)
        return fail(cluster.error());
    return readAll(**cluster, settings.budget, argv[2], std::strtod(argv[4], nullptr));
}
