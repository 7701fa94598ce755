// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/record_table.h"

namespace weir::tables {

RecordTable::RecordTable(QWidget* parent) : RowTable(HeaderLines::One, true, parent) { }

} // namespace weir::tables
