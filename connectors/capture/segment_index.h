// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/batch_header.h"

#include <string>
#include <vector>

namespace weir::capture {

/// A place from which to walk: the batch at `position` ends with offset `lastOffset`.
struct OffsetEntry
{
    std::int64_t lastOffset = 0;
    std::size_t position = 0;
    bool operator==(const OffsetEntry&) const = default;
};

/// No batch up to the one that ends with `lastOffset` has a timestamp above `timestamp`.
struct TimeEntry
{
    EpochMs timestamp = 0;
    std::int64_t lastOffset = 0;
    bool operator==(const TimeEntry&) const = default;
};

/// The sparse indexes of a segment, as Kafka keeps them in .index and .timeindex: an entry each 4 KiB at most.
class SegmentIndex
{
public:
    explicit SegmentIndex(std::int64_t baseOffset) : m_base(baseOffset) { }

    /// Batches in the order of the segment.
    void add(const BatchHeader& header, std::size_t position);
    /// The last batch is in: the time index ends with the highest timestamp of all.
    void close();

    const std::vector<OffsetEntry>& offsets() const { return m_offsets; }
    const std::vector<TimeEntry>& times() const { return m_times; }
    EpochMs highestTimestamp() const { return m_highest.timestamp; } ///< -1: none

    ByteBuffer offsetFile() const;
    ByteBuffer timeFile() const;

private:
    void addTime();

    std::int64_t m_base;
    std::size_t m_sinceEntry = 0; ///< bytes
    TimeEntry m_highest{-1, 0};
    std::vector<OffsetEntry> m_offsets;
    std::vector<TimeEntry> m_times;
};

/// The entries of an index file, as far as they make sense: growing, and within a segment of `segmentBytes`. Files of a
/// segment that is being written end in zeros.
std::vector<OffsetEntry> parseOffsetFile(
    std::span<const char> bytes, std::int64_t baseOffset, std::size_t segmentBytes);
std::vector<TimeEntry> parseTimeFile(std::span<const char> bytes, std::int64_t baseOffset);

/// "00000000000000000042.log"; `ending` without its dot.
std::string segmentFileName(std::int64_t baseOffset, std::string_view ending);
/// The base offset of a segment's .log file; -1 when a file is none.
std::int64_t segmentBaseOf(std::string_view fileName);

} // namespace weir::capture
