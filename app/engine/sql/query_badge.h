// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/bind_context.h"
#include "app/engine/sql/plan.h"

#include <string_view>
#include <vector>

namespace weir::sql {

/// Adds what the functions of a query, and of the views that it names, ask of Flink.
void addQueryBadge(const ast::Query& query, const Catalog& catalog, Badge& badge);

/// Names that later versions of Flink reserve, in a query or in what is defined for it. `queries` are those of the
/// text.
void addLaterWords(std::string_view text, std::vector<QueryPlan>& queries);

} // namespace weir::sql
