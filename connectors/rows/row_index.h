// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record.h"
#include "connectors/record/result.h"

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace weir::rows {

/// Rows that stand together: the records of one batch of a log, or such that were dropped together. As it lies in the
/// file.
struct RowEntry
{
    std::int64_t firstRow = 0;
    std::int64_t first = 0; ///< offset of the first record
    std::int64_t end = 0; ///< behind the last one
    std::int64_t segment = 0; ///< base offset, where the place is known
    std::int64_t position = 0; ///< in the segment
    EpochMs receiveTime = 0;
    std::uint32_t rows = 0;
    std::int32_t partition = 0;
    std::uint32_t log = 0; ///< number of the log, where there are several
    std::uint32_t dropped = 0; ///< 1: the records were counted, but not kept

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
