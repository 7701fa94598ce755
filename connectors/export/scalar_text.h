// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/column_view.h"

namespace weir::exporter {

/// A value of kind Boolean, Integer or Real as text: the shortest that reads back as the same value. NaN and infinities
/// as "NaN", "Infinity", "-Infinity".
void appendScalar(std::string& out, const ColumnInfo& info, const ColumnView& column, std::size_t row);

} // namespace weir::exporter
