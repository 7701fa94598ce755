// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/row_bits.h"
#include "app/engine/search/record_filter.h"
#include "app/engine/series/series.h"
#include "connectors/record/picked_rows.h"

#include <atomic>
#include <thread>

namespace weir {

/// How far a filter has come through the rows there are.
struct FilterProgress
{
    std::int64_t asked = 0; ///< rows that were looked at
    std::int64_t matching = 0;
    std::int64_t undecided = 0; ///< they may match, and cannot be decoded
    std::int64_t gone = 0; ///< rows that left, or could not be read, before they were looked at
    std::int64_t decidedRow = 0; ///< all rows before it are decided
    bool upToDate = false; ///< nothing waits to be looked at
    bool operator==(const FilterProgress&) const = default;
};

/// The rows of another store for which a filter holds, found by a thread of its own, newer ones as they come. What was
/// read already is not read from a cluster again. Row numbers are ranks among the matching rows.
class FilteredRows final : public PickedRows
{
public:
    FilteredRows(std::shared_ptr<const RowStore> all, search::RecordFilterFactoryPtr filter,
        std::shared_ptr<MemoryBudget> budget);
    ~FilteredRows() override; ///< waits for the batch that is being looked at

    std::int64_t firstRow() const override { return m_bits.countBefore(m_all->firstRow()); }
    std::int64_t endRow() const override { return m_bits.count(); }
    std::unique_ptr<RowScan> scan() const override;
    std::vector<std::int64_t> rowsOf(std::int64_t first, std::size_t count) const override;

    FilterProgress progress() const;
    std::uint64_t generation() const { return m_generation; } ///< grows with the progress
    SeriesSnapshotPtr arrivals() { return m_arrivals.snapshot(); } ///< matching records by their time
    bool contains(std::int64_t row) const { return m_bits.contains(row); } ///< of all
    /// The first matching row at or behind a row of all.
    std::int64_t matchingFrom(std::int64_t row) const { return m_bits.countBefore(row); }

private:
    void run(const std::stop_token& stopped);
    /// Looks at the batch that a row lies in, and tells the row behind it.
    std::int64_t lookAt(RowScan& scan, search::RecordFilter& filter, std::int64_t row);
    void note(FilterProgress change, bool upToDate);

    const search::RecordFilterFactoryPtr m_filter;
    RowBits m_bits;
    Series m_arrivals;
    MemoryLease m_memory;
    std::atomic<std::uint64_t> m_generation{0};
    mutable std::mutex m_mutex; ///< guards what follows
    FilterProgress m_progress;
    std::jthread m_thread;
};

} // namespace weir
