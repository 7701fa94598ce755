// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/row_source.h"

#include "app/session/grouped_number.h"

#include <algorithm>
#include <numeric>

namespace weir {

namespace {

constexpr std::int64_t rowsAtOnce = 4096;

/// Records [first, first + count) of a batch; the batch itself where that is all of it.
RecordBatchPtr part(const RecordBatchPtr& batch, std::size_t first, std::size_t count)
{
    if (first == 0 && count == batch->size())
        return batch;
    std::vector<std::uint32_t> rows(count);
    std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
    return copyOf(*batch, rows, nullptr);
}

} // namespace

RowSource::RowSource(ChosenRows chosen)
    : m_chosen(std::move(chosen)), m_scan(m_chosen.rows->scan()), m_next(m_chosen.first)
{ }

Result<std::vector<RecordBatchPtr>> RowSource::poll(std::chrono::milliseconds)
{
    std::vector<RecordBatchPtr> batches;
    const std::int64_t end = m_chosen.first + m_chosen.count;
    std::int64_t row = m_next;
    std::int64_t gone = 0;
    for (const std::int64_t stop = std::min(end, row + rowsAtOnce); row < stop;) {
        const StoredRow found = m_scan->at(row);
        if (!found.isHere()) {
            gone += found.absence == RowAbsence::Missing ? 0 : 1;
            ++row;
            continue;
        }
        const std::size_t count = std::min(found.batch->size() - found.index, static_cast<std::size_t>(end - row));
        batches.push_back(part(found.batch, found.index, count));
        row += static_cast<std::int64_t>(count);
    }
    const std::lock_guard lock(m_mutex);
    m_next = row;
    m_gone += gone;
    return batches;
}

SourceState RowSource::state() const
{
    const std::lock_guard lock(m_mutex);
    const std::int64_t end = m_chosen.first + m_chosen.count;
    SourceState state;
    state.connection = Connection::Up;
    state.ended = m_next >= end;
    PartitionPosition position;
    position.start = m_chosen.first;
    position.next = m_next;
    position.low = m_chosen.first;
    position.high = end;
    position.ended = state.ended;
    state.partitions.push_back(position);
    if (m_gone > 0)
        state.problems.push_back({ProblemKind::Other,
            grouped(static_cast<std::uint64_t>(m_gone)) + " of the rows had left the view, or cannot be read.",
            std::nullopt, 0});
    return state;
}

} // namespace weir
