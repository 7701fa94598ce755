// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/partition_writer.h"

namespace weir::capture {

PartitionWriter::PartitionWriter(Storage& storage, std::string folder, SegmentSettings settings, const Clock& clock)
    : m_storage(storage), m_folder(std::move(folder)), m_settings(std::move(settings)), m_clock(clock),
      m_appender(*this, m_settings.durable), m_memory(m_settings.budget, MemoryUse::Other, 0)
{ }

std::string PartitionWriter::pathOf(std::string_view ending) const
{
    return m_folder + "/" + segmentFileName(m_segments.back().baseOffset, ending);
}

bool PartitionWriter::mustRoll(const Chunk& chunk) const
{
    if (!m_appender.isOpen())
        return false;
    return m_appender.size() + chunk.bytes.size() > m_settings.bytes || m_clock.steady() - m_openedAt >= m_settings.age
        || chunk.header.lastOffset() - m_segments.back().baseOffset > INT32_MAX;
}

Result<LogPlace> PartitionWriter::append(Chunk chunk, std::uint64_t sequence)
{
    const std::lock_guard lock(m_mutex);
    if (mustRoll(chunk)) {
        if (auto rolled = m_appender.roll(); !rolled)
            return rolled.error();
    }
    m_sequence = sequence;
    const std::size_t bytes = chunk.bytes.size();
    if (auto appended = m_appender.append(std::move(chunk)); !appended)
        return appended.error();
    m_memory.resize(m_appender.unsyncedBytes());
    return LogPlace{m_segments.back().baseOffset, m_segments.back().bytes - bytes};
}

ByteBuffer PartitionWriter::takeBuffer()
{
    const std::lock_guard lock(m_mutex);
    return m_appender.takeBuffer();
}

Result<std::unique_ptr<AppendFile>> PartitionWriter::open(const Chunk& first)
{
    WrittenSegment segment;
    segment.baseOffset = first.header.baseOffset;
    segment.endOffset = segment.baseOffset;
    segment.firstSequence = m_sequence;
    auto file = m_storage.create(m_folder + "/" + segmentFileName(segment.baseOffset, "log"));
    if (!file)
        return file;
    if (!m_segments.empty()) // a condemned one told of what comes again here
        m_segments.back().endOffset = std::min(m_segments.back().endOffset, segment.baseOffset);
    m_segments.push_back(segment);
    m_index = SegmentIndex(segment.baseOffset);
    m_openedAt = m_clock.steady();
    m_newFile = true;
    ++m_begun;
    return file;
}

void PartitionWriter::written(const Chunk& chunk, std::size_t position)
{
    m_index.add(chunk.header, position);
    WrittenSegment& segment = m_segments.back();
    segment.endOffset = chunk.header.endOffset();
    segment.bytes = position + chunk.bytes.size();
    segment.newestAt = m_clock.steady();
}

/// Indexes are caches: one that cannot be written is left out, and readers make do.
void PartitionWriter::writeIndex(std::string_view ending, const ByteBuffer& content) const
{
    const std::string path = pathOf(ending);
    auto file = m_storage.create(path);
    if (file && !(*file)->append(content.bytes()))
        static_cast<void>(m_storage.remove(path).ok());
}

Result<void> PartitionWriter::closed(std::size_t size)
{
    if (size == 0) {
        auto removed = m_storage.remove(pathOf("log"));
        m_segments.pop_back();
        return removed;
    }
    if (size < m_segments.back().bytes) { // condemned: its index would tell of more than there is
        m_segments.back().bytes = size;
        return {};
    }
    m_index.close();
    writeIndex("index", m_index.offsetFile());
    writeIndex("timeindex", m_index.timeFile());
    return {};
}

Result<void> PartitionWriter::sync()
{
    SafeAppender::Mark mark;
    bool newFile = false;
    {
        const std::lock_guard lock(m_mutex);
        mark = m_appender.mark();
        newFile = std::exchange(m_newFile, false);
    }
    if (!mark.file)
        return {};
    auto synced = mark.file->sync(); // takes its time: those who append do not wait for it
    if (synced && newFile)
        synced = m_storage.syncFolder(m_folder);
    const std::lock_guard lock(m_mutex);
    auto settled = m_appender.settle(mark, synced);
    m_memory.resize(m_appender.unsyncedBytes());
    return settled;
}

Result<void> PartitionWriter::close()
{
    const std::lock_guard lock(m_mutex);
    if (auto rolled = m_appender.roll(); !rolled)
        return rolled;
    m_memory.resize(0);
    return m_segments.empty() || !m_settings.durable ? Result<void>() : m_storage.syncFolder(m_folder);
}

std::deque<WrittenSegment> PartitionWriter::segments() const
{
    const std::lock_guard lock(m_mutex);
    return m_segments;
}

Result<void> PartitionWriter::removeOldest()
{
    const std::lock_guard lock(m_mutex);
    if (m_segments.empty() || (m_segments.size() == 1 && m_appender.isOpen()))
        return {};
    const std::int64_t base = m_segments.front().baseOffset;
    for (const char* ending : {"index", "timeindex", "log"}) {
        if (auto removed = m_storage.remove(m_folder + "/" + segmentFileName(base, ending)); !removed)
            return removed;
    }
    m_segments.pop_front();
    return {};
}

std::size_t PartitionWriter::unsyncedBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_appender.unsyncedBytes();
}

std::uint64_t PartitionWriter::segmentsBegun() const
{
    const std::lock_guard lock(m_mutex);
    return m_begun;
}

} // namespace weir::capture
