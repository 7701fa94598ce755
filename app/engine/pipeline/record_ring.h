// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/row_pieces.h"
#include "connectors/record/row_store.h"

#include <deque>
#include <memory>
#include <mutex>

namespace weir {

/// The newest rows of a view in memory, where no disk is to be used: batches in arrival order. Whole batches leave,
/// oldest first, when they hold more than the ring's share, when the views together hold more than sources may fill, or
/// when the memory budget runs short; the newest batch always stays. Any thread may append and read.
class RecordRing final : public RowBuffer
{
public:
    /// `budget` may be null. The batches book their own memory; the ring only looks at how much is left.
    /// `trouble`: why the rows are not on disk, if they should be.
    RecordRing(
        std::size_t shareBytes, std::shared_ptr<MemoryBudget> budget, std::optional<Error> trouble = std::nullopt);

    /// There is always room.
    bool append(const RecordBatchPtr& batch, std::chrono::milliseconds patience) override;
    void drop(const RecordBatch&) override { }
    /// Gives back what the budget needs, without waiting for the next batch.
    void trim() override;
    RowBufferState state() const override;

    std::int64_t firstRow() const override;
    std::int64_t endRow() const override;
    Result<std::vector<StoredRow>> read(
        std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const override;
    std::unique_ptr<RowScan> scan() const override;
    std::optional<std::int64_t> rowNear(const TopicPartition& partition, std::int64_t offset) const override;
    std::size_t bytes() const; ///< of the batches held

private:
    struct Entry
    {
        std::int64_t firstRow = 0;
        std::size_t bytes = 0;
        RecordBatchPtr batch; ///< null: one row for a missing range
        std::shared_ptr<const MissingRange> missing;
        std::int64_t rows() const { return batch ? static_cast<std::int64_t>(batch->size()) : 1; }
    };

    std::size_t excess() const;
    /// Evicted batches are handed out so that they die outside of the lock.
    std::deque<Entry> evict();
    Entry entryOf(const RecordBatchPtr& batch, const RowPiece& piece) const;
    static StoredRow rowOf(const Entry& entry, std::int64_t row);

    const std::size_t m_share;
    const std::shared_ptr<MemoryBudget> m_budget;
    const std::optional<Error> m_trouble;
    mutable std::mutex m_mutex;
    std::deque<Entry> m_entries;
    std::int64_t m_endRow = 0;
    std::uint64_t m_missing = 0; ///< rows
    std::size_t m_bytes = 0;
};

} // namespace weir
