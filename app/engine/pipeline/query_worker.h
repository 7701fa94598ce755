// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/arrival_log.h"
#include "app/engine/pipeline/scan_stage.h"
#include "app/engine/pipeline/state_account.h"
#include "app/engine/window/row_times.h"

#include <memory>

namespace weir::query {

/// One batch as a worker leaves it.
struct WorkedBatch
{
    EventBatch batch;
    RowEvaluator evaluator; ///< keeps computed operands and what strings point into
    std::vector<window::SliceInput> inputs; ///< what an aggregation reads: one, or one per grouping set
    window::DoubtfulRows rows; ///< of an aggregation, that other partitions decide
    std::vector<std::int64_t> ownWatermarks; ///< before each row, for rows that go to operators
};

/// What a worker found in one batch, for the thread that goes through them in arrival order.
struct BatchOutcome
{
    std::int64_t watermark = INT64_MIN; ///< the partition's own, behind the batch
    std::uint64_t rowsIn = 0;
    std::uint64_t failedRows = 0; ///< rows at which Flink's job would fail, or that the table's options leave out
    std::uint64_t filtered = 0;
    std::optional<Error> firstFailure; ///< the first row at which Flink's job would fail
    std::optional<Error> fatal; ///< the run cannot go on: out of memory
    bool overBudget = false; ///< asks for another try when everything before this batch has been gone through
    std::vector<std::int64_t> sliceEnds; ///< slices that rows in time were added to
    std::unique_ptr<WorkedBatch> doubtful; ///< with rows that other partitions decide; may be null
    /// The own watermark's values within the batch, ascending, where operators stand behind an aggregation.
    std::vector<std::int64_t> ownWatermarks;
    std::unique_ptr<WorkedBatch> streamed; ///< scans without aggregation that operators read
    std::optional<ResultBatch> rows; ///< scans without aggregation whose rows are the result
};

/// Decodes, filters and aggregates the batches of its partitions into private state. process() belongs to one thread;
/// with the mutex held, any thread may read and take slices.
class QueryWorker
{
public:
    QueryWorker(std::shared_ptr<const QueryProgram> program, std::shared_ptr<MemoryBudget> budget);

    BatchOutcome process(const Arrival& arrival);
    /// The windows that the batches before could fire have fired: what is still over the budget is fatal.
    void tryBudgetAgain(BatchOutcome& outcome);

    std::mutex& mutex() const { return m_mutex; }
    /// Stores of a scan by partition index; one under index 0 when the order of rows does not matter.
    std::map<std::size_t, window::SliceStore>& stores(std::size_t scan) { return m_stores[scan]; }
    /// With the mutex held, after slices were taken.
    void bookState();
    std::size_t stateBytes() const; ///< with the mutex held

private:
    void runWatermark(const Arrival& arrival, WorkedBatch& work, BatchOutcome& outcome);
    void aggregate(const Arrival& arrival, WorkedBatch& work, BatchOutcome& outcome);
    void bind(const Aggregation& aggregation, WorkedBatch& work);
    void bindGroupingSets(const Aggregation& aggregation, const window::SliceInput& plain, WorkedBatch& work) const;
    void addInTime(const Arrival& arrival, const WorkedBatch& work, BatchOutcome& outcome);
    void handOn(const ScanProgram& scan, std::unique_ptr<WorkedBatch> work, BatchOutcome& outcome);
    void noteFailures(const WorkedBatch& work, const EventBatch& decoded, BatchOutcome& outcome) const;

    std::shared_ptr<const QueryProgram> m_program;
    std::deque<ScanStage> m_scans;
    std::map<std::size_t, window::PartitionClock> m_clocks; ///< by partition index
    std::vector<std::int64_t> m_ownWatermarks; ///< scratch: before each row
    std::vector<std::int64_t> m_progress; ///< scratch: the same as local times
    window::SortedRows m_sorted; ///< scratch
    std::vector<sql::EvaluationFailure> m_timeFailures; ///< of the batch in hand
    mutable std::mutex m_mutex;
    std::vector<std::map<std::size_t, window::SliceStore>> m_stores; ///< by scan
    StateAccount m_account;
};

} // namespace weir::query
