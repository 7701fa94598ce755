// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/bind_context.h"

namespace weir::sql {

/// [NOT] EXISTS (SELECT …), x [NOT] IN (SELECT …), also behind NOT.
bool isSubqueryTest(const ast::Expression& condition);

/// The rows of `outer` that pass the test: a semi join, or an anti join where it is negated. The subquery's WHERE may
/// name columns of `outer`. Throws StatementError.
Relation bindSubqueryTest(
    const ast::Expression& test, const Relation& outer, BindContext& context, const CommonTables* commons);

} // namespace weir::sql
