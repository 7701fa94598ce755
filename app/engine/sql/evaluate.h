// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"
#include "app/engine/sql/expression.h"
#include "connectors/record/result.h"

#include <optional>
#include <string>

namespace weir::sql {

/// What an expression needs to know beyond its rows.
struct EvaluationContext
{
    std::string timeZone = "UTC"; ///< 'table.local-time-zone'
};

/// A row at which Flink's job would fail (INT / 0, a CAST that cannot be done).
struct EvaluationFailure
{
    std::uint32_t row = 0;
    std::string message;
};

struct Evaluated
{
    Column column; ///< as long as the batch; rows that are not selected hold anything
    std::optional<EvaluationFailure> failure; ///< the first failing selected row; its value is NULL
};

/// Computes one column for all selected rows of `batch`, column by column (no per-row interpretation).
Evaluated evaluate(const Expression& expression, const EventBatch& batch, const EvaluationContext& context);

/// Narrows `batch.selection` to the rows for which `predicate` is TRUE (not NULL, not FALSE).
std::optional<EvaluationFailure> applyFilter(
    const Expression& predicate, EventBatch& batch, const EvaluationContext& context);

} // namespace weir::sql
