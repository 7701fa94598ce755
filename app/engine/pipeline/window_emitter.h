// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_worker.h"
#include "app/engine/window/slice_merger.h"
#include "app/engine/window/watermark_tracker.h"

#include <functional>
#include <set>

namespace weir::query {

using Workers = std::vector<std::unique_ptr<QueryWorker>>;

/// Brings the workers' slices together when a window fires. Knows the slices of all batches gone through so far. One
/// thread, which goes through batches in arrival order.
class WindowEmitter
{
public:
    /// For the aggregation, if there is one, of one scan of `program`.
    WindowEmitter(std::shared_ptr<const QueryProgram> program, std::size_t scan, const Workers& workers,
        std::shared_ptr<MemoryBudget> budget);

    struct Hooks
    {
        std::function<Result<void>(ResultBatch rows, std::int64_t windowEnd)> emit;
        /// A row of a window at which Flink's job would fail.
        std::function<Result<void>(const std::string& message)> fail;
    };

    /// A batch was gone through whose rows in time lie in these slices.
    void noteOpen(std::int64_t sliceEnd);
    /// Decides rows that other partitions decide, before the tracker observes their batch. A row that is late for some
    /// of its windows counts in the others: those that fired before it are emitted first. Gives the number dropped.
    Result<std::uint64_t> addDoubtful(const WorkedBatch& doubtful, std::size_t partition,
        const window::WatermarkTracker& tracker, const Hooks& hooks);

    /// Gives the rows of each window that has fired, by window end. Stops at the first Error.
    Result<void> fire(std::int64_t watermark, const Hooks& hooks);
    /// Rows of the open windows as they are now, at most about `maxRows`.
    std::shared_ptr<const ResultBatch> provisional(std::size_t maxRows) const;

    std::size_t openWindows() const { return m_open.size(); }
    std::uint64_t fired() const { return m_fired; }
    struct StateSize
    {
        std::size_t groups = 0;
        std::size_t bytes = 0;
    };
    StateSize stateSize() const;

private:
    Result<void> fireUntil(std::int64_t watermark, const Hooks& hooks); ///< in the time of window bounds
    void openSlice(std::int64_t sliceEnd, std::int64_t watermark);
    Result<void> addDecided(const WorkedBatch& doubtful, std::size_t partition, const window::SlicedRows& rows);
    Result<void> addLate(const WorkedBatch& doubtful, std::uint32_t row, std::int64_t sliceEnd);
    Result<void> bookState();
    void closeSlice(std::int64_t end);
    std::unique_ptr<window::SliceState> copyOf(std::int64_t end) const;
    void addOpenSlices(window::WindowBounds bounds, window::SliceState& into) const;
    struct WindowResult
    {
        ResultBatch rows;
        std::vector<sql::EvaluationFailure> failures;
    };
    WindowResult rowsOf(const window::SliceState& slice, std::int64_t end) const;
    Result<void> emit(const window::SliceState& slice, std::int64_t end, const Hooks& hooks);
    const ScanProgram& scan() const { return m_program->scans[m_scan]; }

    std::shared_ptr<const QueryProgram> m_program;
    std::size_t m_scan;
    const Workers& m_workers;
    std::vector<std::map<std::size_t, window::SliceStore>> m_decided; ///< one: doubtful rows that count, by partition
    StateAccount m_account;
    std::unique_ptr<window::SliceMerger> m_merger; ///< null without an aggregation
    std::set<std::int64_t> m_slices; ///< whose own end has not fired
    std::set<std::int64_t> m_open; ///< ends of windows that hold rows
    std::uint64_t m_fired = 0;
};

} // namespace weir::query
