// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/row_store.h"

#include <deque>
#include <memory>
#include <mutex>

namespace weir {

/// The newest rows of a view in memory: batches in arrival order. Whole batches leave, oldest first, when they hold
/// more than the ring's share, when the views together hold more than sources may fill, or when the memory budget runs
/// short; the newest batch always stays. Any thread may append and read.
class RecordRing final : public RowStore
{
public:
    /// `budget` may be null. The batches book their own memory; the ring only looks at how much is left.
    RecordRing(std::size_t shareBytes, std::shared_ptr<MemoryBudget> budget);

    /// Empty batches are ignored.
    void append(RecordBatchPtr batch);
    /// Gives back what the budget needs, without waiting for the next batch. Returns bytes let go.
    std::size_t trim();

    std::int64_t firstRow() const override;
    std::int64_t endRow() const override;
    Result<std::vector<StoredRow>> read(std::int64_t first, std::size_t count) const override;
    std::size_t bytes() const; ///< of the batches held

private:
    struct Entry
    {
        std::int64_t firstRow = 0;
        std::size_t bytes = 0;
        RecordBatchPtr batch;
    };

    std::size_t excess() const;
    /// Evicted batches are handed out so that they die outside of the lock.
    std::deque<Entry> evict();

    const std::size_t m_share;
    const std::shared_ptr<MemoryBudget> m_budget;
    mutable std::mutex m_mutex;
    std::deque<Entry> m_entries;
    std::int64_t m_endRow = 0;
    std::size_t m_bytes = 0;
};

} // namespace weir
