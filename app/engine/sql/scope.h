// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/logical_type.h"

#include <string>
#include <vector>

namespace weir::sql {

/// What a column is to the window in which its row lies.
enum class WindowRole : std::uint8_t { None, Start, End, Time };

/// A column that a name may mean.
struct ScopeColumn
{
    std::string name;
    LogicalType type;
    bool timeAttribute = false; ///< orders the rows by the table's watermark
    std::string qualifier = {}; ///< table or alias that may stand in front; empty: none
    WindowRole role = WindowRole::None;
    bool sessionKey = false; ///< a column of SESSION … PARTITION BY
    bool windowed = false; ///< a time attribute that has gone through a window: no window can stand on it again
};

/// What names mean at one place: the columns of the input, in the order of its schema.
struct Scope
{
    std::vector<ScopeColumn> columns;
};

} // namespace weir::sql
