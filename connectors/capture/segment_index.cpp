// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/segment_index.h"

#include "connectors/capture/big_endian.h"

#include <charconv>

namespace weir::capture {

namespace {

constexpr std::size_t interval = 4096; ///< bytes, Kafka's own default
constexpr std::size_t offsetEntryBytes = 8;
constexpr std::size_t timeEntryBytes = 12;
constexpr std::size_t nameDigits = 20;

} // namespace

void SegmentIndex::add(const BatchHeader& header, std::size_t position)
{
    if (header.maxTimestamp > m_highest.timestamp)
        m_highest = {header.maxTimestamp, header.lastOffset()};
    if (m_sinceEntry > interval) {
        m_offsets.push_back({header.lastOffset(), position});
        addTime();
        m_sinceEntry = 0;
    }
    m_sinceEntry += header.totalBytes();
}

void SegmentIndex::addTime()
{
    const EpochMs last = m_times.empty() ? -1 : m_times.back().timestamp;
    if (m_highest.timestamp > last)
        m_times.push_back(m_highest);
}

void SegmentIndex::close()
{
    addTime();
}

ByteBuffer SegmentIndex::offsetFile() const
{
    ByteBuffer file;
    for (const OffsetEntry& entry : m_offsets) {
        char* const at = file.room(offsetEntryBytes);
        storeBig(at, static_cast<std::int32_t>(entry.lastOffset - m_base));
        storeBig(at + 4, static_cast<std::int32_t>(entry.position));
        file.commit(offsetEntryBytes);
    }
    return file;
}

ByteBuffer SegmentIndex::timeFile() const
{
    ByteBuffer file;
    for (const TimeEntry& entry : m_times) {
        char* const at = file.room(timeEntryBytes);
        storeBig(at, entry.timestamp);
        storeBig(at + 8, static_cast<std::int32_t>(entry.lastOffset - m_base));
        file.commit(timeEntryBytes);
    }
    return file;
}

std::vector<OffsetEntry> parseOffsetFile(std::span<const char> bytes, std::int64_t baseOffset, std::size_t segmentBytes)
{
    std::vector<OffsetEntry> entries;
    for (std::size_t at = 0; at + offsetEntryBytes <= bytes.size(); at += offsetEntryBytes) {
        const auto delta = loadBig<std::int32_t>(bytes.data() + at);
        const auto position = loadBig<std::int32_t>(bytes.data() + at + 4);
        const bool grows = entries.empty()
            || (baseOffset + delta > entries.back().lastOffset
                && static_cast<std::size_t>(position) > entries.back().position);
        if (delta < 0 || position <= 0 || static_cast<std::size_t>(position) >= segmentBytes || !grows)
            break;
        entries.push_back({baseOffset + delta, static_cast<std::size_t>(position)});
    }
    return entries;
}

std::vector<TimeEntry> parseTimeFile(std::span<const char> bytes, std::int64_t baseOffset)
{
    std::vector<TimeEntry> entries;
    for (std::size_t at = 0; at + timeEntryBytes <= bytes.size(); at += timeEntryBytes) {
        const auto timestamp = loadBig<std::int64_t>(bytes.data() + at);
        const auto delta = loadBig<std::int32_t>(bytes.data() + at + 8);
        const bool grows = entries.empty()
            || (timestamp > entries.back().timestamp && baseOffset + delta >= entries.back().lastOffset);
        if (delta < 0 || !grows || (timestamp == 0 && delta == 0))
            break;
        entries.push_back({timestamp, baseOffset + delta});
    }
    return entries;
}

std::string segmentFileName(std::int64_t baseOffset, std::string_view ending)
{
    std::string digits = std::to_string(baseOffset);
    digits.insert(0, nameDigits - digits.size(), '0');
    return digits + "." + std::string(ending);
}

std::int64_t segmentBaseOf(std::string_view fileName)
{
    constexpr std::string_view ending = ".log";
    if (fileName.size() != nameDigits + ending.size() || !fileName.ends_with(ending))
        return -1;
    std::int64_t base = 0;
    const auto [end, error] = std::from_chars(fileName.data(), fileName.data() + nameDigits, base);
    return error == std::errc() && end == fileName.data() + nameDigits ? base : -1;
}

} // namespace weir::capture
