// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/known_batches.h"
#include "connectors/capture/read_file.h"
#include "connectors/capture/segment_index.h"

#include <optional>

namespace weir::capture {

/// A batch as it stands in a segment. Its bytes stay where they are until the reader moves its window.
struct FoundBatch
{
    BatchHeader header;
    std::size_t position = 0; ///< in the segment
    std::span<const char> bytes; ///< all of it; the checksum holds
};

/// A place in a segment that holds no batch, although it should.
struct Damage
{
    std::size_t position = 0;
    std::size_t bytes = 0;
    std::int64_t first = 0; ///< no offset before this one is lost by it
    std::string what;
    bool atEnd = false; ///< nothing follows in the segment: a torn tail, or all the rest is lost
};

/// Within which offsets the batches of a segment have to lie.
struct SegmentBounds
{
    std::int64_t base = 0;
    std::int64_t end = INT64_MAX; ///< where the next segment begins
};

/// Walks the batches of one segment, believes nothing but checksums, and finds its way behind damage: by what the
/// capture's arrivals vouch for or, in a log of others, by the length in a broken batch or the segment's own index.
class SegmentReader
{
public:
    static constexpr std::size_t usualWindow = std::size_t{512} << 10;
    /// For one of many that are read side by side.
    static std::size_t windowOfOne(std::size_t readers);

    /// `known` may be null and outlives the reader, `index` too. Reads `windowBytes` at a time, or one larger batch.
    SegmentReader(std::shared_ptr<ReadFile> file, SegmentBounds bounds, const KnownBatches* known,
        const std::vector<OffsetEntry>* index, std::size_t windowBytes = usualWindow);

    /// Goes on at `position`, where a batch begins; offsets below `expected` have been seen.
    void seek(std::size_t position, std::int64_t expected);
    /// Goes to a place that an index tells of; false, and nowhere, when no such batch is there.
    Result<bool> seekTo(const OffsetEntry& entry);

    enum class Step : std::uint8_t { Batch, Damage, End };
    /// Looks at what comes next, without going there. Error: the file cannot be read.
    Result<Step> look();
    const FoundBatch& batch() const { return m_batch; } ///< after Step::Batch
    const Damage& damage() const { return m_damage; } ///< after Step::Damage
    /// Steps over what look() found.
    void advance();
    /// Bytes at the end that are no batch (yet), after Step::End.
    std::size_t tornBytes() const { return m_torn; }
    std::size_t position() const { return m_position; }
    std::int64_t expected() const { return m_expected; }

    /// Whether what comes next lies within the window, so that look() keeps the window.
    bool isNextInWindow() const;
    /// The window with the bytes of the batches walked since it was filled; it can become an arena.
    ByteBuffer& window() { return m_window; }
    /// Where batch() begins in window().
    std::size_t placeInWindow() const { return m_batch.position - m_windowStart; }
    /// Before the window is released: the next look() fills another.
    void forgetWindow();

private:
    Result<bool> have(std::size_t bytes);
    bool moreIsKnown() const;
    Result<Step> lookAtTail(std::size_t there);
    Result<const char*> whyNot(const BatchHeader& header);
    Result<Step> foundDamage(std::string what, const BatchHeader* header);
    Result<std::size_t> nextGood(const BatchHeader* header);
    Result<std::size_t> nextVouched();
    Result<bool> isGoodAt(std::size_t position, std::int64_t lastOffset);

    std::shared_ptr<ReadFile> m_file;
    SegmentBounds m_bounds;
    const KnownBatches* m_known;
    const std::vector<OffsetEntry>* m_index;
    const std::size_t m_windowBytes;
    ByteBuffer m_window;
    std::size_t m_windowStart = 0; ///< position of its first byte
    std::size_t m_position = 0;
    std::int64_t m_expected = 0;
    std::size_t m_nextLength = 0; ///< of the batch at m_position, as far as its header was seen; 0: not
    bool m_jumped = false; ///< batches in front of m_position were not looked at
    std::optional<Step> m_looked;
    FoundBatch m_batch;
    Damage m_damage;
    std::size_t m_torn = 0;
};

} // namespace weir::capture
