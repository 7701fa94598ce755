// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/kept_rows.h"
#include "app/engine/pipeline/query_graph.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/pipeline/scan_head.h"

#include <condition_variable>
#include <unordered_map>

namespace weir::query {

/// Newest states of the sources of a query. Thread-safe.
class SourceStates
{
public:
    explicit SourceStates(std::size_t count) : m_states(count) { }
    void set(std::size_t source, SourceState state);
    SourceState merged() const;

private:
    mutable std::mutex m_mutex;
    std::vector<SourceState> m_states;
};

struct QuerySetup
{
    std::shared_ptr<const QueryProgram> program;
    ResultSink sink; ///< may be null
    std::shared_ptr<MemoryBudget> budget;
    QueryOptions options;
};

/// Goes through the batches of a query in arrival order: watermarks, rows that other partitions decide, windows that
/// fire, emission, snapshots. run() is one thread; the rest is thread-safe.
class QuerySequencer
{
public:
    QuerySequencer(QuerySetup setup, ArrivalLog& log, const Workers& workers, const SourceStates& sources);

    void run(); ///< until the input ends, the run fails or the log is stopped
    /// A worker has finished the batch with this number; to be called before ArrivalLog::done().
    void deliver(std::uint64_t sequence, BatchOutcome outcome);

    std::shared_ptr<const QuerySnapshot> snapshot() const;
    bool waitFor(std::chrono::milliseconds timeout) const; ///< true: run() is over
    void wait() const;

private:
    void handle(const Arrival& arrival);
    void handleBatch(const Arrival& arrival, BatchOutcome outcome);
    Result<void> handOn(const Arrival& arrival, BatchOutcome& outcome);
    Result<void> moveOn(std::size_t scan, std::int64_t watermark);
    WindowEmitter::Hooks hooks(std::size_t scan);
    Result<void> emitWindow(std::size_t scan, ResultBatch rows, std::int64_t windowEnd);
    void countBatch(const BatchOutcome& outcome);
    Result<void> emit(ResultBatch rows);
    Result<void> noteFailure(const std::string& message);
    void fail(Error error);
    void tick();
    void publish(bool last);
    QueryCounters counters() const;
    std::shared_ptr<const ResultBatch> provisional() const;
    double rate(std::chrono::steady_clock::time_point now);

    QuerySetup m_setup;
    ArrivalLog& m_log;
    const SourceStates& m_sources;
    std::deque<ScanHead> m_heads; ///< by scan
    std::vector<std::chrono::milliseconds> m_idleTimeouts; ///< by scan
    QueryGraph m_graph;
    KeptRows m_kept;
    QueryCounters m_counters;
    QueryPhase m_phase = QueryPhase::Running;
    std::optional<Error> m_failure;
    std::optional<Error> m_firstFlinkFailure;
    std::uint64_t m_generation = 0;
    std::chrono::steady_clock::time_point m_nextPublish;
    std::chrono::steady_clock::time_point m_rateSince;
    std::uint64_t m_rateRows = 0;
    double m_rate = 0;

    mutable std::mutex m_outcomeMutex;
    std::unordered_map<std::uint64_t, BatchOutcome> m_outcomes;
    mutable std::mutex m_snapshotMutex;
    mutable std::condition_variable m_over;
    std::shared_ptr<const QuerySnapshot> m_snapshot;
    bool m_isOver = false;
};

} // namespace weir::query
