// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast_query.h"
#include "app/engine/sql/plan.h"

#include <functional>

namespace weir::sql {

/// Binds an expression over the input of an aggregation.
using BindPart = std::function<ExpressionPtr(const ast::Expression&)>;

/// A call of an aggregate function with its types; also of one with OVER. Throws StatementError.
AggregateCall bindAggregateCall(const ast::Expression& call, const BindPart& bind);

bool sameCall(const AggregateCall& a, const AggregateCall& b);

/// Whether an aggregate's call stands anywhere in it. A call with OVER is none, but its arguments may hold some.
bool hasAggregate(const ast::Expression& expression);

/// Calls `visit` for each expression of `expression`, itself first; windows of OVER are entered, subqueries are not.
void forEachPart(const ast::Expression& expression, const std::function<void(const ast::Expression&)>& visit);
void forEachPart(const ast::WindowSpec& window, const std::function<void(const ast::Expression&)>& visit);

} // namespace weir::sql
