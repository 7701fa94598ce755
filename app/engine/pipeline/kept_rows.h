// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"
#include "connectors/record/memory_budget.h"

#include <memory>

namespace weir::query {

/// Rows from number `first` on are appended; `to` takes the columns of `from` when it has none.
void appendRows(ResultBatch& to, const ResultBatch& from, std::size_t first = 0);

/// Final rows of a query in emission order, at most so many and within the memory budget; the oldest leave first. One
/// thread; what publish() gives is immutable and may be read anywhere.
class KeptRows
{
public:
    KeptRows(const Schema& schema, std::size_t maxRows, std::shared_ptr<MemoryBudget> budget);

    void append(const ResultBatch& rows);
    /// All kept rows; the same object as long as nothing was appended.
    std::shared_ptr<const ResultBatch> publish();
    std::uint64_t dropped() const { return m_dropped; }

private:
    void dropOldest(std::size_t count);
    std::size_t memoryBytes() const;

    ResultBatch m_rows; ///< rows before m_first have left
    std::size_t m_first = 0;
    std::size_t m_maxRows;
    std::uint64_t m_dropped = 0;
    std::shared_ptr<MemoryBudget> m_budget;
    MemoryLease m_lease;
    std::shared_ptr<const ResultBatch> m_published;
};

} // namespace weir::query
