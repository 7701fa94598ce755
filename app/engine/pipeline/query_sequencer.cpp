// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/query_sequencer.h"

#include <algorithm>
#include <thread>

namespace weir::query {

namespace {

constexpr std::chrono::milliseconds tickTime(50);
constexpr std::chrono::milliseconds publishTime(100);
constexpr std::size_t maxProvisionalRows = 10'000;
/// Publishing copies rows: it may take at most this part of the time.
constexpr int publishShare = 10;
constexpr std::size_t mostOperators = 4;

std::size_t operatorCount(const QueryOptions& options)
{
    const std::size_t wanted = options.workers > 0 ? static_cast<std::size_t>(options.workers)
                                                   : std::max(1U, std::thread::hardware_concurrency());
    return std::min(wanted, mostOperators);
}

window::StreamRows streamOf(ResultBatch rows, std::int64_t watermark)
{
    window::StreamRows stream;
    stream.batch.schema = std::move(rows.schema);
    stream.batch.columns = std::move(rows.columns);
    stream.batch.rowCount = rows.rowCount;
    stream.watermarks.assign(rows.rowCount, watermark);
    return stream;
}

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
    : m_setup(std::move(setup)), m_log(log), m_sources(sources),
      m_graph(m_setup.program,
          {[this](ResultBatch rows) { return emit(std::move(rows)); },
              [this](const std::string& message) { return noteFailure(message); }},
          {operatorCount(m_setup.options), m_setup.budget}),
      m_kept(m_setup.program->output, m_setup.options.maxResultRows, m_setup.budget),
      m_rateSince(m_setup.options.clock->steady())
{
    for (std::size_t scan = 0; scan < m_setup.program->scans.size(); ++scan) {
        m_heads.emplace_back(m_setup.program, scan, workers, m_setup.budget);
        m_idleTimeouts.push_back(m_setup.program->scans[scan].idleTimeout);
    }
    publish(false);
}

void QuerySequencer::run()
{
    while (m_phase == QueryPhase::Running && !m_log.stopped()) {
        if (const std::optional<Arrival> arrival = m_log.next(tickTime))
            handle(*arrival);
        else if (m_log.finished() && !m_log.stopped()) // asked in this order: a log that is stopped is finished, too
            m_phase = QueryPhase::Finished;
        if (m_phase == QueryPhase::Running && !m_log.stopped())
            tick();
    }
    if (m_phase == QueryPhase::Running)
        m_phase = QueryPhase::Stopped;
    if (m_setup.options.finish && m_phase != QueryPhase::Failed) {
        if (auto finished = m_setup.options.finish(); !finished) {
            m_failure = finished.error();
            m_phase = QueryPhase::Failed;
        }
    }
    m_log.stop();
    publish(true);
}

void QuerySequencer::tick()
{
    m_log.markIdle(m_idleTimeouts);
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
    ScanHead* const head = arrival.kind == ArrivalKind::Failed ? nullptr : &m_heads[arrival.scan];
    std::int64_t watermark = window::endOfInput;
    switch (arrival.kind) {
    case ArrivalKind::Partition:
        head->addPartition(arrival.partition, arrival.source);
        return;
    case ArrivalKind::Failed:
        return fail(*m_log.failure());
    case ArrivalKind::Batch: {
        std::unique_lock lock(m_outcomeMutex);
        auto node = m_outcomes.extract(arrival.sequence);
        lock.unlock();
        handleBatch(arrival, std::move(node.mapped()));
        return;
    }
    case ArrivalKind::Idle:
        head->tracker().setIdle(head->placeOf(arrival.partition));
        watermark = head->tracker().current();
        break;
    case ArrivalKind::Ended:
        head->tracker().setEnded(head->placeOf(arrival.partition));
        watermark = head->tracker().current();
        break;
    case ArrivalKind::ScanEnded:
        break;
    }
    const Result<void> moved = moveOn(arrival.scan, watermark);
    if (!moved)
        fail(moved.error());
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
    const Result<void> handed = handOn(arrival, outcome);
    if (!handed)
        return fail(handed.error());
    window::WatermarkTracker& tracker = m_heads[arrival.scan].tracker();
    const std::size_t place = m_heads[arrival.scan].placeOf(arrival.partition);
    tracker.observe(place, outcome.watermark);
    if (!arrival.trustOwn && tracker.partitions()[place].watermark >= tracker.current())
        m_log.trustAgain(arrival.partition, arrival.sequence);
    const Result<void> moved = moveOn(arrival.scan, tracker.current());
    if (!moved)
        fail(moved.error());
}

/// What the workers made of a batch goes where it belongs, before the batch's own watermark counts.
Result<void> QuerySequencer::handOn(const Arrival& arrival, BatchOutcome& outcome)
{
    ScanHead& head = m_heads[arrival.scan];
    if (outcome.rows)
        return emit(std::move(*outcome.rows));
    if (outcome.streamed) {
        if (std::exchange(head.idle(), false)) {
            Result<void> awake = m_graph.setIdle(arrival.scan, false);
            if (!awake)
                return awake;
        }
        return m_graph.rows(arrival.scan, head.streamed(arrival.partition, *outcome.streamed));
    }
    head.beginSteps(arrival.partition, outcome.ownWatermarks);
    for (const std::int64_t end : outcome.sliceEnds)
        head.windows().noteOpen(end);
    if (!outcome.doubtful)
        return {};
    const Result<std::uint64_t> dropped = head.windows().addDoubtful(
        *outcome.doubtful, head.placeOf(arrival.partition), head.tracker(), hooks(arrival.scan));
    if (!dropped)
        return dropped.error();
    m_counters.lateDropped += *dropped;
    return {};
}

/// The watermark of a scan stands at `watermark` now: its windows fire, then it goes on.
Result<void> QuerySequencer::moveOn(std::size_t scan, std::int64_t watermark)
{
    ScanHead& head = m_heads[scan];
    Result<void> done = head.windows().fire(watermark, hooks(scan));
    head.endSteps(watermark);
    const bool idle = head.tracker().allIdle();
    if (done && idle != std::exchange(head.idle(), idle))
        done = m_graph.setIdle(scan, idle);
    return done ? m_graph.advance(scan, watermark) : done;
}

WindowEmitter::Hooks QuerySequencer::hooks(std::size_t scan)
{
    return {[this, scan](ResultBatch rows, std::int64_t end) { return emitWindow(scan, std::move(rows), end); },
        [this](const std::string& message) { return noteFailure(message); }};
}

Result<void> QuerySequencer::emitWindow(std::size_t scan, ResultBatch rows, std::int64_t windowEnd)
{
    if (m_setup.program->scans[scan].readers.empty())
        return emit(std::move(rows));
    return m_graph.rows(scan, streamOf(std::move(rows), m_heads[scan].watermarkBefore(windowEnd)));
}

/// A row behind the scans at which Flink's job would fail.
Result<void> QuerySequencer::noteFailure(const std::string& message)
{
    Error error{ErrorKind::InvalidInput, message, m_setup.program->name};
    ++m_counters.decodeErrors;
    if (!m_firstFlinkFailure)
        m_firstFlinkFailure = error;
    return m_setup.options.onDecodeError == OnDecodeError::Stop ? Result<void>(std::move(error)) : Result<void>();
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

QueryCounters QuerySequencer::counters() const
{
    QueryCounters all = m_counters;
    all.windowsFired = m_graph.fired();
    all.filtered += m_graph.filtered();
    if (all.lateDropped > 0)
        all.lateBySteps.push_back({"window", all.lateDropped});
    for (const LateRows& late : m_graph.lateRows()) {
        all.lateDropped += late.rows;
        all.lateBySteps.push_back({late.stage, late.rows});
    }
    all.openGroups = m_graph.groupCount();
    all.stateBytes = m_graph.memoryBytes();
    all.watermark = INT64_MAX;
    for (std::size_t scan = 0; scan < m_heads.size(); ++scan) {
        const ScanHead& head = m_heads[scan];
        all.windowsFired += head.windows().fired();
        all.openWindows += head.windows().openWindows();
        const WindowEmitter::StateSize size = head.windows().stateSize();
        all.openGroups += size.groups;
        all.stateBytes += size.bytes;
        const auto& partitions = head.tracker().partitions();
        const bool ended = !partitions.empty()
            && std::all_of(partitions.begin(), partitions.end(), [](const auto& one) { return one.ended; });
        all.watermark = std::min(all.watermark, ended ? window::endOfInput : head.tracker().current());
        for (std::size_t i = 0; i < partitions.size(); ++i)
            all.partitions.push_back({m_setup.program->scans[scan].table->name, {head.topics()[i], partitions[i].id},
                partitions[i].watermark, partitions[i].idle, partitions[i].ended});
    }
    return all;
}

/// The windows that workers are filling, as if no more rows came; operators behind them get these rows and nothing
/// else.
std::shared_ptr<const ResultBatch> QuerySequencer::provisional() const
{
    const QueryProgram& program = *m_setup.program;
    if (program.stages.empty())
        return m_heads.front().windows().provisional(maxProvisionalRows);
    auto all = std::make_shared<ResultBatch>();
    const auto collect = [&all](ResultBatch rows) -> Result<void> {
        if (all->rowCount >= maxProvisionalRows)
            return Error{ErrorKind::Cancelled, "enough rows", {}};
        appendRows(*all, rows);
        return {};
    };
    QueryGraph graph(
        m_setup.program, {collect, [](const std::string&) { return Result<void>(); }}, {1, m_setup.budget});
    Result<void> done;
    for (std::size_t scan = 0; scan < m_heads.size() && done; ++scan) {
        if (!program.scans[scan].aggregation)
            continue;
        const auto rows = m_heads[scan].windows().provisional(maxProvisionalRows);
        if (rows->rowCount > 0)
            done = graph.rows(scan, streamOf(*rows, INT64_MIN));
    }
    for (std::size_t scan = 0; scan < m_heads.size() && done; ++scan)
        done = graph.advance(scan, window::endOfInput);
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
    const auto& scans = m_setup.program->scans;
    const bool hasWindows =
        std::any_of(scans.begin(), scans.end(), [](const ScanProgram& scan) { return scan.aggregation.has_value(); });
    if (m_setup.options.provisionalRows && hasWindows)
        snapshot->provisional = provisional();
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
