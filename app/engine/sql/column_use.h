// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/expression.h"

namespace weir::sql {

/// `expression` with every column number replaced by its place in `columns`.
ExpressionPtr renumbered(const ExpressionPtr& expression, const std::vector<std::size_t>& columns);

} // namespace weir::sql
