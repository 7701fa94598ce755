// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/arrival_log.h"
#include "app/engine/pipeline/scan_stage.h"
#include "app/engine/pipeline/state_account.h"
#include "app/engine/window/row_times.h"

#include <memory>

namespace weir::query {

/// Rows that other partitions decide, with the columns that an aggregation reads of them.
struct DoubtfulBatch
{
    EventBatch batch;
    RowEvaluator evaluator; ///< keeps computed operands
    std::vector<window::SliceInput> inputs; ///< one, or one per grouping set
    window::DoubtfulRows rows;
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
    std::unique_ptr<DoubtfulBatch> doubtful; ///< may be null
    std::optional<ResultBatch> rows; ///< plans without aggregation
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
    /// Stores by partition index; one under index 0 when the order of rows does not matter.
    std::map<std::size_t, window::SliceStore>& stores() { return m_stores; }
    /// With the mutex held, after slices were taken.
    void bookState();
    std::size_t stateBytes() const; ///< with the mutex held

private:
    void aggregate(const Arrival& arrival, DoubtfulBatch& work, BatchOutcome& outcome);
    void bind(DoubtfulBatch& work);
    void bindGroupingSets(DoubtfulBatch& work, const window::SliceInput& plain) const;
    void addInTime(const Arrival& arrival, const DoubtfulBatch& work, BatchOutcome& outcome);
    void noteFailures(const DoubtfulBatch& work, const EventBatch& decoded, BatchOutcome& outcome) const;

    std::shared_ptr<const QueryProgram> m_program;
    ScanStage m_scan;
    std::map<std::size_t, window::PartitionClock> m_clocks; ///< by partition index
    std::vector<std::int64_t> m_ownWatermarks; ///< scratch: before each row
    window::SortedRows m_sorted; ///< scratch
    std::vector<sql::EvaluationFailure> m_timeFailures; ///< of the batch in hand
    mutable std::mutex m_mutex;
    std::map<std::size_t, window::SliceStore> m_stores;
    StateAccount m_account;
};

} // namespace weir::query
