// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast_statement.h"
#include "app/engine/sql/query_binder.h"

namespace weir::sql {

/// INSERT INTO: the query's columns in the order of the table's, with NULL for those that are not named, their types
/// checked as Flink does. Throws StatementError.
QueryPlan bindSink(const ast::Insert& insert, const TablePtr& table, BoundQuery query);

} // namespace weir::sql
