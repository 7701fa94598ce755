// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/column_use.h"

#include <algorithm>

namespace weir::sql {

ExpressionPtr renumbered(const ExpressionPtr& expression, const std::vector<std::size_t>& columns)
{
    auto copy = std::make_shared<Expression>(*expression);
    if (copy->kind == Expression::Kind::Column) {
        const auto place = std::lower_bound(columns.begin(), columns.end(), copy->column);
        copy->column = static_cast<std::size_t>(place - columns.begin());
    }
    for (ExpressionPtr& argument : copy->arguments)
        argument = renumbered(argument, columns);
    return copy;
}

} // namespace weir::sql
