// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast.h"
#include "app/engine/sql/plan.h"

#include <map>
#include <string>

namespace weir::sql {

using Catalog = std::map<std::string, TablePtr>;

/// A SELECT as a plan: scan, window, filter, aggregation, filter, projection. Throws StatementError.
QueryPlan bindQuery(const ast::Select& select, const Catalog& catalog);

} // namespace weir::sql
