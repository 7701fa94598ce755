// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/segment_reader.h"

#include "connectors/capture/big_endian.h"

namespace weir::capture {

namespace {

constexpr std::size_t mostWindows = std::size_t{64} << 20; ///< of all that are read side by side
constexpr std::size_t leastWindow = std::size_t{32} << 10;
constexpr std::size_t searchBytes = std::size_t{512} << 10; ///< at a time, behind damage

bool isAllZero(std::span<const char> bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; });
}

} // namespace

SegmentReader::SegmentReader(std::shared_ptr<ReadFile> file, SegmentBounds bounds, const KnownBatches* known,
    const std::vector<OffsetEntry>* index, std::size_t windowBytes)
    : m_file(std::move(file)), m_bounds(bounds), m_known(known && !known->empty() ? known : nullptr), m_index(index),
      m_windowBytes(windowBytes), m_expected(bounds.base)
{ }

std::size_t SegmentReader::windowOfOne(std::size_t readers)
{
    return std::clamp(mostWindows / std::max<std::size_t>(readers, 1), leastWindow, usualWindow);
}

void SegmentReader::seek(std::size_t position, std::int64_t expected)
{
    m_position = position;
    m_expected = std::max(expected, m_bounds.base);
    m_nextLength = 0;
    m_jumped = false;
    m_looked.reset();
}

Result<bool> SegmentReader::seekTo(const OffsetEntry& entry)
{
    seek(entry.position, m_bounds.base);
    m_jumped = true;
    const auto step = look();
    if (!step)
        return step.error();
    if (*step == Step::Batch && m_batch.header.lastOffset() == entry.lastOffset)
        return true;
    seek(0, m_bounds.base);
    return false;
}

/// Whether `bytes` from m_position on are in the window; moves it there if they are in the file.
Result<bool> SegmentReader::have(std::size_t bytes)
{
    const std::size_t windowEnd = m_windowStart + m_window.size();
    if (m_position >= m_windowStart && m_position + bytes <= windowEnd)
        return true;
    // A large batch is read alone, with the front of the next one, so that none is read twice.
    const std::size_t wanted =
        m_nextLength > m_windowBytes / 4 ? m_nextLength + batchHeaderBytes : std::max(m_windowBytes, bytes);
    m_window.clear();
    m_window.reserve(std::max(wanted, bytes));
    m_windowStart = m_position;
    const auto count = m_file->read(m_window.data(), std::max(wanted, bytes), m_position);
    if (!count)
        return count.error();
    m_window.commit(*count);
    return *count >= bytes;
}

bool SegmentReader::isNextInWindow() const
{
    const std::size_t windowEnd = m_windowStart + m_window.size();
    if (m_position < m_windowStart || m_position + batchHeaderBytes > windowEnd)
        return false;
    const BatchHeader header = loadHeader(m_window.data() + (m_position - m_windowStart));
    return isPlausible(header) && m_position + header.totalBytes() <= windowEnd;
}

void SegmentReader::forgetWindow()
{
    m_windowStart = SIZE_MAX - m_windowBytes;
    m_looked.reset();
}

Result<SegmentReader::Step> SegmentReader::look()
{
    if (m_looked)
        return *m_looked;
    auto there = have(batchHeaderBytes);
    if (!there)
        return there.error();
    if (!*there)
        return lookAtTail(m_window.size());
    const char* front = m_window.data() + (m_position - m_windowStart);
    const BatchHeader header = loadHeader(front);
    // Room that a broker allocates in front of what it writes, or what a capture wrote anew in its next segment.
    const bool isLeft =
        isAllZero({front, batchHeaderBytes}) || (m_known && isPlausible(header) && header.baseOffset >= m_bounds.end);
    if (isLeft && !moreIsKnown())
        return *(m_looked = Step::End);
    if (!isPlausible(header))
        return foundDamage(header.magic == 0 || header.magic == 1
                ? "a batch of Kafka's old format " + std::to_string(header.magic) + ", which Weir does not read"
                : "no batch begins here",
            nullptr);
    m_nextLength = header.totalBytes();
    there = have(header.totalBytes());
    if (!there)
        return there.error();
    if (!*there)
        return lookAtTail(m_window.size());
    auto wrong = whyNot(header);
    if (!wrong)
        return wrong.error();
    if (*wrong)
        return foundDamage(*wrong, &header);
    front = m_window.data() + (m_position - m_windowStart);
    m_batch = {header, m_position, {front, header.totalBytes()}};
    return *(m_looked = Step::Batch);
}

bool SegmentReader::moreIsKnown() const
{
    const KnownBatch* next = m_known ? m_known->next(m_expected) : nullptr;
    return next && next->first < m_bounds.end;
}

/// The batch at m_position lies in the window: null when it is good.
Result<const char*> SegmentReader::whyNot(const BatchHeader& header)
{
    const char* front = m_window.data() + (m_position - m_windowStart);
    if (!isIntact(header, {front, header.totalBytes()}))
        return "its checksum does not hold";
    if (header.baseOffset < m_expected || header.endOffset() > m_bounds.end)
        return "its offsets are out of order";
    const std::int64_t expected = m_jumped ? header.baseOffset : m_expected;
    if (m_known && m_known->judge(header, front, expected) == KnownBatches::Verdict::Wrong)
        return "its base offset or leader epoch is not what was written";
    return nullptr;
}

