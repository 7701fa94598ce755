// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"

#include <vector>

namespace weir::window {

/// Negative, 0, positive: cell `left` of `column` is below, equal to, above cell `right`; neither is NULL. Strings by
/// bytes, which is the order of code points; NaN is above all numbers and equal to itself, as in Java.
int compareCells(const Column& column, std::size_t left, std::size_t right);

/// True when both cells show the same: NULL equals NULL.
bool sameCells(const Column& left, std::size_t leftRow, const Column& right, std::size_t rightRow);

struct OrderColumn
{
    std::size_t column = 0;
    bool descending = false;
    bool nullsFirst = true; ///< where NULLs stand in the order asked for
};

/// Row `left` stands before row `right` in this order of `columns`; false for equal ones.
bool standsBefore(
    const std::vector<Column>& columns, const std::vector<OrderColumn>& order, std::size_t left, std::size_t right);

} // namespace weir::window
