// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/partition_log.h"

#include "connectors/capture/batch_decoder.h"

#include <filesystem>

namespace weir::capture {

namespace {

constexpr std::size_t largestIndex = std::size_t{64} << 20;
constexpr std::size_t mostIndexes = 64; ///< kept in memory

} // namespace

Result<std::shared_ptr<PartitionLog>> PartitionLog::open(
    TopicPartition name, std::string folder, std::shared_ptr<const KnownBatches> known)
{
    std::shared_ptr<PartitionLog> log(new PartitionLog(std::move(name), std::move(folder), std::move(known)));
    if (auto listed = log->refresh(); !listed)
        return listed.error();
    return log;
}

Result<void> PartitionLog::refresh()
{
    std::vector<LogSegment> found;
    std::error_code failed;
    std::filesystem::directory_iterator entry(m_folder, failed);
    for (const std::filesystem::directory_iterator end; !failed && entry != end; entry.increment(failed)) {
        const std::int64_t base = segmentBaseOf(entry->path().filename().string());
        std::error_code gone; // between being listed and being looked at
        const auto bytes = base < 0 ? 0 : entry->file_size(gone);
        if (base >= 0 && !gone)
            found.push_back({base, static_cast<std::size_t>(bytes)});
    }
    if (failed)
        return Error{failed == std::errc::no_such_file_or_directory ? ErrorKind::NotFound : ErrorKind::Io,
            "cannot be listed: " + failed.message() + ".", m_folder};
    std::sort(found.begin(), found.end(), [](const LogSegment& a, const LogSegment& b) { return a.base < b.base; });
    const std::lock_guard lock(m_mutex);
    m_segments = std::move(found);
    return {};
}

std::vector<LogSegment> PartitionLog::segments() const
{
    const std::lock_guard lock(m_mutex);
    return m_segments;
}

std::string PartitionLog::pathOf(std::int64_t base, std::string_view ending) const
{
    return m_folder + "/" + segmentFileName(base, ending);
}

std::int64_t PartitionLog::beginOffset() const
{
    const std::lock_guard lock(m_mutex);
    return m_segments.empty() ? 0 : m_segments.front().base;
}

std::uint64_t PartitionLog::totalBytes() const
{
    std::uint64_t bytes = 0;
    for (const LogSegment& segment : segments())
        bytes += segment.bytes;
    return bytes;
}

std::shared_ptr<const std::vector<OffsetEntry>> PartitionLog::indexOf(const LogSegment& segment) const
{
    {
        const std::lock_guard lock(m_mutex);
        if (const auto known = m_indexes.find(segment.base); known != m_indexes.end())
            return known->second;
    }
    std::vector<OffsetEntry> entries;
    if (const auto file = readWhole(pathOf(segment.base, "index"), largestIndex))
        entries = parseOffsetFile(file->bytes(), segment.base, segment.bytes);
    auto index = std::make_shared<const std::vector<OffsetEntry>>(std::move(entries));
    const std::lock_guard lock(m_mutex);
    if (m_indexes.size() >= mostIndexes)
        m_indexes.erase(m_indexes.begin());
    m_indexes.emplace(segment.base, index);
    return index;
}

Result<PartitionLog::OpenSegment> PartitionLog::openSegment(
    const std::vector<LogSegment>& segments, std::size_t i, std::size_t windowBytes) const
{
    auto file = ReadFile::open(pathOf(segments[i].base, "log"));
    if (!file)
        return file.error();
    SegmentBounds bounds;
    bounds.base = segments[i].base;
    if (i + 1 < segments.size())
        bounds.end = segments[i + 1].base;
    OpenSegment open;
    open.base = bounds.base;
    open.index = indexOf(segments[i]);
    open.reader =
        std::make_unique<SegmentReader>(std::move(*file), bounds, m_known.get(), open.index.get(), windowBytes);
    return open;
}

Result<std::optional<PartitionLog::OpenSegment>> PartitionLog::openAt(
    std::int64_t offset, std::size_t windowBytes) const
{
    const std::vector<LogSegment> all = segments();
    auto behind = std::upper_bound(
        all.begin(), all.end(), offset, [](std::int64_t at, const LogSegment& segment) { return at < segment.base; });
    if (behind != all.begin())
        --behind;
    for (auto i = static_cast<std::size_t>(behind - all.begin()); i < all.size(); ++i) {
        auto open = openSegment(all, i, windowBytes);
        if (!open)
            return open.error();
        SegmentReader& reader = *open->reader;
        const std::vector<OffsetEntry>& index = *open->index;
        auto hint = std::lower_bound(index.begin(), index.end(), offset,
            [](const OffsetEntry& entry, std::int64_t at) { return entry.lastOffset < at; });
        // The entry before is the last one that surely lies before the offset; it has to be a batch, and the one told.
        if (hint != index.begin()) {
            if (const auto there = reader.seekTo(*std::prev(hint)); !there)
                return there.error();
        }
        for (;;) {
            const auto step = reader.look();
            if (!step)
                return step.error();
            const bool isHere = *step == SegmentReader::Step::Batch && reader.batch().header.endOffset() > offset;
            // Damage is where the offset may have been: whoever reads has to know.
            if (isHere || *step == SegmentReader::Step::Damage)
                return std::optional(std::move(*open));
            if (*step == SegmentReader::Step::End)
                break;
            reader.advance();
        }
        if (i + 1 == all.size())
            return std::optional(std::move(*open)); // at its end: it may grow
    }
    return std::optional<OpenSegment>();
}

Result<std::int64_t> PartitionLog::endOffset() const
{
    const std::vector<LogSegment> all = segments();
    for (std::size_t i = all.size(); i-- > 0;) {
        auto open = openSegment(all, i, SegmentReader::usualWindow);
        if (!open)
            return open.error();
        // The newest entry that is right; what it tells of may be the torn end.
        const std::vector<OffsetEntry>& index = *open->index;
        bool there = false;
        for (std::size_t entry = index.size(); entry-- > 0 && !there;) {
            const auto sought = open->reader->seekTo(index[entry]);
            if (!sought)
                return sought.error();
            there = *sought;
        }
        for (;;) {
            const auto step = open->reader->look();
            if (!step)
                return step.error();
            if (*step == SegmentReader::Step::End)
                break;
            open->reader->advance();
        }
        if (open->reader->expected() > all[i].base || i == 0)
            return open->reader->expected();
    }
    return std::int64_t{0};
}

/// The first record's offset in this segment with that timestamp or a later one; -1: none.
Result<std::int64_t> PartitionLog::firstAtOrAfter(OpenSegment& segment, EpochMs time) const
{
    for (;;) {
        const auto step = segment.reader->look();
        if (!step)
            return step.error();
        if (*step == SegmentReader::Step::End)
            return std::int64_t{-1};
        if (*step == SegmentReader::Step::Batch) {
            const FoundBatch& found = segment.reader->batch();
            if (!found.header.isControl() && found.header.maxTimestamp >= time) {
                DecodedRecords decoded{RecordBatchBuilder(nullptr, m_name.partition, {}), {}};
                if (decodeBatch(found.header, found.bytes, decoded)) {
                    const auto batch = std::move(decoded).finish(0, nullptr);
                    for (std::size_t i = 0; i < batch->size(); ++i) {
                        if (batch->timestampType(i) != TimestampType::NotAvailable && batch->timestamp(i) >= time)
                            return batch->offset(i);
                    }
                }
            }
        }
        segment.reader->advance();
    }
}

Result<std::optional<std::int64_t>> PartitionLog::offsetForTime(EpochMs time) const
{
    const std::vector<LogSegment> all = segments();
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::int64_t from = all[i].base;
        if (const auto file = readWhole(pathOf(all[i].base, "timeindex"), largestIndex)) {
            const std::vector<TimeEntry> times = parseTimeFile(file->bytes(), all[i].base);
            // A full segment's index ends with its highest time; that of the newest one may lag behind.
            if (!times.empty() && i + 1 < all.size() && times.back().timestamp < time)
                continue;
            for (const TimeEntry& entry : times)
                from = entry.timestamp < time ? entry.lastOffset : from;
        }
        auto open = openAt(from);
        if (!open)
            return open.error();
        if (!*open || (*open)->base != all[i].base)
            continue;
        const auto offset = firstAtOrAfter(**open, time);
        if (!offset)
            return offset.error();
        if (*offset >= 0)
            return std::optional(*offset);
    }
    return std::optional<std::int64_t>();
}

} // namespace weir::capture
