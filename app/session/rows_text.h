// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/row_source.h"
#include "connectors/export/export_writer.h"

namespace weir {

/// Rows of a view as text.
struct RowsText
{
    std::string text;
    std::int64_t rows = 0; ///< of those asked for, in front; fewer where the text would get too long
};

/// For the clipboard: whole records as JSON Lines or CSV, or the bytes of their values, a line each. *Blocks* for the
/// disk. Ends in front of `mostBytes`, with whole records.
Result<RowsText> textOfRows(const ChosenRows& chosen, exporter::Format format, std::size_t mostBytes);

} // namespace weir
