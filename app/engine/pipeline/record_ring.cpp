// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/record_ring.h"

#include <algorithm>

namespace weir {

namespace {

/// All is at hand.
class RingScan final : public RowScan
{
public:
    explicit RingScan(const RecordRing& ring) : m_ring(ring) { }
    StoredRow at(std::int64_t row) override
    {
        auto rows = m_ring.read(row, 1, {});
        return rows && !rows->empty() ? rows->front() : StoredRow();
    }

private:
    const RecordRing& m_ring;
};

} // namespace

RecordRing::RecordRing(std::size_t shareBytes, std::shared_ptr<MemoryBudget> budget, std::optional<Error> trouble)
    : m_share(shareBytes), m_budget(std::move(budget)), m_trouble(std::move(trouble))
{ }

bool RecordRing::append(const RecordBatchPtr& batch, std::chrono::milliseconds)
{
    if (!batch)
        return true;
    std::deque<Entry> evicted;
    std::vector<Entry> entries;
    for (const RowPiece& piece : piecesOf(*batch))
        entries.push_back(entryOf(batch, piece));
    const std::scoped_lock lock(m_mutex);
    for (Entry& entry : entries) {
        entry.firstRow = m_endRow;
        m_endRow += entry.rows();
        m_bytes += entry.bytes;
        m_missing += entry.batch ? 0 : 1;
        m_entries.push_back(std::move(entry));
    }
    evicted = evict();
    return true;
}

void RecordRing::trim()
{
    std::deque<Entry> evicted;
    const std::scoped_lock lock(m_mutex);
    evicted = evict();
}

/// How much must go: what is above the own share, above a third of the budget with the arenas of all views, or in an
/// eighth of the budget that stays free. Sources stop reading when arenas hold two fifths or the budget is full, so
/// rings that held on until then would stop them for good.
std::size_t RecordRing::excess() const
{
    const auto above = [](std::size_t bytes, std::size_t allowed) { return bytes > allowed ? bytes - allowed : 0; };
    const std::size_t overShare = above(m_bytes, m_share);
    if (!m_budget)
        return overShare;
    const std::size_t limit = m_budget->limit();
    return std::max(
        {overShare, above(m_budget->used(MemoryUse::Arenas), limit / 3), above(m_budget->used(), limit - limit / 8)});
}

std::deque<RecordRing::Entry> RecordRing::evict()
{
    std::deque<Entry> evicted;
    std::size_t excessBytes = excess();
    while (excessBytes > 0 && m_entries.size() > 1) {
        Entry& oldest = m_entries.front();
        excessBytes -= std::min(excessBytes, oldest.bytes);
        m_bytes -= oldest.bytes;
        evicted.push_back(std::move(oldest));
        m_entries.pop_front();
    }
    return evicted;
}

RowBufferState RecordRing::state() const
{
    const std::scoped_lock lock(m_mutex);
    return {0, m_missing, m_trouble};
}

std::int64_t RecordRing::firstRow() const
{
    const std::scoped_lock lock(m_mutex);
    return m_entries.empty() ? m_endRow : m_entries.front().firstRow;
}

std::int64_t RecordRing::endRow() const
{
    const std::scoped_lock lock(m_mutex);
    return m_endRow;
}

std::unique_ptr<RowScan> RecordRing::scan() const
{
    return std::make_unique<RingScan>(*this);
}

RecordRing::Entry RecordRing::entryOf(const RecordBatchPtr& batch, const RowPiece& piece) const
{
    Entry entry;
    if (piece.gap) {
        entry.missing = std::make_shared<const MissingRange>(MissingRange{
            std::make_shared<const std::string>(batch->topic()), batch->partition(), *piece.gap, piece.missing});
        entry.bytes = sizeof(MissingRange);
    } else {
        entry.batch = cutOut(batch, piece, m_budget);
        entry.bytes = entry.batch->memoryBytes();
    }
    return entry;
}

StoredRow RecordRing::rowOf(const Entry& entry, std::int64_t row)
{
    if (entry.batch)
        return present(entry.batch, static_cast<std::size_t>(row - entry.firstRow));
    StoredRow missing = absent(RowAbsence::Missing);
    missing.missing = entry.missing;
    return missing;
}

std::optional<std::int64_t> RecordRing::rowNear(const TopicPartition& partition, std::int64_t offset) const
{
    const std::scoped_lock lock(m_mutex);
    for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry) {
        const RecordBatchPtr& batch = entry->batch;
        if (batch && batch->partition() == partition.partition && batch->topic() == partition.topic
            && batch->offset(0) <= offset && offset <= batch->offset(batch->size() - 1))
            return entry->firstRow;
    }
    return std::nullopt;
}

std::size_t RecordRing::bytes() const
{
    const std::scoped_lock lock(m_mutex);
    return m_bytes;
}

Result<std::vector<StoredRow>> RecordRing::read(std::int64_t first, std::size_t count, std::chrono::milliseconds) const
{
    if (first < 0)
        return Error{ErrorKind::InvalidInput, "Rows are numbered from 0.", {}};
    std::vector<StoredRow> rows;
    const std::scoped_lock lock(m_mutex);
    if (first >= m_endRow)
        return rows;
    const auto wanted = std::min(count, static_cast<std::size_t>(m_endRow - first));
    rows.reserve(wanted);
    auto entry = std::upper_bound(m_entries.begin(), m_entries.end(), first,
        [](std::int64_t row, const Entry& candidate) { return row < candidate.firstRow; });
    if (entry != m_entries.begin())
        --entry;
    for (std::int64_t row = first; rows.size() < wanted; ++row) {
        if (row < entry->firstRow) {
            rows.push_back({});
            continue;
        }
        if (row - entry->firstRow == entry->rows())
            ++entry;
        rows.push_back(rowOf(*entry, row));
    }
    return rows;
}

} // namespace weir
