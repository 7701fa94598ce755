// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"
#include "app/engine/sql/plan.h"
#include "connectors/record/clock.h"
#include "connectors/record/source.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir {

enum class OnDecodeError : std::uint8_t {
    Stop, ///< as Flink's job: the run fails at that record
    KeepGoing, ///< count the row and go on; the result is marked incomplete
};

struct QueryOptions
{
    int workers = 0; ///< 0: one per core, at most one per partition
    OnDecodeError onDecodeError = OnDecodeError::Stop;
    bool keepResult = true; ///< keep rows for snapshot(); false: only the sink sees them
    std::size_t maxResultRows = 1'000'000; ///< oldest rows leave first, counted
    bool provisionalRows = false; ///< snapshots carry the open windows' rows so far
    /// Called once, behind the last call of the sink, when the input has ended or the run was stopped; its Error fails
    /// the run. On the sink's thread.
    std::function<Result<void>()> finish;
    const Clock* clock = &SystemClock::instance(); ///< rates and idle time-outs; lives as long as the run
    std::shared_ptr<const Clock> sourceClock; ///< idle time-outs of sources with a time of their own; null: `clock`
};

/// Opens the Sources of one scanned table; called once per ScanNode, on the caller's thread.
using SourceOpener = std::function<Result<std::vector<std::unique_ptr<Source>>>(const sql::TableDefinition&)>;
/// Sees final rows in emission order, on one engine thread. Returning an Error stops the run (a closed pipe).
using ResultSink = std::function<Result<void>(const ResultBatch&)>;

struct PartitionWatermark
{
    std::string table; ///< of the scan, as the query names it
    TopicPartition partition;
    std::int64_t watermark = INT64_MIN; ///< ms; INT64_MIN: no row yet
    bool idle = false;
    bool ended = false;
};

/// Rows that one step of a query dropped because they came too late.
struct LateDropped
{
    std::string step; ///< "window", "session", "over", …
    std::uint64_t rows = 0;
};

struct QueryCounters
{
    std::uint64_t rowsIn = 0; ///< records read
    std::uint64_t decodeErrors = 0;
    std::uint64_t filtered = 0; ///< by WHERE
    std::uint64_t lateDropped = 0; ///< by all steps together
    std::vector<LateDropped> lateBySteps; ///< of steps that dropped some
    std::uint64_t windowsFired = 0;
    std::uint64_t rowsOut = 0;
    std::uint64_t openWindows = 0;
    std::uint64_t openGroups = 0;
    std::size_t stateBytes = 0;
    /// Minimum over the partitions that are not idle, and over the scans; INT64_MAX: the input has ended.
    std::int64_t watermark = INT64_MIN;
    std::vector<PartitionWatermark> partitions; ///< of all scans
};

enum class QueryPhase : std::uint8_t { Running, Finished, Stopped, Failed };

struct QuerySnapshot
{
    std::uint64_t generation = 0;
    QueryPhase phase = QueryPhase::Running;
    std::optional<Error> failure; ///< Failed: why, with topic, partition, offset and byte where there are such
    /// KeepGoing: the first row at which Flink would have failed.
    std::optional<Error> firstFlinkFailure;
    QueryCounters counters;
    double rowsInPerSecond = 0;
    std::shared_ptr<const ResultBatch> rows; ///< final rows kept, in emission order
    std::uint64_t droppedRows = 0; ///< final rows that left because of maxResultRows
    std::shared_ptr<const ResultBatch> provisional; ///< null unless asked for
    SourceState source;
};

/// One running query: sources -> decode -> filter -> windows -> rows. All functions from any thread.
class QueryRun
{
public:
    /// Opens the sources and starts the threads; an Error when the plan or a source cannot be opened. `opener` and
    /// `sink` (may be null) must live until the run is over.
    static Result<std::unique_ptr<QueryRun>> start(const sql::QueryPlan& plan, const SourceOpener& opener,
        ResultSink sink, std::shared_ptr<MemoryBudget> budget, QueryOptions options);
    ~QueryRun();

    void stop(); ///< asks; windows that are open are not emitted
    /// Blocks until the run is over (or `timeout` passed): true when over.
    bool wait(std::chrono::milliseconds timeout);
    std::shared_ptr<const QuerySnapshot> snapshot() const;

private:
    class State;
    explicit QueryRun(std::shared_ptr<State> state);
    std::shared_ptr<State> m_state;
};

} // namespace weir
