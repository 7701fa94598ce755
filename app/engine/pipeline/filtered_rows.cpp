// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/filtered_rows.h"

#include "app/engine/pipeline/topic_feed_metrics.h"

#include <algorithm>

namespace weir {

using namespace std::chrono_literals;

namespace {

constexpr auto restTime = 20ms; ///< when there is nothing to look at
constexpr std::size_t mostKeptBytes = std::size_t{8} << 20; ///< of records: some screens full
constexpr std::size_t largestKept = 64 * 1024; ///< bytes of one; a larger one is read again

/// Batches of matching rows alone: what lies behind a row in its batch are the matching rows behind it.
class FilteredScan final : public RowScan
{
public:
    FilteredScan(const FilteredRows& rows, std::unique_ptr<RowScan> all) : m_rows(rows), m_all(std::move(all)) { }
    StoredRow at(std::int64_t row) override
    {
        const std::int64_t end = m_rows.endRow();
        if (row >= end)
            return {};
        const std::int64_t first = m_rows.rowOf(row);
        const StoredRow found = m_all->at(first);
        if (!found.isHere())
            return found;
        const std::int64_t begin = first - static_cast<std::int64_t>(found.index);
        std::vector<std::uint32_t> matching;
        for (std::int64_t next = row; next < end; ++next) {
            const std::int64_t index = m_rows.rowOf(next) - begin;
            if (index >= static_cast<std::int64_t>(found.batch->size()))
                break;
            matching.push_back(static_cast<std::uint32_t>(index));
        }
        return {copyOf(*found.batch, matching, nullptr), 0};
    }

private:
    const FilteredRows& m_rows;
    std::unique_ptr<RowScan> m_all;
};

} // namespace

FilteredRows::FilteredRows(
    std::shared_ptr<const RowStore> all, search::RecordFilterFactoryPtr filter, std::shared_ptr<MemoryBudget> budget)
    : m_all(std::move(all)), m_filter(std::move(filter)), m_budget(std::move(budget)), m_arrivals(arrivalSeries()),
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
        m_bits.add(row, 1, {});
        note({0, 0, 0, 1, 0, false}, false);
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

/// One row after the other; the first that is not at hand ends it, and is asked for again when it has been loaded.
Result<std::vector<StoredRow>> FilteredRows::read(
    std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const
{
    if (first < 0)
        return Error{ErrorKind::InvalidInput, "Rows are numbered from 0.", {}};
    const std::int64_t end = std::min(endRow(), first + static_cast<std::int64_t>(count));
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::vector<StoredRow> rows;
    bool waiting = false;
    for (std::int64_t matching = first; matching < end; ++matching) {
        const std::int64_t row = m_bits.rowOf(matching);
        if (auto here = kept(row)) {
            rows.push_back(std::move(*here));
            continue;
        }
        if (waiting) {
            rows.push_back({nullptr, 0, RowAbsence::Loading});
            continue;
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        auto read = m_all->read(row, 1, std::max(left, 0ms));
        if (!read)
            return read;
        rows.push_back(read->empty() ? StoredRow() : std::move(read->front()));
        waiting = !rows.back().isHere() && rows.back().absence == RowAbsence::Loading;
        keep(row, rows.back());
    }
    return rows;
}

std::unique_ptr<RowScan> FilteredRows::scan() const
{
    return std::make_unique<FilteredScan>(*this, m_all->scan());
}

std::optional<StoredRow> FilteredRows::kept(std::int64_t row) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_kept.find(row);
    if (found == m_kept.end())
        return std::nullopt;
    m_uses.splice(m_uses.end(), m_uses, found->second.use);
    return found->second.record;
}

void FilteredRows::keep(std::int64_t row, const StoredRow& record) const
{
    if (!record.isHere() || record.batch->recordBytes(record.index) > largestKept)
        return;
    const auto index = static_cast<std::uint32_t>(record.index);
    StoredRow alone{copyOf(*record.batch, std::span(&index, 1), m_budget), 0};
    const std::lock_guard lock(m_mutex);
    if (m_kept.contains(row))
        return;
    m_keptBytes += alone.batch->memoryBytes();
    m_kept.emplace(row, Kept{std::move(alone), m_uses.insert(m_uses.end(), row)});
    while (m_keptBytes > mostKeptBytes) {
        const auto oldest = m_kept.find(m_uses.front());
        m_keptBytes -= oldest->second.record.batch->memoryBytes();
        m_kept.erase(oldest);
        m_uses.pop_front();
    }
}

} // namespace weir