/// Fewer bytes are left than the batch at m_position needs.
Result<SegmentReader::Step> SegmentReader::lookAtTail(std::size_t there)
{
    m_torn = there;
    if (there == 0 || isAllZero(m_window.bytes())) {
        m_torn = 0;
        return *(m_looked = Step::End);
    }
    // A length that is wrong makes an intact rest look torn.
    const auto good = nextGood(nullptr);
    if (!good)
        return good.error();
    if (*good == 0)
        return *(m_looked = Step::End);
    m_damage = {m_position, *good - m_position, m_expected, "a length is wrong", false};
    return *(m_looked = Step::Damage);
}

Result<SegmentReader::Step> SegmentReader::foundDamage(std::string what, const BatchHeader* header)
{
    const auto good = nextGood(header);
    if (!good)
        return good.error();
    const auto size = m_file->size();
    if (!size)
        return size.error();
    const bool atEnd = *good == 0;
    const std::size_t end = atEnd ? std::max(*size, m_position) : *good;
    m_damage = {m_position, end - m_position, m_expected, std::move(what), atEnd};
    return *(m_looked = Step::Damage);
}

void SegmentReader::advance()
{
    if (m_looked == Step::Batch) {
        m_position += m_batch.header.totalBytes();
        m_expected = m_batch.header.endOffset();
    } else if (m_looked == Step::Damage) {
        m_position += m_damage.bytes;
    } else {
        return;
    }
    m_looked.reset();
    m_nextLength = 0;
    m_jumped = false;
    const std::size_t place = m_position - m_windowStart;
    if (m_position >= m_windowStart && place + lengthFieldEnd <= m_window.size()) {
        const auto length = loadBig<std::int32_t>(m_window.data() + place + 8);
        if (length > 0 && static_cast<std::size_t>(length) <= longestBatch)
            m_nextLength = lengthFieldEnd + static_cast<std::size_t>(length);
    }
}

/// Where a good batch begins behind the broken place at m_position; 0: nowhere. `header` is what stands there, if it is
/// plausible.
Result<std::size_t> SegmentReader::nextGood(const BatchHeader* header)
{
    if (m_known)
        return nextVouched();
    if (header) {
        const std::size_t behind = m_position + header->totalBytes();
        const auto good = isGoodAt(behind, -1);
        if (!good)
            return good.error();
        if (*good)
            return behind;
    }
    for (std::size_t i = 0; m_index && i < m_index->size(); ++i) {
        const OffsetEntry& entry = (*m_index)[i];
        if (entry.position <= m_position)
            continue;
        const auto good = isGoodAt(entry.position, entry.lastOffset);
        if (!good)
            return good.error();
        if (*good)
            return entry.position;
    }
    return std::size_t{0};
}

/// `lastOffset` -1: any.
Result<bool> SegmentReader::isGoodAt(std::size_t position, std::int64_t lastOffset)
{
    char front[batchHeaderBytes];
    const auto count = m_file->read(front, batchHeaderBytes, position);
    if (!count)
        return count.error();
    if (*count < batchHeaderBytes)
        return false;
    const BatchHeader header = loadHeader(front);
    if (!isPlausible(header) || header.baseOffset < m_expected || header.endOffset() > m_bounds.end
        || (lastOffset >= 0 && header.lastOffset() != lastOffset))
        return false;
    const auto size = m_file->size();
    if (!size)
        return size.error();
    if (position + header.totalBytes() > *size)
        return false;
    ByteBuffer bytes;
    bytes.resize(header.totalBytes());
    const auto all = m_file->read(bytes.data(), bytes.size(), position);
    if (!all)
        return all.error();
    return *all == bytes.size() && isIntact(header, bytes.bytes());
}

/// Looks at every byte behind the broken place for the front of a batch that arrivals vouch for.
Result<std::size_t> SegmentReader::nextVouched()
{
    ByteBuffer stretch;
    stretch.resize(searchBytes);
    for (std::size_t start = m_position + 1;;) {
        const auto count = m_file->read(stretch.data(), searchBytes, start);
        if (!count)
            return count.error();
        for (std::size_t at = 0; at + checkedFrom <= *count; ++at) {
            const char* const front = stretch.data() + at;
            const auto base = loadBig<std::int64_t>(front);
            if (front[16] != 2 || base < m_expected || base >= m_bounds.end)
                continue;
            const KnownBatch* known = m_known->find(base);
            if (known && known->front == frontChecksum(front)) {
                const auto good = isGoodAt(start + at, known->end - 1);
                if (!good)
                    return good.error();
                if (*good)
                    return start + at;
            }
        }
        if (*count < searchBytes)
            return std::size_t{0};
        start += searchBytes - checkedFrom + 1;
    }
}

} // namespace weir::capture
