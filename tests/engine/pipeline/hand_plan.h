// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/plan.h"

#include <string>

/// Plans made by hand over tables with columns k STRING, v BIGINT, ts TIMESTAMP_LTZ(3): tests of the engine do not wait
/// for the language, and say exactly what runs.
namespace weir::plans {

/// Rows of table `name`; its watermark stays `delayMs` behind the times. Each call scans anew.
sql::PlanPtr table(const std::string& name, std::int64_t delayMs, const std::string& options = {});

struct Window
{
    sql::WindowKind kind = sql::WindowKind::Tumble;
    std::int64_t size = 1;
    std::int64_t step = 0;
    std::int64_t offset = 0;
    std::vector<std::size_t> partition = {}; ///< SESSION
};
/// The input's columns, window_start, window_end, window_time.
sql::PlanPtr windowed(sql::PlanPtr input, std::size_t timeColumn, const Window& window);

/// Keys are plain columns; calls as COUNT(*), SUM(v), MIN(v), MAX(v) over column `value`.
sql::PlanPtr aggregated(sql::PlanPtr input, const std::vector<std::size_t>& keys, std::size_t value);
sql::PlanPtr updating(sql::PlanPtr input, const std::vector<std::size_t>& keys, std::size_t value);
std::vector<sql::AggregateCall> calls(const Schema& schema, std::size_t value);

sql::PlanPtr topN(sql::PlanPtr input, sql::WindowTopNNode node); ///< bounds are found by name
sql::PlanPtr over(sql::PlanPtr input, sql::OverNode node);
sql::PlanPtr windowJoin(sql::PlanPtr left, sql::PlanPtr right, sql::WindowJoinNode node);
sql::PlanPtr intervalJoin(sql::PlanPtr left, sql::PlanPtr right, sql::IntervalJoinNode node);
sql::PlanPtr filtered(sql::PlanPtr input, sql::ExpressionPtr predicate);
/// column < value
sql::ExpressionPtr below(const Schema& schema, std::size_t column, std::int64_t value);

sql::QueryPlan plan(sql::PlanPtr root);

/// Where a schema has the column of this name.
std::size_t at(const Schema& schema, const std::string& name);

} // namespace weir::plans
