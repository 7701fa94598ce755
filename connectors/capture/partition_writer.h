// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/safe_appender.h"
#include "connectors/capture/segment_index.h"
#include "connectors/record/clock.h"
#include "connectors/record/memory_budget.h"

#include <deque>
#include <mutex>

namespace weir::capture {

struct SegmentSettings
{
    std::size_t bytes = std::size_t{128} << 20; ///< a segment ends before it grows beyond; at most 1 GiB
    std::chrono::milliseconds age = std::chrono::hours(1); ///< since its first batch
    bool durable = true; ///< false: nothing is synced
    std::shared_ptr<MemoryBudget> budget; ///< books what is not synced yet; may be null
};

/// One segment of a partition that is being written.
struct WrittenSegment
{
    std::int64_t baseOffset = 0;
    std::int64_t endOffset = 0; ///< one past the last one in it
    std::size_t bytes = 0; ///< of the .log
    std::uint64_t firstSequence = 0; ///< no batch in it has a lower number in arrival order
    std::chrono::steady_clock::time_point newestAt; ///< when its last batch was written
};

/// Where a batch stands.
struct LogPlace
{
    std::int64_t segment = 0; ///< base offset
    std::size_t position = 0;
};

/// Writes the batches of one partition into its folder: segments, and their indexes when a segment is full.
/// Thread-safe.
class PartitionWriter final : private SafeAppender::Owner
{
public:
    /// The folder exists.
    PartitionWriter(Storage& storage, std::string folder, SegmentSettings settings, const Clock& clock);

    /// `chunk` is one whole batch whose offsets lie behind those written before; `sequence` its number in arrival
    /// order.
    Result<LogPlace> append(Chunk chunk, std::uint64_t sequence);
    ByteBuffer takeBuffer();

    Result<void> sync();
    /// Syncs, writes the indexes and closes the files.
    Result<void> close();

    /// Oldest first. The newest one may still grow.
    std::deque<WrittenSegment> segments() const;
    /// Removes the oldest segment; never the one that is written to. After an Error it is still there.
    Result<void> removeOldest();
    std::size_t unsyncedBytes() const;
    /// Segments begun so far: grows by one when one is full.
    std::uint64_t segmentsBegun() const;

private:
    Result<std::unique_ptr<AppendFile>> open(const Chunk& first) override;
    void written(const Chunk& chunk, std::size_t position) override;
    Result<void> closed(std::size_t size) override;
    bool mustRoll(const Chunk& chunk) const;
    void writeIndex(std::string_view ending, const ByteBuffer& content) const;
    std::string pathOf(std::string_view ending) const;

    Storage& m_storage;
    const std::string m_folder;
    const SegmentSettings m_settings;
    const Clock& m_clock;

    mutable std::mutex m_mutex; ///< guards what follows
    SafeAppender m_appender;
    MemoryLease m_memory;
    SegmentIndex m_index{0};
    std::deque<WrittenSegment> m_segments;
    std::chrono::steady_clock::time_point m_openedAt;
    std::uint64_t m_sequence = 0;
    std::uint64_t m_begun = 0;
    bool m_newFile = false; ///< the folder does not know it for sure yet
};

} // namespace weir::capture
