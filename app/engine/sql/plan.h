// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/table_definition.h"

#include <memory>
#include <variant>
#include <vector>

namespace weir::sql {

struct PlanNode;
using PlanPtr = std::shared_ptr<const PlanNode>;

/// Reads a table. Output: the columns named in `columns`, in that order; computed columns are evaluated after decoding.
struct ScanNode
{
    TablePtr table;
    std::vector<std::size_t> columns; ///< into table->columns; only what the query and the watermark need
    ExpressionPtr watermark; ///< over this node's output; null: no watermark, only the end of input flushes
};

/// Keeps rows whose predicate is TRUE.
struct FilterNode
{
    PlanPtr input;
    ExpressionPtr predicate;
};

enum class WindowKind : std::uint8_t { Tumble };

/// A window table function: input columns plus window_start, window_end, window_time (Timestamp of the time column's
/// kind). window [start, end): start = ts - floorMod(ts - offset, size), in milliseconds.
struct WindowNode
{
    PlanPtr input;
    WindowKind kind = WindowKind::Tumble;
    std::size_t timeColumn = 0; ///< into the input's schema
    std::int64_t sizeMs = 0;
    std::int64_t offsetMs = 0;
};

enum class AggregateKind : std::uint8_t { Count, Sum, Avg, Min, Max };

struct AggregateCall
{
    AggregateKind kind = AggregateKind::Count;
    ExpressionPtr argument; ///< null: COUNT(*)
    ExpressionPtr filter; ///< FILTER (WHERE …), null: none
    bool distinct = false;
    LogicalType type; ///< result type, as Flink derives it
};

/// Window aggregation over a WindowNode. Output: window_start, window_end, window_time, then the keys, then the calls.
/// Emits a window's rows once, when the watermark reaches window_end - 1.
struct WindowAggregateNode
{
    PlanPtr input; ///< a WindowNode, possibly under FilterNodes
    std::vector<ExpressionPtr> keys; ///< without the window columns
    std::vector<std::string> keyNames;
    std::vector<AggregateCall> calls;
};

struct ProjectNode
{
    PlanPtr input;
    std::vector<ExpressionPtr> expressions;
};

/// One step of a bound query. A tree of shared, immutable nodes; `schema` is its output.
struct PlanNode
{
    std::variant<ScanNode, FilterNode, WindowNode, WindowAggregateNode, ProjectNode> step;
    Schema schema;
};

/// Where the rows of a statement go.
struct Sink
{
    TablePtr table; ///< null: to the user (SELECT); otherwise INSERT INTO a 'print' or 'blackhole' table
};

struct QueryPlan
{
    PlanPtr root;
    Sink sink;
    SourceSpan span; ///< of the statement
    std::string timeZone = "UTC";
    /// Output columns that hold the window bounds and numbers to plot; -1 none.
    int windowStartColumn = -1;
    int windowEndColumn = -1;
};

/// The node below, null for a scan.
const PlanNode* inputOf(const PlanNode& node);

/// EXPLAIN-like text, one node a line, for tests and the curious.
std::string describe(const QueryPlan& plan);

} // namespace weir::sql
