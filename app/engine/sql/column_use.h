// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast.h"
#include "app/engine/sql/table_definition.h"

#include <set>

namespace weir::sql {

/// Which columns of a table a SELECT needs, its watermark and computed columns included, in the table's order: nothing
/// else is decoded.
std::vector<std::size_t> columnsNeeded(const ast::Select& select, const TableDefinition& table);

/// `expression` with every column number replaced by its place in `columns`.
ExpressionPtr renumbered(const ExpressionPtr& expression, const std::vector<std::size_t>& columns);

} // namespace weir::sql
