// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/table_decoder.h"
#include "app/engine/sql/evaluate.h"
#include "app/engine/sql/plan.h"
#include "app/engine/window/operator.h"
#include "app/engine/window/slice_assigner.h"
#include "app/engine/window/slice_state.h"
#include "app/engine/window/window_zone.h"

#include <chrono>
#include <functional>
#include <variant>

namespace weir::query {

struct FilterStep
{
    sql::ExpressionPtr predicate;
};

struct ProjectStep
{
    std::vector<sql::ExpressionPtr> expressions;
    Schema schema;
};

/// Appends window_start, window_end, window_time; their values are computed only if a later step reads them.
struct WindowStep
{
    window::SliceAssigner slices;
    std::size_t timeColumn = 0;
    bool columnsRead = false;
    Schema schema;
    window::WindowZone zone = {};
};

using Step = std::variant<FilterStep, ProjectStep, WindowStep>;

struct Aggregation
{
    window::SliceAssigner slices;
    std::size_t timeColumn = 0;
    std::vector<sql::ExpressionPtr> keys;
    std::vector<sql::ExpressionPtr> arguments; ///< null: COUNT(*)
    std::vector<sql::ExpressionPtr> filters; ///< null: none
    /// Which keys each grouping set groups by; none: one set of all. With sets the last key of a slice is GROUPING_ID.
    std::vector<std::vector<std::size_t>> groupingSets;
    std::shared_ptr<const window::SliceSpec> spec;
    Schema schema;
    window::WindowZone zone = {};
    bool orderMatters = false; ///< state is kept per partition, so that sums of doubles do not depend on the workers
};

struct ComputedColumn
{
    std::size_t place = 0; ///< in the scan's output
    sql::ExpressionPtr expression; ///< over the scan's output
};

/// Who takes the rows of a scan or a stage: an input of a stage.
struct Reader
{
    std::size_t stage = 0;
    std::size_t port = 0;
};

/// The first part of a query, one per scan: what to decode and what workers do per batch.
struct ScanProgram
{
    sql::TablePtr table;
    std::vector<DecodedColumn> decoded;
    std::vector<std::size_t> decodedPlaces; ///< in the scan's output, one per decoded column
    std::vector<ComputedColumn> computed; ///< in the order in which they can be evaluated
    Schema scanSchema;
    RecordFormat format;
    sql::ExpressionPtr watermark; ///< over the scan's output; may be null
    std::int64_t watermarkFloor = INT64_MIN;
    std::chrono::milliseconds idleTimeout{0}; ///< 0: partitions never fall idle
    std::vector<Step> before; ///< of the aggregation, or all steps if there is none
    std::optional<Aggregation> aggregation;
    std::vector<Step> after;
    Schema output;
    std::vector<Reader> readers; ///< of the output; none: its rows are the result
};

/// One operator with the stateless steps behind it.
struct StageProgram
{
    std::string name; ///< for counters and messages: "window join"
    std::function<std::unique_ptr<window::Operator>()> make; ///< null: only steps
    std::size_t ports = 1;
    /// By port, the columns whose values decide which of several operators gets a row; none: there is only one.
    std::vector<std::vector<std::size_t>> exchangeKeys;
    bool multiplies = false; ///< it may give more rows for a few than memory holds
    Schema given; ///< what the operator gives
    std::vector<Step> after;
    Schema output;
    std::vector<Reader> readers; ///< none: its rows are the result
};

/// A plan made ready to run. Immutable, shared by workers. Rows flow from scans through stages; stages stand behind
/// those that they read.
struct QueryProgram
{
    std::string name; ///< for messages: "query at line 12"
    std::vector<ScanProgram> scans;
    std::vector<StageProgram> stages;
    Schema output;
    sql::EvaluationContext context;
};

/// Errors: a shape of plan, a type or an option that cannot run here.
Result<std::shared_ptr<const QueryProgram>> makeProgram(const sql::QueryPlan& plan);

} // namespace weir::query
