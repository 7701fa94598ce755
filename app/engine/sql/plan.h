// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/aggregate_function.h"
#include "app/engine/sql/badge.h"
#include "app/engine/sql/table_definition.h"

#include <memory>
#include <optional>
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

enum class WindowKind : std::uint8_t { Tumble, Hop, Cumulate, Session };

/// A window table function: input columns plus window_start, window_end, window_time (Timestamp of the time column's
/// kind). TUMBLE: [start, end) with start = ts - floorMod(ts - offset, size), in milliseconds of the session's zone.
/// A row of HOP and CUMULATE lies in several windows; of SESSION in the one that it makes with its neighbours.
struct WindowNode
{
    PlanPtr input;
    WindowKind kind = WindowKind::Tumble;
    std::size_t timeColumn = 0; ///< into the input's schema
    std::int64_t sizeMs = 0; ///< SESSION: the gap
    std::int64_t stepMs = 0; ///< HOP: the slide, CUMULATE: the step, divides sizeMs; else 0
    std::int64_t offsetMs = 0;
    bool emitOnlyOnUpdate = false; ///< CUMULATE: a window shows only keys that had rows in its last step
    std::vector<std::size_t> partition; ///< SESSION … PARTITION BY, into the input's schema
};

/// Columns of a schema that hold the bounds of the window in which a row lies; of any input whose rows come from a
/// window table function, however many steps below. `time` may be gone.
struct WindowColumns
{
    std::size_t start = 0;
    std::size_t end = 0;
    std::optional<std::size_t> time;
};

struct AggregateCall
{
    aggregate::AggregateSpec spec;
    ExpressionPtr argument; ///< null: COUNT(*)
    ExpressionPtr filter; ///< FILTER (WHERE …), null: none
};

/// Window aggregation. Output: window_start, window_end, window_time, then the keys, then the calls. Emits a window's
/// rows once, when the watermark reaches window_end - 1.
struct WindowAggregateNode
{
    /// A WindowNode, possibly under FilterNodes and ProjectNodes, or anything that keeps the bounds of a window: an
    /// aggregation, Top-N or join of the same windows. Which one, `window` and inputsOf() tell.
    PlanPtr input;
    WindowColumns window; ///< in the input
    std::vector<ExpressionPtr> keys; ///< without the window columns
    std::vector<std::string> keyNames;
    std::vector<AggregateCall> calls;
    /// GROUPING SETS, ROLLUP, CUBE: which keys each set groups by (indexes into `keys`); the others are NULL in its
    /// rows. Empty: one set of all keys. With sets, a last output column holds GROUPING_ID over all keys (BIGINT).
    std::vector<std::vector<std::size_t>> groupingSets;
};

/// Aggregation without a window, as Flink's updating aggregation: every row that changes a group emits the group's
/// former row (UPDATE_BEFORE) and its new one. Output: the keys, then the calls. SELECT DISTINCT has no calls.
struct GroupAggregateNode
{
    PlanPtr input;
    std::vector<ExpressionPtr> keys;
    std::vector<std::string> keyNames;
    std::vector<AggregateCall> calls;
};

struct SortKey
{
    std::size_t column = 0; ///< into the input's schema
    bool descending = false;
    bool nullsFirst = true; ///< as written, or Flink's default: NULLs are the smallest
};

/// Window Top-N (ROW_NUMBER() … WHERE rn <= n) within the windows of the input. Output: the input's columns, then the
/// row number (BIGINT NOT NULL). Emits when the watermark reaches window_end - 1.
struct WindowTopNNode
{
    PlanPtr input;
    WindowColumns window;
    std::vector<std::size_t> partition; ///< without the window columns
    std::vector<SortKey> order;
    std::int64_t first = 1; ///< row numbers first to last, inclusive
    std::int64_t last = 1;
    /// The order is the time attribute's alone and last is 1: Flink's deduplication. Of equal times the first row stays
    /// when ascending, the last one when descending.
    bool deduplicates = false;
};

enum class JoinKind : std::uint8_t { Inner, Left, Right, Full, Semi, Anti };

/// left column = right column.
struct JoinKey
{
    std::size_t left = 0;
    std::size_t right = 0;
};

/// Join of two inputs window by window: bounds and keys are equal. Output: left columns, then right ones (Semi, Anti:
/// left ones only). Emits when the watermark of both reaches window_end - 1.
struct WindowJoinNode
{
    PlanPtr left;
    PlanPtr right;
    JoinKind kind = JoinKind::Inner;
    WindowColumns leftWindow;
    WindowColumns rightWindow;
    std::vector<JoinKey> keys; ///< without the bounds
    ExpressionPtr condition; ///< what remains of ON, over left columns followed by right ones; null: nothing
};

/// Join with left time + lowerMs <= right time <= left time + upperMs. Output as a window join's. Inner rows are
/// emitted as they meet; a row without partner (Left, Right, Full) when the watermark shows that none can come.
struct IntervalJoinNode
{
    PlanPtr left;
    PlanPtr right;
    JoinKind kind = JoinKind::Inner; ///< not Semi, not Anti
    std::size_t leftTime = 0; ///< into the left schema
    std::size_t rightTime = 0; ///< into the right schema
    std::int64_t lowerMs = 0;
    std::int64_t upperMs = 0;
    std::vector<JoinKey> keys; ///< at least one
    ExpressionPtr condition; ///< what remains of ON, over left columns followed by right ones; null: nothing
};

/// Aggregates over the rows before each row, ordered by the time attribute. Output: the input's columns, then the
/// calls. Rows are emitted when the watermark reaches their time.
struct OverNode
{
    PlanPtr input;
    std::vector<std::size_t> partition;
    std::size_t timeColumn = 0;
    bool byRows = false; ///< ROWS; else RANGE, where rows of equal time see one another
    std::int64_t preceding = -1; ///< rows or milliseconds before the current row; -1: UNBOUNDED
    std::vector<AggregateCall> calls; ///< without filters
};

struct ProjectNode
{
    PlanPtr input;
    std::vector<ExpressionPtr> expressions;
};

/// One step of a bound query. A graph of shared, immutable nodes: a table or view that is named twice may be one node
/// with two readers. `schema` is its output.
struct PlanNode
{
    std::variant<ScanNode, FilterNode, WindowNode, WindowAggregateNode, GroupAggregateNode, WindowTopNNode,
        WindowJoinNode, IntervalJoinNode, OverNode, ProjectNode>
        step;
    Schema schema;
};

/// Where the rows of a statement go.
struct Sink
{
    TablePtr table; ///< null: to the user (SELECT); otherwise INSERT INTO this one
};

struct QueryPlan
{
    PlanPtr root;
    Sink sink;
    SourceSpan span; ///< of the statement
    std::string timeZone = "UTC";
    Badge badge;
    /// Output columns that hold the window bounds and numbers to plot; -1 none.
    int windowStartColumn = -1;
    int windowEndColumn = -1;
};

/// The nodes below: none for a scan, two for a join.
std::vector<PlanPtr> inputsOf(const PlanNode& node);

/// EXPLAIN-like text, one node a line, for tests and the curious.
std::string describe(const QueryPlan& plan);

} // namespace weir::sql
