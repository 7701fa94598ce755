// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_program.h"
#include "app/engine/pipeline/windowed_chain.h"
#include "app/engine/window/accumulators.h"

namespace weir::query {

/// The columns that an operator reads: where keys and operands of calls stand among them.
struct Operands
{
    std::vector<sql::ExpressionPtr> expressions;
    Schema schema;
    std::vector<std::size_t> keys;
    std::vector<window::CallColumns> calls;
};

/// `first`: columns of the input that come first, then keys and operands.
Operands windowOperands(const sql::WindowAggregateNode& node, const std::vector<std::size_t>& first);
Operands groupOperands(const sql::GroupAggregateNode& node);
Operands overOperands(const sql::OverNode& node); ///< all columns of the input, then operands

/// Error: an argument that a function cannot take.
Result<void> checkAggregates(const std::vector<sql::AggregateCall>& calls);
/// Errors: so many windows per row that nothing good comes of it.
Result<void> checkWindowCount(const sql::WindowNode& node);

/// TUMBLE, HOP and CUMULATE; a SESSION has none, and is taken for a TUMBLE.
window::SliceAssigner slicesOf(const sql::WindowNode& node);

/// What workers do for a window aggregation over their scan.
Aggregation sliceAggregation(const sql::WindowAggregateNode& node, const WindowedChain& chain,
    const window::WindowZone& zone, const Schema& schema);

/// Operators of plan nodes; `schema` is the node's output, `zone` the one in which its windows lie.
StageProgram windowRowsStage(const sql::WindowNode& node, const window::WindowZone& zone, const Schema& schema);
StageProgram chainStage(const sql::WindowAggregateNode& node, const WindowedChain& chain,
    const window::WindowZone& zone, const Operands& operands, const Schema& schema);
StageProgram attachedStage(const sql::WindowAggregateNode& node, const window::WindowZone& zone,
    const Operands& operands, const Schema& schema);
StageProgram groupStage(const sql::GroupAggregateNode& node, const Operands& operands, const Schema& schema);
StageProgram overStage(const sql::OverNode& node, const Operands& operands, const Schema& schema);
StageProgram topNStage(const sql::WindowTopNNode& node, const window::WindowZone& zone, const Schema& schema);
StageProgram windowJoinStage(const sql::WindowJoinNode& node, const window::WindowZone& zone, const Schema& schema,
    const sql::EvaluationContext& context);
StageProgram intervalJoinStage(
    const sql::IntervalJoinNode& node, const Schema& schema, const sql::EvaluationContext& context);

/// A row per grouping set, its number behind the operands; and the step that brings that number from behind the keys,
/// where an aggregation gives it, to the end.
StageProgram groupingSetsStage(const sql::WindowAggregateNode& node, const Operands& operands);
ProjectStep groupingNumberLast(const sql::WindowAggregateNode& node, const Schema& given);

} // namespace weir::query
