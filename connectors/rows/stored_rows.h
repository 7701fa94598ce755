// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/rows/row_loader.h"

#include <optional>

namespace weir::rows {

/// Which rows are wanted.
struct RowsWanted
{
    std::int64_t first = 0;
    std::size_t count = 0;
    std::chrono::milliseconds patience{0};
};

/// Whether who keeps what can be read again should let go of it.
bool isMemoryShort(const MemoryBudget* budget);

/// What stands in place of an entry's records; nullopt: they are to be read.
using StandIn = std::function<std::optional<StoredRow>(const RowEntry&)>;

/// The row of a missing range.
StoredRow missingRow(const RowEntry& entry, std::shared_ptr<const std::string> topic);

/// Reads entry by entry on the thread that asks.
std::unique_ptr<RowScan> scanRows(const RowIndex& index, RowLoader::Load load, StandIn standIn);

/// Rows out of an index and what its entries hold.
Result<std::vector<StoredRow>> readRows(
    const RowIndex& index, RowLoader& loader, const RowsWanted& wanted, const StandIn& standIn);

} // namespace weir::rows
