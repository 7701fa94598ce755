// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo.h"

#include "app/demo/consumer_model.h"
#include "app/engine/pipeline/reaper.h"
#include "connectors/kafka/embedded_cluster.h"
#include "connectors/kafka/kafka_cluster.h"
#include "connectors/kafka/producer.h"
#include "connectors/kafka/write_unlocked.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace weir::demo {

using namespace std::chrono_literals;

namespace {

constexpr auto consumerStep = 500ms;
// What was missed during a longer standstill (a laptop that slept) is left out: no burst makes up for it.
constexpr EpochMs longestDelayMs = 2'000;
constexpr std::array<const char*, hopCount> services{"shop", "payment-service", "shipping-service"};

} // namespace

class Demo::State
{
public:
    State(const DemoOptions& options, std::unique_ptr<kafka::EmbeddedCluster> cluster)
        : m_options(options), m_cluster(std::move(cluster))
    { }
    ~State() { stop(); }

    Result<void> open();
    void run();
    void stop();
    const std::string& bootstrapServers() const { return m_cluster->bootstrapServers(); }
    DemoSummary summary() const;

private:
    kafka::KafkaSettings settings() const;
    void produceTraffic(const std::stop_token& stop);
    void produceOne(const PipelineEvent& event, bool history);
    void consume(const std::stop_token& stop);
    void commit(ConsumerModel& consumer, std::chrono::milliseconds sinceStart);
    Result<std::vector<std::int64_t>> endsOf(const ConsumerPlan& plan);
    void note(const Result<void>& result);
    /// False when it is time to stop.
    bool pause(const std::stop_token& stop, std::chrono::milliseconds time);

    const DemoOptions m_options;
    const std::unique_ptr<kafka::EmbeddedCluster> m_cluster;
    std::unique_ptr<kafka::Producer> m_producer; ///< of the traffic thread
    std::unique_ptr<kafka::Producer> m_committer; ///< of the consumers' thread
    std::shared_ptr<Cluster> m_view; ///< where the consumers look up the ends of partitions

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    DemoSummary m_summary;
    std::atomic<bool> m_historyWritten{false};
    std::jthread m_traffic;
    std::jthread m_consumers;
};

kafka::KafkaSettings Demo::State::settings() const
{
    kafka::KafkaSettings settings;
    settings.bootstrapServers = m_cluster->bootstrapServers();
    settings.clock = m_options.clock;
    return settings;
}

Result<void> Demo::State::open()
{
    kafka::KafkaSettings writing = settings();
    writing.properties = {{"compression.codec", "lz4"}, {"linger.ms", "5"}};
    const Result<kafka::WriteUnlocked> proof = kafka::unlockWriting(settings(), m_cluster->clusterId());
    if (!proof)
        return proof.error();
    auto producer = kafka::Producer::open(*proof, writing);
    if (!producer)
        return producer.error();
    auto committer = kafka::Producer::open(*proof, settings());
    if (!committer)
        return committer.error();
    auto view = kafka::openCluster(settings());
    if (!view)
        return view.error();
    m_producer = std::move(*producer);
    m_committer = std::move(*committer);
    m_view = std::move(*view);
    return {};
}

void Demo::State::run()
{
    m_traffic = std::jthread([this](const std::stop_token& stop) { produceTraffic(stop); });
    m_consumers = std::jthread([this](const std::stop_token& stop) { consume(stop); });
}

void Demo::State::stop()
{
    m_traffic.request_stop();
    m_consumers.request_stop();
}

DemoSummary Demo::State::summary() const
{
    const std::scoped_lock lock(m_mutex);
    return m_summary;
}

void Demo::State::note(const Result<void>& result)
{
    if (result)
        return;
    const std::scoped_lock lock(m_mutex);
    m_summary.failure = result.error();
}

