// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/topic_feed.h"

#include "app/engine/pipeline/reaper.h"
#include "app/engine/pipeline/record_ring.h"
#include "app/engine/pipeline/topic_feed_metrics.h"

#include <atomic>
#include <shared_mutex>
#include <thread>

namespace weir {

using namespace std::chrono_literals;

namespace {

// Longer polls would show in the latency: receive time is read once per poll.
constexpr auto pollTimeout = 50ms;
constexpr auto publishInterval = 100ms;
constexpr std::int64_t finestBinMs = 100;
// From 100 ms to 58 h per bin: half a century of a topic's history fits into the coarsest level.
constexpr int arrivalLevels = 8;

bool sameView(const SourceState& a, const SourceState& b)
{
    return a.connection == b.connection && a.throttle == b.throttle && a.ended == b.ended && a.problems == b.problems
        && a.partitions == b.partitions;
}

} // namespace

class TopicFeed::State
{
public:
    State(std::vector<std::unique_ptr<Source>> sources, std::shared_ptr<MemoryBudget> budget, const Clock& clock,
        TopicFeedOptions options);
    ~State();

    void start();
    void stop();
    std::shared_ptr<const TopicFeedSnapshot> snapshot() const;
    std::shared_ptr<const RowStore> rows() const { return m_ring; }
    void setBatchObserver(std::function<void(const RecordBatchPtr&)> observer) { m_observer = std::move(observer); }

private:
    void read(Source& source);
    /// False when the source has nothing more to give.
    bool takeIn(
        Result<std::vector<RecordBatchPtr>> polled, const HistoryBorder& border, std::vector<LatencySample>& scratch);
    void takeIn(const RecordBatchPtr& batch, const HistoryBorder& border, std::vector<LatencySample>& scratch);
    void publishIfDue();
    void publish(std::chrono::steady_clock::time_point now);
    TopicFeedSnapshot collect(std::chrono::steady_clock::time_point now);

    const std::shared_ptr<MemoryBudget> m_budget;
    const Clock& m_clock;
    const TopicFeedOptions m_options;
    std::vector<std::unique_ptr<Source>> m_sources;
    std::function<void(const RecordBatchPtr&)> m_observer;

    const std::shared_ptr<RecordRing> m_ring;
    Series m_arrivals{{finestBinMs, arrivalLevels, 8192}};
    LatencyTracker m_latency;
    ValueCheck m_values;
    std::atomic<std::uint64_t> m_records{0};
    std::atomic<std::uint64_t> m_bytes{0};

    std::mutex m_publishing; ///< one thread publishes, the others go on reading
    std::chrono::steady_clock::time_point m_published{};
    RecentRate m_rate;
    MemoryLease m_seriesMemory;

    mutable std::mutex m_mutex; ///< guards what follows
    std::shared_ptr<const TopicFeedSnapshot> m_snapshot;
    std::optional<Error> m_failure;
    std::size_t m_running = 0;

