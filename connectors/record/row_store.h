// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"
#include "connectors/record/result.h"

#include <vector>

namespace weir {

/// One row of a record table: a record inside a shared batch, or a row that is no longer there.
struct StoredRow
{
    RecordBatchPtr batch; ///< null: the row was evicted
    std::size_t index = 0; ///< within the batch
    bool evicted() const { return !batch; }
};

/// Rows in arrival order, numbered from 0 with 64 bits and never renumbered. Thread-safe: one writer, any readers. A
/// row that was handed out stays readable as long as its batch is held.
class RowStore
{
public:
    virtual ~RowStore() = default;

    /// First row that can still be read; rows before it were evicted.
    virtual std::int64_t firstRow() const = 0;
    /// One past the newest row.
    virtual std::int64_t endRow() const = 0;
    /// Rows [first, first + count), cut at endRow(). Evicted rows come back as such.
    virtual Result<std::vector<StoredRow>> read(std::int64_t first, std::size_t count) const = 0;
};

} // namespace weir
