// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/topic_feed.h"

#include "app/engine/pipeline/feed_queue.h"
#include "app/engine/pipeline/reaper.h"
#include "app/engine/pipeline/topic_feed_metrics.h"

#include <algorithm>
#include <atomic>
#include <shared_mutex>
#include <thread>
#include <tuple>

namespace weir {

using namespace std::chrono_literals;

namespace {

// Longer polls would show in the latency: receive time is read once per poll.
constexpr auto pollTimeout = 50ms;
constexpr auto publishInterval = 100ms;
// More do not pay: one client reads about as much as two of them look at.
constexpr std::size_t mostWorkers = 4;
constexpr std::size_t queueBytesWithoutBudget = 64 << 20;

std::size_t workersFor(const std::vector<std::unique_ptr<Source>>& sources)
{
    std::size_t partitions = 0;
    for (const auto& source : sources)
        partitions += source->state().partitions.size();
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    return std::clamp<std::size_t>(partitions, 1, std::min(cores, mostWorkers));
}

bool sameView(const SourceState& a, const SourceState& b)
{
    return a.connection == b.connection && a.throttle == b.throttle && a.ended == b.ended && a.problems == b.problems
        && a.partitions == b.partitions;
}

} // namespace

class TopicFeed::State
{
public:
    State(std::vector<std::unique_ptr<Source>> sources, std::shared_ptr<RowBuffer> rows,
        std::shared_ptr<MemoryBudget> budget, const Clock& clock, TopicFeedOptions options);
    ~State();

    void start();
    void stop();
    std::shared_ptr<const TopicFeedSnapshot> snapshot() const;
    std::shared_ptr<const RowStore> rows() const { return m_rows; }
    LatencyDistribution totalLatency() const { return m_latency.total(); }
    void setBatchObserver(std::function<void(const RecordBatchPtr&)> observer) { m_observer = std::move(observer); }

private:
    void read(Source& source);
    /// False when the source has nothing more to give.
    bool handOver(
        Result<std::vector<RecordBatchPtr>> polled, const HistoryBorder& border, search::RecordFilter* filter);
    void keep(const RecordBatchPtr& batch, bool isHistory);
    void keepMatching(const RecordBatchPtr& batch, bool isHistory, search::RecordFilter& filter);
    void work(std::size_t worker);
    void lookAt(const FeedItem& item, LatencyReader& latencies);
    void publishIfDue();
    void publish(std::chrono::steady_clock::time_point now);
    TopicFeedSnapshot collect(std::chrono::steady_clock::time_point now);

    const std::shared_ptr<MemoryBudget> m_budget;
    const Clock& m_clock;
    const TopicFeedOptions m_options;
    std::vector<std::unique_ptr<Source>> m_sources;
    std::function<void(const RecordBatchPtr&)> m_observer;

    const std::size_t m_workers;
    FeedQueue m_queue;
    const std::shared_ptr<RowBuffer> m_rows; ///< may be null
    Series m_arrivals{arrivalSeries()};
    Series m_matchingArrivals{arrivalSeries()};
    LatencyTracker m_latency;
    ValueCheck m_values;
    ReadTime m_readTime;
    std::atomic<std::uint64_t> m_records{0};
    std::atomic<std::uint64_t> m_bytes{0};
    std::atomic<std::uint64_t> m_matching{0};
    std::atomic<std::uint64_t> m_undecided{0};

    std::mutex m_publishing; ///< one thread publishes, the others go on reading
    std::chrono::steady_clock::time_point m_published{};
    RecentRate m_rate;
    MemoryLease m_seriesMemory;

    mutable std::mutex m_mutex; ///< guards what follows
    std::shared_ptr<const TopicFeedSnapshot> m_snapshot;
    std::optional<Error> m_failure;
    std::size_t m_reading = 0; ///< threads that read, and those that look at what was read
    std::size_t m_working = 0;

    /// Shared while a thread uses clock, budget or observer; stop() takes it alone.
    std::shared_mutex m_inUse;
    std::atomic<bool> m_stopped{false};
    std::vector<std::jthread> m_threads;
};

TopicFeed::State::State(std::vector<std::unique_ptr<Source>> sources, std::shared_ptr<RowBuffer> rows,
    std::shared_ptr<MemoryBudget> budget, const Clock& clock, TopicFeedOptions options)
    : m_budget(std::move(budget)), m_clock(clock), m_options(std::move(options)), m_sources(std::move(sources)),
      m_workers(workersFor(m_sources)), m_queue(m_workers, m_budget ? m_budget->limit() / 4 : queueBytesWithoutBudget),
      m_rows(std::move(rows)), m_seriesMemory(m_budget, MemoryUse::Series, 0)
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
    m_reading = m_sources.size();
    m_working = m_workers;
    m_rate.update(m_clock.steady(), 0, 0);
    if (m_sources.empty())
        m_queue.close();
    for (std::size_t i = 0; i < m_workers; ++i)
        m_threads.emplace_back([this, i] { work(i); });
    for (const auto& source : m_sources)
        m_threads.emplace_back([this, &one = *source] { read(one); });
}

void TopicFeed::State::stop()
{
    m_stopped = true;
    m_queue.drop();
    const std::unique_lock wait(m_inUse);
}

