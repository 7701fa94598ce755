// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"
#include "app/engine/sql/expression.h"

#include <stdexcept>

/// The oracle beside the columnar evaluator: one row, one value, by recursion and without a thought for speed.

/// Flink's job would fail at this row.
struct NaiveFailure : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

weir::sql::Literal naiveValue(const weir::sql::Expression& expression, const weir::EventBatch& batch, std::size_t row);

/// The cell of a column in the same form.
weir::sql::Literal cellOf(const weir::Column& column, std::size_t row);
