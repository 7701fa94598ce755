// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast_query.h"

#include <vector>

namespace weir::sql {

/// GROUP BY spelled out: its keys as written, in order, and the sets of them. Without GROUPING SETS, ROLLUP or CUBE
/// there is one set of all keys.
struct Grouping
{
    std::vector<const ast::Expression*> keys;
    std::vector<std::vector<std::size_t>> sets; ///< indexes into `keys`
    bool hasSets = false;
};

/// Throws where there are more than 256 sets.
Grouping groupingOf(const std::vector<ast::GroupItem>& groupBy);

} // namespace weir::sql
