// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/query_sequencer.h"

#include <algorithm>

namespace weir::query {

namespace {

constexpr std::chrono::milliseconds tickTime(50);
constexpr std::chrono::milliseconds publishTime(100);
constexpr std::size_t maxProvisionalRows = 10'000;
/// Publishing copies rows: it may take at most this part of the time.
constexpr int publishShare = 10;

} // namespace

void SourceStates::set(std::size_t source, SourceState state)
{
    const std::scoped_lock lock(m_mutex);
    m_states[source] = std::move(state);
}

SourceState SourceStates::merged() const
{
    const std::scoped_lock lock(m_mutex);
    SourceState all;
    all.connection = Connection::Up;
    all.ended = true;
    for (const SourceState& one : m_states) {
        if (one.connection == Connection::Down || all.connection == Connection::Up)
            all.connection = one.connection;
        all.throttle = std::max(all.throttle, one.throttle);
        for (const Problem& problem : one.problems) {
            // All instances of one client tell the same of a topic or a broker.
            const auto same = [&problem](const Problem& other) {
                return other.kind == problem.kind && other.text == problem.text && other.partition == problem.partition;
            };
            if (std::none_of(all.problems.begin(), all.problems.end(), same))
                all.problems.push_back(problem);
        }
        all.partitions.insert(all.partitions.end(), one.partitions.begin(), one.partitions.end());
        all.ended = all.ended && one.ended;
    }
    std::sort(all.partitions.begin(), all.partitions.end(),
        [](const auto& a, const auto& b) { return a.partition < b.partition; });
    return all;
}

QuerySequencer::QuerySequencer(QuerySetup setup, ArrivalLog& log, const Workers& workers, const SourceStates& sources)
    : m_setup(std::move(setup)), m_log(log), m_sources(sources), m_windows(m_setup.program, workers, m_setup.budget),
      m_kept(m_setup.program->output, m_setup.options.maxResultRows, m_setup.budget),
      m_rateSince(m_setup.options.clock->steady())
{
    publish(false);
}

void QuerySequencer::run()
{
    while (m_phase == QueryPhase::Running && !m_log.stopped()) {
        if (const std::optional<Arrival> arrival = m_log.next(tickTime))
            handle(*arrival);
        else if (m_log.finished())
            endInput();
        if (m_phase == QueryPhase::Running && !m_log.stopped())
            tick();
    }
    if (m_phase == QueryPhase::Running)
        m_phase = QueryPhase::Stopped;
    m_log.stop();
    publish(true);
}

void QuerySequencer::tick()
{
    m_log.markIdle(m_setup.program->idleTimeout);
    const auto now = m_setup.options.clock->steady();
    if (now < m_nextPublish)
        return;
    publish(false);
    const auto cost = m_setup.options.clock->steady() - now;
    m_nextPublish = now + std::max<std::chrono::steady_clock::duration>(publishTime, cost * publishShare);
}

void QuerySequencer::deliver(std::uint64_t sequence, BatchOutcome outcome)
{
    const std::scoped_lock lock(m_outcomeMutex);
    m_outcomes.emplace(sequence, std::move(outcome));
}

void QuerySequencer::handle(const Arrival& arrival)
{
    switch (arrival.kind) {
    case ArrivalKind::Partition:
        m_tracker.add(arrival.id);
        return;
    case ArrivalKind::Idle:
        m_tracker.setIdle(arrival.partition);
        break;
    case ArrivalKind::Ended:
        m_tracker.setEnded(arrival.partition);
        break;
    case ArrivalKind::Failed:
        return fail(*m_log.failure());
    case ArrivalKind::Batch: {
        std::unique_lock lock(m_outcomeMutex);
        auto node = m_outcomes.extract(arrival.sequence);
        lock.unlock();
        handleBatch(arrival, std::move(node.mapped()));
        return;
    }
    }
    fireWindows(m_tracker.current());
}

void QuerySequencer::countBatch(const BatchOutcome& outcome)
{
    m_counters.rowsIn += outcome.rowsIn;
    m_counters.decodeErrors += outcome.failedRows;
    m_counters.filtered += outcome.filtered;
    if (outcome.firstFailure && !m_firstFlinkFailure)
        m_firstFlinkFailure = outcome.firstFailure;
}

void QuerySequencer::handleBatch(const Arrival& arrival, BatchOutcome outcome)
{
    countBatch(outcome);
    if (outcome.fatal)
        return fail(*outcome.fatal);
    if (outcome.firstFailure && m_setup.options.onDecodeError == OnDecodeError::Stop)
        return fail(*outcome.firstFailure);
    if (outcome.rows && outcome.rows->rowCount > 0) {
        const Result<void> emitted = emit(std::move(*outcome.rows));
        if (!emitted)
            return fail(emitted.error());
    }
    m_windows.noteOpen(outcome.sliceEnds);
    if (outcome.doubtful) {
        const Result<std::uint64_t> dropped = m_windows.addDoubtful(*outcome.doubtful, arrival.partition, m_tracker,
            [this](ResultBatch rows) { return emit(std::move(rows)); });
        if (!dropped)
            return fail(dropped.error());
        m_counters.lateDropped += *dropped;
    }
    m_tracker.observe(arrival.partition, outcome.watermark);
    if (!arrival.trustOwn && m_tracker.partitions()[arrival.partition].watermark >= m_tracker.current())
        m_log.trustAgain(arrival.partition, arrival.sequence);
    fireWindows(m_tracker.current());
}

void QuerySequencer::fireWindows(std::int64_t watermark)
{
    const Result<void> fired = m_windows.fire(watermark, [this](ResultBatch rows) { return emit(std::move(rows)); });
    if (!fired)
        fail(fired.error());
}

Result<void> QuerySequencer::emit(ResultBatch rows)
{
    if (m_log.stopped())
        return Error{ErrorKind::Cancelled, "the run was stopped", m_setup.program->name};
    if (rows.rowCount == 0)
        return {};
    m_counters.rowsOut += rows.rowCount;
    if (m_setup.options.keepResult)
        m_kept.append(rows);
    return m_setup.sink ? m_setup.sink(rows) : Result<void>();
}

void QuerySequencer::fail(Error error)
{
    if (m_log.stopped() && error.kind == ErrorKind::Cancelled) {
        m_phase = QueryPhase::Stopped;
        return;
    }
    m_failure = std::move(error);
    m_phase = QueryPhase::Failed;
}

void QuerySequencer::endInput()
{
    fireWindows(window::endOfInput);
    if (m_phase == QueryPhase::Running)
        m_phase = QueryPhase::Finished;
}

QueryCounters QuerySequencer::counters() const
{
    QueryCounters all = m_counters;
    all.windowsFired = m_windows.fired();
    all.openWindows = m_windows.openWindows();
    const WindowEmitter::StateSize size = m_windows.stateSize();
    all.openGroups = size.groups;
    all.stateBytes = size.bytes;
    all.watermark = m_tracker.current();
    for (const window::WatermarkTracker::Partition& partition : m_tracker.partitions())
        all.partitions.push_back({partition.id, partition.watermark, partition.idle});
    return all;
}

/// Records per second over about the last second.
double QuerySequencer::rate(std::chrono::steady_clock::time_point now)
{
    const std::chrono::duration<double> elapsed = now - m_rateSince;
    if (elapsed.count() >= 1.0 || (m_rate == 0 && elapsed.count() > 0)) {
        m_rate = static_cast<double>(m_counters.rowsIn - m_rateRows) / elapsed.count();
        m_rateRows = m_counters.rowsIn;
        m_rateSince = now;
    }
    return m_rate;
}

void QuerySequencer::publish(bool last)
{
    auto snapshot = std::make_shared<QuerySnapshot>();
    snapshot->generation = ++m_generation;
    snapshot->phase = last ? m_phase : QueryPhase::Running;
    snapshot->failure = m_failure;
    snapshot->firstFlinkFailure = m_firstFlinkFailure;
    snapshot->counters = counters();
    snapshot->rowsInPerSecond = last ? 0 : rate(m_setup.options.clock->steady());
    if (m_setup.options.keepResult)
        snapshot->rows = m_kept.publish();
    snapshot->droppedRows = m_kept.dropped();
    if (m_setup.options.provisionalRows && m_setup.program->aggregation)
        snapshot->provisional = m_windows.provisional(maxProvisionalRows);
    snapshot->source = m_sources.merged();
    const std::scoped_lock lock(m_snapshotMutex);
    m_snapshot = std::move(snapshot);
    m_isOver = last;
    if (last)
        m_over.notify_all();
}

std::shared_ptr<const QuerySnapshot> QuerySequencer::snapshot() const
{
    const std::scoped_lock lock(m_snapshotMutex);
    return m_snapshot;
}

bool QuerySequencer::waitFor(std::chrono::milliseconds timeout) const
{
    std::unique_lock lock(m_snapshotMutex);
    return m_over.wait_for(lock, timeout, [this] { return m_isOver; });
}

void QuerySequencer::wait() const
{
    std::unique_lock lock(m_snapshotMutex);
    m_over.wait(lock, [this] { return m_isOver; });
}

} // namespace weir::query
