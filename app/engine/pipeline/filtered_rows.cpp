// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/filtered_rows.h"

#include "app/engine/pipeline/topic_feed_metrics.h"

#include <algorithm>

namespace weir {

using namespace std::chrono_literals;

namespace {

constexpr auto restTime = 20ms; ///< when there is nothing to look at

/// Batches of matching rows alone: what lies behind a row in its batch are the matching rows behind it.
class FilteredScan final : public RowScan
{
public:
    FilteredScan(const FilteredRows& rows, std::unique_ptr<RowScan> all) : m_rows(rows), m_all(std::move(all)) { }
    StoredRow at(std::int64_t row) override
    {
        const std::int64_t first = m_rows.rowOf(row);
        if (first < 0)
            return {};
        const StoredRow found = m_all->at(first);
        if (!found.isHere())
            return found;
        const std::int64_t begin = first - static_cast<std::int64_t>(found.index);
        const auto size = static_cast<std::int64_t>(found.batch->size());
        std::vector<std::uint32_t> matching;
        for (const std::int64_t next : m_rows.rowsOf(row, found.batch->size() - found.index)) {
            if (next - begin < size)
                matching.push_back(static_cast<std::uint32_t>(next - begin));
        }
        return present(copyOf(*found.batch, matching, nullptr), 0);
    }

private:
    const FilteredRows& m_rows;
    std::unique_ptr<RowScan> m_all;
};

} // namespace

FilteredRows::FilteredRows(
    std::shared_ptr<const RowStore> all, search::RecordFilterFactoryPtr filter, std::shared_ptr<MemoryBudget> budget)
    : PickedRows(std::move(all), std::move(budget)), m_filter(std::move(filter)), m_arrivals(arrivalSeries()),
      m_memory(m_budget, MemoryUse::Rows, 0), m_thread([this](const std::stop_token& stopped) { run(stopped); })
{ }

FilteredRows::~FilteredRows() = default;

void FilteredRows::run(const std::stop_token& stopped)
{
    const std::unique_ptr<RowScan> scan = m_all->scan();
    const std::unique_ptr<search::RecordFilter> filter = m_filter->make();
    std::int64_t row = 0;
    while (!stopped.stop_requested()) {
        const std::int64_t first = m_all->firstRow();
        if (row < first) {
            note({0, 0, 0, first - row, 0, false}, false);
            row = first;
        }
        if (row < m_all->endRow()) {
            row = lookAt(*scan, *filter, row);
        } else {
            note({}, true);
            std::this_thread::sleep_for(restTime);
        }
    }
}

std::int64_t FilteredRows::lookAt(RowScan& scan, search::RecordFilter& filter, std::int64_t row)
{
    const StoredRow found = scan.at(row);
    if (!found.isHere()) {
        const bool wasRecord = found.absence != RowAbsence::Missing;
        const bool chosen = !wasRecord && m_filter->choosesMissing();
        const std::uint32_t itself = 0;
        m_bits.add(row, 1, std::span(&itself, chosen ? 1 : 0));
        note({0, chosen ? 1 : 0, 0, wasRecord ? 1 : 0, 0, false}, false);
        return row + 1;
    }
    search::Selected selected = filter.select(found.batch);
    const auto skipped = static_cast<std::uint32_t>(found.index); // rows of the batch that are behind us
    const auto before = [skipped](std::uint32_t one) { return one < skipped; };
    if (skipped > 0) {
        std::erase_if(selected.rows, before);
        std::erase_if(selected.undecided, before);
    }
    const std::int64_t begin = row - skipped;
    if (!selected.rows.empty())
        addArrivals(m_arrivals, *found.batch, selected.rows);
    for (std::uint32_t& one : selected.rows)
        one -= skipped;
    const std::int64_t end = begin + static_cast<std::int64_t>(found.batch->size());
    m_bits.add(row, end - row, selected.rows);
    m_memory.resize(m_bits.memoryBytes() + m_arrivals.memoryBytes());
    note({end - row, static_cast<std::int64_t>(selected.rows.size()),
             static_cast<std::int64_t>(selected.undecided.size()), 0, 0, false},
        false);
    return end;
}

void FilteredRows::note(FilterProgress change, bool upToDate)
{
    const std::lock_guard lock(m_mutex);
    FilterProgress next = m_progress;
    next.asked += change.asked;
    next.matching += change.matching;
    next.undecided += change.undecided;
    next.gone += change.gone;
    next.decidedRow = m_bits.decided();
    next.upToDate = upToDate;
    if (next == m_progress)
        return;
    m_progress = next;
    ++m_generation;
}

FilterProgress FilteredRows::progress() const
{
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

std::vector<std::int64_t> FilteredRows::rowsOf(std::int64_t first, std::size_t count) const
{
    std::vector<std::int64_t> rows;
    const std::int64_t end = std::min(endRow(), first + static_cast<std::int64_t>(count));
    for (std::int64_t matching = std::max<std::int64_t>(first, 0); matching < end; ++matching)
        rows.push_back(m_bits.rowOf(matching));
    return rows;
}

std::unique_ptr<RowScan> FilteredRows::scan() const
{
    return std::make_unique<FilteredScan>(*this, m_all->scan());
}

} // namespace weir