/// Reads and hands over, nothing else: a client whose queue fills up rests before it reads on.
void TopicFeed::State::read(Source& source)
{
    HistoryBorder border;
    const auto filter = m_options.filter ? m_options.filter->make() : nullptr;
    bool more = true;
    while (more && !m_stopped) {
        border.learn(source);
        Result<std::vector<RecordBatchPtr>> polled = source.poll(pollTimeout);
        const std::shared_lock use(m_inUse);
        if (m_stopped)
            return;
        border.learn(source);
        more = handOver(std::move(polled), border, filter.get()) && !source.state().ended;
        if (more)
            publishIfDue();
    }
    const std::shared_lock use(m_inUse);
    if (m_stopped)
        return;
    const std::scoped_lock publishing(m_publishing);
    publish(m_clock.steady());
    const std::scoped_lock lock(m_mutex);
    if (--m_reading == 0)
        m_queue.close();
}

bool TopicFeed::State::handOver(
    Result<std::vector<RecordBatchPtr>> polled, const HistoryBorder& border, search::RecordFilter* filter)
{
    if (!polled) {
        const std::scoped_lock lock(m_mutex);
        if (!m_failure)
            m_failure = polled.error();
        return false;
    }
    for (RecordBatchPtr& batch : *polled) {
        const std::size_t firstLive = border.firstLive(*batch);
        if (m_rows && filter)
            keepMatching(batch, firstLive > 0, *filter);
        else if (m_rows)
            keep(batch, firstLive > 0);
        FeedItem item{std::move(batch), m_options.latencyOfHistory ? 0 : firstLive};
        while (!m_queue.push(item, pollTimeout)) {
            if (m_rows)
                m_rows->trim();
            publishIfDue();
        }
    }
    // Also without new batches: a source that waits for memory gets it only if somebody lets go.
    if (m_rows)
        m_rows->trim();
    return true;
}

void TopicFeed::State::keep(const RecordBatchPtr& batch, bool isHistory)
{
    while (!m_rows->append(batch, isHistory ? pollTimeout : std::chrono::milliseconds(0))) {
        if (!isHistory || m_rows->isStuck() || m_stopped) {
            m_rows->drop(*batch);
            return;
        }
        publishIfDue();
    }
}

void TopicFeed::State::keepMatching(const RecordBatchPtr& batch, bool isHistory, search::RecordFilter& filter)
{
    const search::Selected selected = filter.select(batch);
    m_undecided += selected.undecided.size();
    if (selected.rows.empty())
        return;
    m_matching += selected.rows.size();
    addArrivals(m_matchingArrivals, *batch, selected.rows);
    keep(selected.rows.size() == batch->size() ? batch : copyOf(*batch, selected.rows, m_budget), isHistory);
}

void TopicFeed::State::work(std::size_t worker)
{
    LatencyReader latencies(m_options.latencyField);
    while (const std::optional<FeedItem> item = m_queue.pop(worker)) {
        const std::shared_lock use(m_inUse);
        if (m_stopped)
            return;
        lookAt(*item, latencies);
    }
    const std::shared_lock use(m_inUse);
    if (m_stopped)
        return;
    {
        const std::scoped_lock lock(m_mutex);
        if (--m_working > 0)
            return;
    }
    const std::scoped_lock publishing(m_publishing);
    publish(m_clock.steady());
}

void TopicFeed::State::lookAt(const FeedItem& item, LatencyReader& latencies)
{
    const RecordBatch& batch = *item.batch;
    addArrivals(m_arrivals, batch);
    m_readTime.add(batch);
    latencies.add(m_latency, item.batch, item.firstLive);
    if (m_options.checkValues)
        m_values.add(batch);
    // Last, so that no snapshot counts a record whose latency and arrival are not in it.
    m_bytes += batch.payloadBytes();
    m_records += batch.size();
    if (m_observer)
        m_observer(item.batch);
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
    if (!m_options.filter) // else sources read only what can match
        std::tie(next.readFrom, next.readTo) = m_readTime.span(m_sources);
    const RecentRate::Rates rates = m_rate.update(now, next.records, next.bytes);
    next.undecodable = m_values.undecodable();
    next.matching = m_matching;
    next.undecided = m_undecided;
    next.narrowedTo = m_options.narrowedTo;
    if (m_rows) {
        next.firstRow = m_rows->firstRow();
        next.endRow = m_rows->endRow();
        next.rows = m_rows->state();
    }
    next.arrivals = m_arrivals.snapshot();
    next.latency = m_latency.snapshot();
    if (m_options.filter)
        next.matchingArrivals = m_matchingArrivals.snapshot();
    m_seriesMemory.resize(m_arrivals.memoryBytes());
    const std::scoped_lock lock(m_mutex);
    next.failure = m_failure;
    next.ended = m_working == 0;
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
        || last.firstRow != next->firstRow || last.endRow != next->endRow || !(last.rows == next->rows)
        || last.undecodable != next->undecodable || last.arrivals != next->arrivals || last.latency != next->latency
        || last.failure.has_value() != next->failure.has_value() || !sameView(last.state, next->state);
    if (changed)
        m_snapshot = std::move(next);
}

std::shared_ptr<const TopicFeedSnapshot> TopicFeed::State::snapshot() const
{
    const std::scoped_lock lock(m_mutex);
    return m_snapshot;
}

TopicFeed::TopicFeed(std::vector<std::unique_ptr<Source>> sources, std::shared_ptr<RowBuffer> rows,
    std::shared_ptr<MemoryBudget> budget, const Clock& clock, TopicFeedOptions options)
    : m_state(
        std::make_shared<State>(std::move(sources), std::move(rows), std::move(budget), clock, std::move(options)))
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

LatencyDistribution TopicFeed::totalLatency() const
{
    return m_state->totalLatency();
}

void TopicFeed::setBatchObserver(std::function<void(const RecordBatchPtr&)> observer)
{
    m_state->setBatchObserver(std::move(observer));
}

} // namespace weir
