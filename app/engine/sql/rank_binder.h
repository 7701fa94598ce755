// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/bind_context.h"

namespace weir::sql {

/// Window Top-N and deduplication: a query with ROW_NUMBER() waits (Relation::rank) until the query around it bounds
/// it.

/// `relation` as it stands: a ROW_NUMBER() without a bound counts the rows before each one, if they come in the order
/// of time, and is refused otherwise.
Relation settled(const Relation& relation);

/// A waiting relation under WHERE: bound by a condition such as rn <= 3; settled where none of them bounds it.
Relation ranked(const Relation& relation, const std::vector<ExpressionPtr>& conditions);

/// A waiting relation under a plain SELECT, which waits on.
Relation projectedRank(const Relation& relation, const std::vector<NamedExpression>& outputs);

} // namespace weir::sql
