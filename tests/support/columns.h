// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"

#include <optional>
#include <string>

namespace weir {

/// A column of the given values, nullopt being NULL. Strings are copied into the column's own heap.
template <typename T>
Column columnOf(const LogicalType& type, const std::vector<std::optional<T>>& values)
{
    Column column(type, values.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (!values[row])
            column.setNull(row);
        else if constexpr (std::is_same_v<T, std::string>)
            column.values<std::string_view>()[row] = column.ownHeap().add(*values[row]);
        else
            column.values<T>()[row] = *values[row];
    }
    return column;
}

/// Row of a column, nullopt for NULL.
template <typename T>
std::optional<T> at(const Column& column, std::size_t row)
{
    if (column.isNull(row))
        return std::nullopt;
    return T(column.values<T>()[row]);
}

} // namespace weir
