// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast_statement.h"
#include "app/engine/sql/table_definition.h"

namespace weir::sql {

/// A CREATE TABLE with its names looked up and its options checked. Throws StatementError; what is only odd (options
/// that Weir does not know and keeps for Flink) is added to `diagnostics`.
TablePtr bindTable(const ast::CreateTable& table, std::vector<Diagnostic>& diagnostics);

} // namespace weir::sql
