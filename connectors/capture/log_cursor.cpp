// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/log_cursor.h"

namespace weir::capture {

namespace {

constexpr std::size_t mostRecords = 4096; ///< of several small batches in one
constexpr std::size_t mostBytes = std::size_t{512} << 10;
constexpr std::size_t mostDamages = 100; ///< told one by one

} // namespace

LogCursor::LogCursor(FolderPartition partition, LogRange range, LogContent content)
    : m_log(std::move(partition.log)), m_ledger(std::move(partition.ledger)), m_known(std::move(partition.known)),
      m_range([&] {
          if (content.committed)
              range.stop = std::min(range.stop, content.committed->firstOpen());
          return range;
      }()),
      m_content(std::move(content)), m_next(range.start)
{ }

const KnownBatch* LogCursor::known() const
{
    return m_known->find(header().baseOffset);
}

ReadingOrder LogCursor::order() const
{
    ReadingOrder order;
    if (!m_known->empty()) {
        const KnownBatch* const batch = known();
        order.sequence = batch ? batch->sequence : UINT64_MAX;
    }
    order.highest = order.sequence == 0 ? std::max(m_highest, header().maxTimestamp) : 0;
    order.partition = partition();
    order.offset = header().baseOffset;
    return order;
}

EpochMs LogCursor::receiveTime() const
{
    const KnownBatch* const batch = known();
    return batch ? batch->receiveTime : 0;
}

EpochMs LogCursor::arrival() const
{
    const EpochMs received = receiveTime();
    return received > 0 ? received : std::max(m_highest, header().maxTimestamp);
}

GapReason LogCursor::holeReason(std::int64_t offset, GapReason otherwise) const
{
    return m_ledger.reasonFor(offset).value_or(otherwise);
}

void LogCursor::passOver(std::int64_t end, GapReason reason)
{
    end = std::min(end, m_range.stop);
    if (end <= m_next)
        return;
    if (!m_gaps.empty() && m_gaps.back().end == m_next && m_gaps.back().reason == reason)
        m_gaps.back().end = end;
    else
        m_gaps.push_back({m_next, end, reason});
    m_next = end;
}

void LogCursor::noteDamage(const std::string& what, std::int64_t from)
{
    m_afterDamage = true;
    if (m_damages.size() < mostDamages)
        m_damages.push_back(m_log->name().text() + " behind offset " + std::to_string(from - 1) + ": " + what);
}

/// The segment in which the offset lies, or the next one behind.
Result<bool> LogCursor::openAt(std::int64_t offset)
{
    auto open = m_log->openAt(offset, m_content.windowBytes);
    if (!open && open.error().kind == ErrorKind::NotFound) {
        // Removed by its owner between being listed and being opened: retention at work.
        m_removed = true;
        if (auto refreshed = m_log->refresh(); !refreshed)
            return refreshed.error();
        open = m_log->openAt(offset, m_content.windowBytes);
    }
    if (!open)
        return open.error();
    m_open = std::move(*open);
    return m_open.has_value();
}

Result<bool> LogCursor::look()
{
    while (!isDone()) {
        if (!m_open) {
            const auto opened = openAt(m_next);
            if (opened && !*opened)
                explainRest();
            if (!opened || !*opened)
                return opened;
        }
        const auto step = reader().look();
        if (!step)
            return step.error();
        switch (*step) {
        case SegmentReader::Step::Batch:
            if (!skip(header()))
                return true;
            break;
        case SegmentReader::Step::Damage:
            noteDamage(reader().damage().what, reader().damage().first);
            reader().advance();
            break;
        case SegmentReader::Step::End: {
            const auto segments = m_log->segments();
            if (segments.empty() || segments.back().base <= m_open->base) {
                explainRest();
                return false;
            }
            const auto following = std::find_if(segments.begin(), segments.end(),
                [this](const LogSegment& segment) { return segment.base > m_open->base; });
            const auto opened = openAt(std::max(following->base, m_next));
            if (!opened || !*opened)
                return opened;
            break;
        }
        }
    }
    return false;
}

/// What was written behind the last batch that is there, up to the end that the log is known to have.
void LogCursor::explainRest()
{
    const std::int64_t end = m_known->empty() ? 0 : std::min(m_known->all().back().end, m_range.end);
    if (end <= m_next)
        return;
    if (!m_afterDamage)
        noteDamage("batches that were written are not there any more", m_next);
    passOver(end, GapReason::Undecodable);
}

/// Explains the offsets in front of the batch; true when it has nothing for the reader and was stepped over.
bool LogCursor::skip(const BatchHeader& header)
{
    if (header.baseOffset > m_next) {
        const KnownBatch* const lost = m_known->next(m_next);
        if (!m_afterDamage && lost && lost->first < header.baseOffset)
            noteDamage("batches that were written are not there any more", m_next);
        const GapReason reason = m_afterDamage ? GapReason::Undecodable
            : m_removed                        ? GapReason::Retention
                                               : holeReason(m_next, GapReason::NotTold);
        passOver(header.baseOffset, reason);
    }
    m_afterDamage = m_removed = false;
    if (isDone())
        return true;
    if (header.endOffset() <= m_next) {
        step();
        return true;
    }
    const bool control = header.isControl() && !m_content.control;
    if (!control && !isAborted(header))
        return false;
    passOver(header.endOffset(), control ? GapReason::Control : GapReason::Aborted);
    step();
    return true;
}

bool LogCursor::isAborted(const BatchHeader& header) const
{
    return m_content.committed && !header.isControl() && m_content.committed->isAborted(header);
}

void LogCursor::pass(std::optional<GapReason> reason)
{
    const std::int64_t end = std::min(header().endOffset(), m_range.stop);
    if (reason)
        passOver(end, *reason);
    m_next = std::max(m_next, end);
    step();
}

void LogCursor::step()
{
    m_highest = std::max(m_highest, header().maxTimestamp);
    reader().advance();
}

/// Offsets of the batch that have no record, when it has fewer records than offsets.
void LogCursor::addGapsWithin(const BatchHeader& header, std::size_t from, RecordBatchBuilder& records)
{
    const std::int64_t end = std::min(header.endOffset(), m_range.stop);
    if (header.recordCount == header.lastOffsetDelta + 1) {
        m_next = end;
        return;
    }
    const GapReason reason = holeReason(header.baseOffset, GapReason::Compacted);
    for (std::size_t i = from; i <= records.size(); ++i) {
        const std::int64_t offset = i < records.size() ? records.offset(i) : end;
        if (offset > m_next)
            records.addGap({m_next, offset, reason});
        m_next = offset + (i < records.size() ? 1 : 0);
    }
}

Result<void> LogCursor::decodeInto(DecodedRecords& out, bool& inWindow)
{
    const FoundBatch& found = reader().batch();
    const OffsetRange wanted{m_next, m_range.stop};
    if (found.header.codecNumber() != 0)
        return decodeBatch(found.header, found.bytes, out, wanted);
    inWindow = true;
    return placeRecords(reader().window().bytes(), reader().placeInWindow(), out.records, wanted);
}

Result<RecordBatchPtr> LogCursor::take(std::shared_ptr<const std::string> topic,
    const std::optional<ReadingOrder>& before, const std::shared_ptr<MemoryBudget>& budget)
{
    const EpochMs received = receiveTime();
    DecodedRecords out{RecordBatchBuilder(std::move(topic), partition(), {}), {}};
    out.records.reserve(static_cast<std::size_t>(std::min<std::int64_t>(header().recordCount, mostRecords)));
    for (const Gap& gap : takeGaps())
        out.records.addGap(gap);
    bool inWindow = false;
    const std::size_t begin = reader().placeInWindow();
    std::size_t used = begin;
    for (;;) {
        const BatchHeader found = header();
        const std::size_t from = out.records.size();
        const std::size_t windowEnd = reader().placeInWindow() + found.totalBytes();
        const auto decoded = decodeInto(out, inWindow);
        if (decoded) {
            addGapsWithin(found, from, out.records);
            used = windowEnd;
        } else {
            noteDamage(decoded.error().message, found.baseOffset);
            const std::int64_t end = std::min(found.endOffset(), m_range.stop);
            out.records.addGap({m_next, end, GapReason::Undecodable});
            m_next = end;
            m_afterDamage = false;
        }
        step();
        const bool full = out.records.size() >= mostRecords || std::max(used - begin, out.arena.size()) >= mostBytes;
        if (full || isDone() || (inWindow && !reader().isNextInWindow()))
            break;
        const auto step = reader().look();
        if (!step || *step != SegmentReader::Step::Batch)
            break; // whoever looks next tells of it
        const BatchHeader& following = header();
        const bool plain = following.baseOffset == m_next && !following.isControl()
            && (following.codecNumber() == 0) == inWindow && !isAborted(following);
        if (!plain || receiveTime() != received || (before && *before < order()))
            break;
    }
    if (out.records.size() == 0 && !out.records.hasGaps())
        return RecordBatchPtr();
    if (!inWindow)
        return std::move(out).finish(received, budget);
    ByteBuffer& window = reader().window();
    const ArenaSize size{used, window.capacity()};
    if (RecordBatchBuilder::isWasteful(used - begin, size.capacity))
        return out.records.finishCopy(window.bytes().subspan(begin, used - begin), begin, received, budget);
    auto arena = window.release();
    reader().forgetWindow();
    return out.records.finishOver(std::move(arena), size, received, budget);
}

Result<void> LogCursor::refresh()
{
    if (auto refreshed = m_log->refresh(); !refreshed)
        return refreshed;
    if (m_open)
        reader().seek(reader().position(), reader().expected()); // what was the end may be a batch now
    return {};
}

} // namespace weir::capture
