// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"

#include <QString>

#include <optional>

namespace weir {

/// A cell of a result as the window shows it: quantities grouped, 64-bit integers and decimals in full, times in UTC.
/// nullopt is SQL's NULL.
std::optional<QString> shownText(const Column& column, std::size_t row);

/// The same for a clipboard or a legend: exact, ungrouped.
QString exactText(const Column& column, std::size_t row);

/// For plotting only: rounded to double. nullopt for NULL and for what is no number.
std::optional<double> cellNumber(const Column& column, std::size_t row);

bool isPlottable(const LogicalType& type);

/// Digits of an unscaled decimal with its point put in; `group` by thousands.
QString decimalText(Int128 unscaled, int scale, bool group);

} // namespace weir
