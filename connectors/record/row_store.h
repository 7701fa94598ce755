// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"
#include "connectors/record/result.h"

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace weir {

/// Why a row has no record.
enum class RowAbsence : std::uint8_t {
    Evicted, ///< it was there: newer rows took its place
    Dropped, ///< it came faster than it could be kept
    Loading, ///< it is being read: ask again when RowStore::loads() has grown
    Unreadable, ///< what held it cannot be read any more
    Missing, ///< it never was one: StoredRow::missing says which offsets carry no record
};

/// Offsets that a row of its own tells of, since they carry no record.
struct MissingRange
{
    std::shared_ptr<const std::string> topic;
    PartitionId partition;
    Gap range; ///< the first and the last of them lie in it
    std::int64_t offsets = 0; ///< how many: fewer than the range is long where records stand between them
};

/// One row of a record table: a record inside a shared batch, or a row that is not there.
struct StoredRow
{
    RecordBatchPtr batch; ///< null: see `absence`
    std::size_t index = 0; ///< within the batch
    RowAbsence absence = RowAbsence::Evicted; ///< without a batch
    std::shared_ptr<const MissingRange> missing = nullptr; ///< with RowAbsence::Missing
    bool isHere() const { return batch != nullptr; }
};

inline StoredRow present(RecordBatchPtr batch, std::size_t index)
{
    return {std::move(batch), index, RowAbsence::Evicted, nullptr};
}
inline StoredRow absent(RowAbsence why)
{
    return {nullptr, 0, why, nullptr};
}

/// Walks through rows batch by batch, past what is kept at hand for the eye. One thread; goes before its store does.
class RowScan
{
public:
    virtual ~RowScan() = default;
    /// A row with the batch that it lies in; waits for the disk.
    virtual StoredRow at(std::int64_t row) = 0;
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
    /// Rows [first, first + count), cut at endRow(). Waits up to `patience` for a slow disk; rows that are not there by
    /// then come back as loading.
    virtual Result<std::vector<StoredRow>> read(
        std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const = 0;
    virtual std::unique_ptr<RowScan> scan() const = 0;
    /// A row close in front of the record, or its own: the first of those that were kept together. nullopt: it is not
    /// among the rows.
    virtual std::optional<std::int64_t> rowNear(const TopicPartition& partition, std::int64_t offset) const = 0;
    /// Grows when rows that were loading are there.
    virtual std::uint64_t loads() const { return 0; }
    /// Folder of the record log that holds the rows; empty: they are in memory alone.
    virtual std::string folder() const { return {}; }
};

/// How a buffer fares.
struct RowBufferState
{
    std::uint64_t dropped = 0; ///< rows that could not be kept
    std::uint64_t missing = 0; ///< rows that tell of a missing range
    std::optional<Error> trouble; ///< why not all is kept, or not where it should be
    bool operator==(const RowBufferState& other) const
    {
        const auto textOf = [](const RowBufferState& state) { return state.trouble ? state.trouble->text() : ""; };
        return dropped == other.dropped && missing == other.missing && textOf(*this) == textOf(other);
    }
};

/// The rows of what is being read: its records, and a row for each range that its batches tell to carry none. append()
/// and drop() may run on several threads, each partition on one at a time.
class RowBuffer : public RowStore
{
public:
    /// Waits up to `patience` for room; false: there was none, and the batch was not taken.
    virtual bool append(const RecordBatchPtr& batch, std::chrono::milliseconds patience) = 0;
    /// Instead of append(): the records get their row numbers and are counted, and that is all.
    virtual void drop(const RecordBatch& batch) = 0;
    /// For a while now nothing of what was appended could be kept: waiting for room is in vain.
    virtual bool isStuck() const { return false; }
    /// Gives back memory, if it has run short.
    virtual void trim() = 0;
    virtual RowBufferState state() const = 0;
};

} // namespace weir
