// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/batch_header.h"
#include "connectors/capture/storage.h"

#include <deque>
#include <functional>

namespace weir::capture {

/// Bytes that belong together: one batch, or entries of arrivals.
struct Chunk
{
    ByteBuffer bytes;
    BatchHeader header; ///< of a batch; else unused
};

/// Appends chunks to one file after another and keeps each chunk until it has been synced. When a write or a sync
/// fails, the file is condemned: nothing that was not synced is believed to be in it, and those chunks go to the next
/// file. When that fails too, or the disk is full, the error comes back. One that is not durable keeps nothing and
/// never syncs: what it wrote outlives the process, but no power failure. The owner's lock guards everything but the
/// sync itself.
class SafeAppender
{
public:
    /// What the owner does for it. Called from within append(), settle() and roll().
    class Owner
    {
    public:
        virtual ~Owner() = default;
        /// Makes the next file; `first` is what will stand first in it.
        virtual Result<std::unique_ptr<AppendFile>> open(const Chunk& first) = 0;
        virtual void written(const Chunk& chunk, std::size_t position) = 0;
        /// The file ends at `size` bytes: closed in order, or condemned. With 0 it is to be removed.
        virtual Result<void> closed(std::size_t size) = 0;
    };

    SafeAppender(Owner& owner, bool durable) : m_owner(owner), m_durable(durable) { }

    bool isOpen() const { return m_file != nullptr; }
    std::size_t size() const { return m_size; } ///< of the file that is open
    std::size_t unsyncedBytes() const { return m_unsyncedBytes; }

    Result<void> append(Chunk chunk);
    /// Syncs and closes the file; the next append() opens another.
    Result<void> roll();

    /// A buffer to fill for the next append(): one that is not needed any more, where there is one.
    ByteBuffer takeBuffer();

    /// For a sync that does not hold the lock: mark(), then sync() the file of the mark, then settle().
    struct Mark
    {
        std::shared_ptr<AppendFile> file; ///< null: there is nothing to sync
        std::size_t size = 0;
    };
    Mark mark() const;
    Result<void> settle(const Mark& mark, const Result<void>& synced);

private:
    Result<void> appendNewest();
    Result<void> write(const Chunk& chunk);
    Result<void> open();
    Result<void> condemn();
    void forgetNewest();
    void keepUpTo(std::size_t size);

    Owner& m_owner;
    const bool m_durable;
    std::shared_ptr<AppendFile> m_file;
    std::size_t m_size = 0;
    std::size_t m_syncedSize = 0;
    std::deque<Chunk> m_unsynced; ///< in the order of the file
    std::size_t m_unsyncedBytes = 0;
    std::vector<ByteBuffer> m_spare;
};

} // namespace weir::capture
