// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/bind_context.h"

namespace weir::sql {

/// Two relations to be joined and what must hold of their rows.
struct JoinParts
{
    JoinKind kind = JoinKind::Inner;
    Relation left;
    Relation right;
    std::vector<ExpressionPtr> conditions; ///< over the left columns followed by the right ones
    SourceSpan span; ///< of the word JOIN, IN or EXISTS
};

/// A window join where both bounds of the window are equal on both sides, an interval join where the times are bounded
/// from both sides; anything else would keep all rows for ever and is refused. Output: left columns, then right ones
/// (Semi, Anti: left ones only). Throws StatementError.
Relation bindJoin(JoinParts parts);

/// The columns of a join, as its kind leaves them.
Scope joinedScope(const Scope& left, const Scope& right, JoinKind kind);

} // namespace weir::sql