    /// Shared while a thread uses clock, budget or observer; stop() takes it alone.
    std::shared_mutex m_inUse;
    std::atomic<bool> m_stopped{false};
    std::vector<std::jthread> m_threads;
};

TopicFeed::State::State(std::vector<std::unique_ptr<Source>> sources, std::shared_ptr<MemoryBudget> budget,
    const Clock& clock, TopicFeedOptions options)
    : m_budget(std::move(budget)), m_clock(clock), m_options(options), m_sources(std::move(sources)),
      m_ring(std::make_shared<RecordRing>(options.rowStoreBytes, m_budget)),
      m_seriesMemory(m_budget, MemoryUse::Series, 0)
{
    TopicFeedSnapshot first;
    first.arrivals = m_arrivals.snapshot();
    first.latency = m_latency.snapshot();
    m_snapshot = std::make_shared<const TopicFeedSnapshot>(std::move(first));
}

TopicFeed::State::~State()
{
    stop();
    m_threads.clear();
}

void TopicFeed::State::start()
{
    const std::scoped_lock lock(m_mutex);
    if (!m_threads.empty())
        return;
    m_running = m_sources.size();
    m_rate.update(m_clock.steady(), 0, 0);
    for (const auto& source : m_sources)
        m_threads.emplace_back([this, &one = *source] { read(one); });
}

void TopicFeed::State::stop()
{
    m_stopped = true;
    const std::unique_lock wait(m_inUse);
}

void TopicFeed::State::read(Source& source)
{
    HistoryBorder border;
    std::vector<LatencySample> scratch;
    bool more = true;
    while (more && !m_stopped) {
        if (!m_options.latencyOfHistory)
            border.learn(source);
        Result<std::vector<RecordBatchPtr>> polled = source.poll(pollTimeout);
        const std::shared_lock use(m_inUse);
        if (m_stopped)
            return;
        if (!m_options.latencyOfHistory)
            border.learn(source);
        more = takeIn(std::move(polled), border, scratch) && !source.state().ended;
        if (more)
            publishIfDue();
    }
    const std::shared_lock use(m_inUse);
    if (m_stopped)
        return;
    {
        const std::scoped_lock lock(m_mutex);
        --m_running;
    }
    const std::scoped_lock publishing(m_publishing);
    publish(m_clock.steady());
}

bool TopicFeed::State::takeIn(
    Result<std::vector<RecordBatchPtr>> polled, const HistoryBorder& border, std::vector<LatencySample>& scratch)
{
    if (!polled) {
        const std::scoped_lock lock(m_mutex);
        if (!m_failure)
            m_failure = polled.error();
        return false;
    }
    for (const RecordBatchPtr& batch : *polled)
        takeIn(batch, border, scratch);
    // Also without new batches: a source that waits for memory gets it only if somebody lets go.
    m_ring->trim();
    return true;
}

void TopicFeed::State::takeIn(
    const RecordBatchPtr& batch, const HistoryBorder& border, std::vector<LatencySample>& scratch)
{
    if (m_options.keepRows)
        m_ring->append(batch);
    addArrivals(m_arrivals, finestBinMs, *batch);
    addLatencies(m_latency, *batch, m_options.latencyOfHistory ? 0 : border.firstLive(*batch), scratch);
    if (m_options.checkValues)
        m_values.add(*batch);
    // Last, so that no snapshot counts a record whose latency and arrival are not in it.
    m_bytes += batch->payloadBytes();
    m_records += batch->size();
    if (m_observer)
        m_observer(batch);
}

void TopicFeed::State::publishIfDue()
{
    const std::unique_lock publishing(m_publishing, std::try_to_lock);
    if (!publishing)
        return;
    const auto now = m_clock.steady();
    if (m_published.time_since_epoch().count() == 0 || now - m_published >= publishInterval)
        publish(now);
}

TopicFeedSnapshot TopicFeed::State::collect(std::chrono::steady_clock::time_point now)
{
    std::vector<SourceState> states;
    for (const auto& source : m_sources)
        states.push_back(source->state());
    TopicFeedSnapshot next;
    next.records = m_records;
    next.bytes = m_bytes;
    next.state = combined(states);
    const RecentRate::Rates rates = m_rate.update(now, next.records, next.bytes);
    next.undecodable = m_values.undecodable();
    next.firstRow = m_ring->firstRow();
    next.endRow = m_ring->endRow();
    next.arrivals = m_arrivals.snapshot();
    next.latency = m_latency.snapshot();
    m_seriesMemory.resize(m_arrivals.memoryBytes());
    const std::scoped_lock lock(m_mutex);
    next.failure = m_failure;
    next.ended = m_running == 0;
    if (!next.ended) {
        next.recordsPerSecond = rates.records;
        next.bytesPerSecond = rates.bytes;
    }
    next.generation = m_snapshot->generation + 1;
    return next;
}

/// The caller holds m_publishing.
void TopicFeed::State::publish(std::chrono::steady_clock::time_point now)
{
    m_published = now;
    auto next = std::make_shared<const TopicFeedSnapshot>(collect(now));
    const std::scoped_lock lock(m_mutex);
    const TopicFeedSnapshot& last = *m_snapshot;
    const bool changed = last.generation == 0 || last.records != next->records
        || last.recordsPerSecond != next->recordsPerSecond || last.ended != next->ended
        || last.firstRow != next->firstRow || last.undecodable != next->undecodable || last.arrivals != next->arrivals
        || last.latency != next->latency || last.failure.has_value() != next->failure.has_value()
        || !sameView(last.state, next->state);
    if (changed)
        m_snapshot = std::move(next);
}

std::shared_ptr<const TopicFeedSnapshot> TopicFeed::State::snapshot() const
{
    const std::scoped_lock lock(m_mutex);
    return m_snapshot;
}

TopicFeed::TopicFeed(std::vector<std::unique_ptr<Source>> sources, std::shared_ptr<MemoryBudget> budget,
    const Clock& clock, TopicFeedOptions options)
    : m_state(std::make_shared<State>(std::move(sources), std::move(budget), clock, options))
{ }

TopicFeed::~TopicFeed()
{
    m_state->stop();
    Reaper::instance().take(std::move(m_state));
}

void TopicFeed::start()
{
    m_state->start();
}

void TopicFeed::stop()
{
    m_state->stop();
}

std::shared_ptr<const TopicFeedSnapshot> TopicFeed::snapshot() const
{
    return m_state->snapshot();
}

std::shared_ptr<const RowStore> TopicFeed::rows() const
{
    return m_state->rows();
}

void TopicFeed::setBatchObserver(std::function<void(const RecordBatchPtr&)> observer)
{
    m_state->setBatchObserver(std::move(observer));
}

} // namespace weir
