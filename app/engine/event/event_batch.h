// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"
#include "connectors/record/record_batch.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// Rows of a batch that are meant, in ascending order, instead of a copy of them. `all` avoids the list.
struct Selection
{
    bool all = true;
    std::vector<std::uint32_t> rows; ///< used when `all` is false
};

/// Why one row could not be decoded the way its table asks.
struct RowError
{
    std::uint32_t row = 0; ///< in the batch
    std::size_t byte = 0; ///< position in the value
    std::string message;
    bool failsFlink = true; ///< Flink's job would fail here: false where the table ignores such errors
};

/// Decoded records as columns of equal length. Strings point into `source` or a column's heap.
struct EventBatch
{
    Schema schema;
    std::vector<Column> columns;
    std::size_t rowCount = 0;
    Selection selection;
    std::vector<RowError> errors; ///< by row; such rows are not in `selection`
    RecordBatchPtr source; ///< null when the rows do not come straight from records
    /// Row i of this batch is record sourceRows[i] of `source`; empty: record i.
    std::vector<std::uint32_t> sourceRows;
    /// Number of the record batch in arrival order over all partitions of a query; decides late or not.
    std::uint64_t sequence = 0;

    std::size_t selectedCount() const { return selection.all ? rowCount : selection.rows.size(); }
    /// Calls `visit(row)` for each selected row, ascending.
    template <typename Visit>
    void forEachSelected(Visit&& visit) const
    {
        if (selection.all) {
            for (std::uint32_t row = 0; row < rowCount; ++row)
                visit(row);
        } else {
            for (const std::uint32_t row : selection.rows)
                visit(row);
        }
    }
};

enum class RowKind : std::uint8_t { Insert, UpdateBefore, UpdateAfter, Delete };

/// Rows that a query emits. Owns everything it shows.
struct ResultBatch
{
    Schema schema;
    std::vector<Column> columns;
    std::size_t rowCount = 0;
    std::vector<RowKind> kinds; ///< empty: all Insert
};

} // namespace weir
