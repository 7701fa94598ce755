// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/logical_type.h"
#include "app/engine/sql/expression.h"

#include <optional>

namespace weir::sql {

/// Flink's rules for the types of results.

/// The type that both sides are brought to (comparison, CASE, COALESCE, IN); nothing where there is none. Nullable if
/// either is.
std::optional<LogicalType> commonType(const LogicalType& a, const LogicalType& b);

/// Result of + - * / % on two numeric types.
LogicalType arithmeticType(Function operation, const LogicalType& a, const LogicalType& b);

/// An exact numeric type as DECIMAL: INT is DECIMAL(10, 0).
LogicalType asDecimal(const LogicalType& type);

/// `expression` as `type`: itself if it has it already (nullability apart), a constant converted at once, else a CAST.
ExpressionPtr castTo(const ExpressionPtr& expression, const LogicalType& type);

/// Whether CAST(from AS to) exists.
bool canCast(const LogicalType& from, const LogicalType& to);

/// Whether values of two nested types look alike: they differ in what may be NULL, in the names of fields and in the
/// lengths of texts. Of other types, whether they are the same besides NULL or both texts.
bool sameElements(const LogicalType& a, const LogicalType& b);

bool sameBesidesNull(const LogicalType& a, const LogicalType& b);

} // namespace weir::sql
