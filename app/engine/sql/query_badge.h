// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/bind_context.h"

namespace weir::sql {

/// Adds what the functions of a query, and of the views that it names, ask of Flink.
void addQueryBadge(const ast::Query& query, const Catalog& catalog, Badge& badge);

} // namespace weir::sql
