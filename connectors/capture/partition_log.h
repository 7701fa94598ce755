// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/segment_reader.h"
#include "connectors/record/topic_partition.h"

#include <map>
#include <mutex>

namespace weir::capture {

/// One segment of a folder, as it was listed.
struct LogSegment
{
    std::int64_t base = 0;
    std::size_t bytes = 0;
};

/// The segments of one partition, to be read: ours, or a broker's own while it runs. Indexes are hints: what they say
/// is checked, and what is missing is found by walking. Thread-safe; readers made from it belong to one thread each.
class PartitionLog
{
public:
    /// `known` may be null. Errors: the folder cannot be listed.
    static Result<std::shared_ptr<PartitionLog>> open(
        TopicPartition name, std::string folder, std::shared_ptr<const KnownBatches> known);

    const TopicPartition& name() const { return m_name; }
    const std::string& folder() const { return m_folder; }
    const KnownBatches* known() const { return m_known.get(); }
    /// Looks for new and removed segments.
    Result<void> refresh();
    std::vector<LogSegment> segments() const;
    std::string pathOf(std::int64_t base, std::string_view ending) const;

    /// First offset there is: where the first segment begins. 0 for an empty folder.
    std::int64_t beginOffset() const;
    /// One past the last intact batch. Walks the end of the newest segment.
    Result<std::int64_t> endOffset() const;
    /// The first offset at or behind whose record has a timestamp of at least `time`; nullopt: there is none.
    Result<std::optional<std::int64_t>> offsetForTime(EpochMs time) const;
    std::uint64_t totalBytes() const;

    /// What a reader of one segment needs, kept together.
    struct OpenSegment
    {
        std::int64_t base = 0;
        std::shared_ptr<const std::vector<OffsetEntry>> index;
        std::unique_ptr<SegmentReader> reader;
    };
    /// The segment that holds `offset`, or the next one there is behind it; at the first batch that ends behind
    /// `offset`. Nullopt: there is none. ErrorKind::NotFound: others removed it meanwhile.
    Result<std::optional<OpenSegment>> openAt(
        std::int64_t offset, std::size_t windowBytes = SegmentReader::usualWindow) const;

private:
    PartitionLog(TopicPartition name, std::string folder, std::shared_ptr<const KnownBatches> known)
        : m_name(std::move(name)), m_folder(std::move(folder)), m_known(std::move(known))
    { }
    Result<OpenSegment> openSegment(
        const std::vector<LogSegment>& segments, std::size_t i, std::size_t windowBytes) const;
    std::shared_ptr<const std::vector<OffsetEntry>> indexOf(const LogSegment& segment) const;
    Result<std::int64_t> firstAtOrAfter(OpenSegment& segment, EpochMs time) const;

    const TopicPartition m_name;
    const std::string m_folder;
    const std::shared_ptr<const KnownBatches> m_known;
    mutable std::mutex m_mutex;
    std::vector<LogSegment> m_segments; ///< by base, guarded
    mutable std::map<std::int64_t, std::shared_ptr<const std::vector<OffsetEntry>>> m_indexes; ///< guarded
};

} // namespace weir::capture
