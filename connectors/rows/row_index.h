// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"
#include "connectors/record/result.h"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace weir::rows {

enum class RowKind : std::uint8_t {
    Records,
    Dropped, ///< counted, but not kept
    Missing, ///< one row for offsets that carry no record
};

/// Rows that stand together: the records of one batch of a log, such that were dropped together, or one for a missing
/// range. As it lies in the file.
struct RowEntry
{
    std::int64_t firstRow = 0;
    std::int64_t first = 0; ///< offset of the first record
    std::int64_t end = 0; ///< behind the last one
    std::int64_t segment = 0; ///< base offset, where the place is known
    std::int64_t position = 0; ///< in the segment; of a missing range, how many of its offsets carry no record
    EpochMs receiveTime = 0;
    std::uint32_t rows = 0;
    std::int32_t partition = 0;
    std::uint32_t log = 0; ///< number of the log, where there are several
    std::uint16_t topic = 0; ///< number of the topic, where there are several
    RowKind kind = RowKind::Records;
    GapReason reason = GapReason::NotTold; ///< of a missing range

    std::int64_t endRow() const { return firstRow + rows; }
};

/// The entries of a view in the order in which their records came, in files of its own: allocated before they are
/// mapped, written with pwrite, never truncated. Thread-safe.
class RowIndex
{
public:
    /// `folder` exists; nobody else writes "rows-….index" there. The files go when the index does.
    explicit RowIndex(std::string folder);
    ~RowIndex();
    RowIndex(const RowIndex&) = delete;
    RowIndex& operator=(const RowIndex&) = delete;

    /// Numbers the rows of the entry and keeps it. Error: the disk is full or fails; nothing was added.
    Result<void> add(RowEntry entry);
    std::int64_t endRow() const;
    /// The newest entry with the records around an offset. Walks through all.
    std::optional<RowEntry> find(std::uint16_t topic, PartitionId partition, std::int64_t offset) const;
    /// The entries of rows [first, first + count), as far as they are there.
    std::vector<RowEntry> entries(std::int64_t first, std::int64_t count) const;
    /// Nobody asks for rows before `row` any more. Removes files with nothing but such.
    void forgetBefore(std::int64_t row);
    std::uint64_t bytes() const; ///< of the files

private:
    class File;

    const std::string m_folder;
    std::mutex m_adding; ///< one adds at a time; who reads does not wait for the disk
    std::size_t m_made = 0; ///< files so far, guarded by m_adding
    mutable std::mutex m_mutex; ///< guards what follows
    std::deque<std::unique_ptr<File>> m_files; ///< oldest first
    std::int64_t m_endRow = 0;
};

} // namespace weir::rows