bool Demo::State::pause(const std::stop_token& stop, std::chrono::milliseconds time)
{
    std::unique_lock lock(m_mutex);
    m_wake.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

void Demo::State::produceTraffic(const std::stop_token& stop)
{
    const EpochMs opened = m_options.clock->wallMs();
    PipelineOptions options;
    options.recordsPerSecond = std::min(m_options.recordsPerSecond, maxRecordsPerSecond);
    options.seed = m_options.seed;
    options.start = opened - m_options.history.count();
    OrderPipeline pipeline(options);
    while (!stop.stop_requested() && pipeline.nextAt() <= opened)
        produceOne(pipeline.next(), true);
    note(m_producer->flush(5s));
    m_historyWritten = true;
    do {
        const EpochMs now = m_options.clock->wallMs();
        while (pipeline.nextAt() < now - longestDelayMs)
            pipeline.next();
        while (!stop.stop_requested() && pipeline.nextAt() <= now)
            produceOne(pipeline.next(), false);
        const auto wait = std::chrono::milliseconds(pipeline.nextAt() - m_options.clock->wallMs());
        pause(stop, std::clamp<std::chrono::milliseconds>(wait, 1ms, 50ms));
    } while (!stop.stop_requested());
    note(m_producer->flush(1s));
}

void Demo::State::produceOne(const PipelineEvent& event, bool history)
{
    const auto hop = static_cast<std::size_t>(event.hop);
    kafka::OutgoingRecord record;
    record.timestamp = event.createdAt;
    record.key = event.key;
    record.value = event.value;
    record.headers = {{"traceparent", event.traceparent}, {"service", services[hop]}};
    const Result<void> produced = m_producer->produce(std::string(topicPlans[hop].name), record);
    note(produced);
    const std::scoped_lock lock(m_mutex);
    ++m_summary.records[hop];
    m_summary.history += history ? 1 : 0;
    m_summary.malformed += event.malformed ? 1 : 0;
    m_summary.late += event.late ? 1 : 0;
}

void Demo::State::consume(const std::stop_token& stop)
{
    while (!m_historyWritten) {
        if (!pause(stop, 10ms))
            return;
    }
    std::vector<ConsumerModel> consumers;
    for (const ConsumerPlan& plan : demoConsumers(m_options.consumerTimeScale))
        consumers.emplace_back(plan, m_options.seed + consumers.size() + 1);
    const auto begin = m_options.clock->steady();
    do {
        const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(m_options.clock->steady() - begin);
        for (ConsumerModel& consumer : consumers) {
            if (!stop.stop_requested())
                commit(consumer, since);
        }
    } while (pause(stop, consumerStep));
}

void Demo::State::commit(ConsumerModel& consumer, std::chrono::milliseconds sinceStart)
{
    const Result<std::vector<std::int64_t>> ends = endsOf(consumer.plan());
    if (!ends)
        return note(ends.error());
    const std::vector<std::int64_t> offsets = consumer.step(sinceStart, *ends);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const TopicPartition partition{consumer.plan().topic, PartitionId{static_cast<std::int32_t>(i)}};
        const Result<void> committed = m_committer->commitOffset(consumer.plan().group, partition, offsets[i]);
        note(committed);
        const std::scoped_lock lock(m_mutex);
        m_summary.commits += committed ? 1 : 0;
    }
}

Result<std::vector<std::int64_t>> Demo::State::endsOf(const ConsumerPlan& plan)
{
    std::vector<TopicPartition> partitions;
    for (std::size_t i = 0; i < plan.partitions; ++i)
        partitions.push_back({plan.topic, PartitionId{static_cast<std::int32_t>(i)}});
    const Result<std::vector<Watermarks>> told = m_view->watermarks(partitions);
    if (!told)
        return told.error();
    std::vector<std::int64_t> ends;
    for (const Watermarks& one : *told) {
        if (one.error)
            return *one.error;
        ends.push_back(one.high);
    }
    return ends;
}

Result<std::unique_ptr<Demo>> Demo::start(const DemoOptions& options)
{
    std::map<std::string, int> topics;
    for (const TopicPlan& plan : topicPlans)
        topics[std::string(plan.name)] = plan.partitions;
    auto cluster = kafka::EmbeddedCluster::start(topics);
    if (!cluster)
        return cluster.error();
    auto state = std::make_shared<State>(options, std::move(*cluster));
    const Result<void> opened = state->open();
    if (!opened)
        return opened.error();
    state->run();
    return std::unique_ptr<Demo>(new Demo(std::move(state)));
}

Demo::Demo(std::shared_ptr<State> state) : m_state(std::move(state)) { }

Demo::~Demo()
{
    m_state->stop();
    Reaper::instance().take(std::move(m_state));
}

const std::string& Demo::bootstrapServers() const
{
    return m_state->bootstrapServers();
}

std::vector<std::string> Demo::groupNames()
{
    std::vector<std::string> names;
    for (const ConsumerPlan& plan : demoConsumers())
        names.push_back(plan.group);
    return names;
}

DemoSummary Demo::summary() const
{
    return m_state->summary();
}

void Demo::stop()
{
    m_state->stop();
}

} // namespace weir::demo
