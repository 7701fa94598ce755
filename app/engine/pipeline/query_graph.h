// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/exchange.h"
#include "app/engine/pipeline/row_evaluator.h"
#include "app/engine/pipeline/state_account.h"

#include <deque>

namespace weir::query {

/// What comes of rows that reached the end of the graph, and of rows at which Flink's job would fail. An Error ends the
/// run.
struct GraphHooks
{
    std::function<Result<void>(ResultBatch rows)> emit;
    std::function<Result<void>(const std::string& message)> fail;
};

/// How operators are run.
struct GraphOptions
{
    std::size_t operators = 1; ///< of one kind, side by side
    std::shared_ptr<MemoryBudget> budget; ///< may be null
};

struct LateRows
{
    std::string stage;
    std::uint64_t rows = 0;
};

/// The operators behind the scans of a query. Rows and watermarks are pushed in arrival order and run through at once.
/// The watermark of an operator with two inputs is the lower one; an input that is idle is left out. One thread.
class QueryGraph
{
public:
    QueryGraph(std::shared_ptr<const QueryProgram> program, GraphHooks hooks, const GraphOptions& options);

    Result<void> rows(std::size_t scan, window::StreamRows rows);
    /// The watermark of a scan behind its last row; never goes back.
    Result<void> advance(std::size_t scan, std::int64_t watermark);
    Result<void> setIdle(std::size_t scan, bool idle);

    std::uint64_t filtered() const { return m_filtered; }
    std::uint64_t fired() const;
    std::vector<LateRows> lateRows() const; ///< of each stage that dropped some
    std::size_t groupCount() const;
    std::size_t memoryBytes() const;

private:
    struct Port
    {
        std::int64_t watermark = INT64_MIN;
        bool idle = false;
    };
    struct Stage
    {
        const StageProgram* program = nullptr;
        std::unique_ptr<Exchange> exchange; ///< null: only steps
        std::vector<Port> ports;
        std::int64_t watermark = INT64_MIN;
        bool idle = false;
        std::uint64_t nextNumber = 0;
    };

    Result<void> deliver(const std::vector<Reader>& readers, window::StreamRows rows);
    Result<void> deliverWatermark(const std::vector<Reader>& readers, std::int64_t watermark);
    Result<void> deliverIdle(const std::vector<Reader>& readers, bool idle);
    Result<void> emit(window::StreamRows rows);
    Result<void> rowsAt(Stage& stage, std::size_t port, window::StreamRows rows);
    Result<void> runOperator(Stage& stage, std::size_t port, const window::StreamRows& rows, std::int64_t after);
    Result<void> moveWatermark(Stage& stage);
    Result<void> behind(Stage& stage, window::StreamRows rows);
    static std::int64_t lowest(const Stage& stage, std::size_t exceptPort);

    std::shared_ptr<const QueryProgram> m_program;
    GraphHooks m_hooks;
    GraphOptions m_options;
    ShardThreads m_threads;
    std::deque<Stage> m_stages;
    std::uint64_t m_filtered = 0;
};

} // namespace weir::query
