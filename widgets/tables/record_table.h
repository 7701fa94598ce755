// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/row_table.h"

namespace weir::tables {

/// The records of a topic or capture: glyph column, one-line header, follow mode on.
class RecordTable : public RowTable
{
    Q_OBJECT
public:
    explicit RecordTable(QWidget* parent = nullptr);
};

} // namespace weir::tables
