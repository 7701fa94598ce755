// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/filtered_rows.h"
#include "app/engine/pipeline/latest_rows.h"
#include "app/engine/search/row_order.h"
#include "app/session/live_buffers.h"
#include "connectors/rows/ordered_rows.h"

namespace weir {

/// Which rows of a view are shown, and in what order.
struct ShownChoice
{
    search::RecordFilterFactoryPtr filter; ///< null: all
    bool latestPerKey = false; ///< of those that the filter lets through
    std::optional<search::RowOrder> order; ///< nullopt: as they came; the latest per key stand as their keys came
};

/// What rows need besides themselves; all may be null.
struct RowsNeed
{
    std::shared_ptr<MemoryBudget> budget;
    std::shared_ptr<LiveBuffers> buffers; ///< where orders are kept; without, they are in memory
};

/// The rows of a view, chosen and ordered, newer ones as they come. One thread asks; what it asks for does not wait.
class ShownRows
{
public:
    ShownRows(std::shared_ptr<const RowStore> all, const ShownChoice& choice, const RowsNeed& need);
    ~ShownRows(); ///< does not wait for what is being looked at
    ShownRows(const ShownRows&) = delete;
    ShownRows& operator=(const ShownRows&) = delete;

    const std::shared_ptr<const RowStore>& all() const { return m_all; }
    const std::shared_ptr<const RowStore>& rows() const { return m_shown; } ///< those that are shown
    /// Those among which the newest of each key are, and which are ordered.
    std::shared_ptr<const RowStore> filteredOrAll() const { return m_filtered ? m_filtered : m_all; }
    /// Null where the choice does without.
    FilteredRows* filtered() const { return m_filtered.get(); }
    const LatestRows* latest() const { return m_latest.get(); }
    const rows::OrderedRows* ordered() const { return m_ordered.get(); }

    std::uint64_t generation() const; ///< grows when other rows are shown
    /// Whether everything that is there was chosen from and ordered.
    bool isUpToDate() const;
    /// Why newer rows are not shown; nullopt: they are.
    std::optional<Error> trouble() const;

    /// The row of all that a shown row is; -1: there is no such row.
    std::int64_t toAll(std::int64_t shown) const;
    /// The row shown for a row of all; -1: it is not shown.
    std::int64_t fromAll(std::int64_t row) const;

private:
    const std::shared_ptr<const RowStore> m_all;
    std::shared_ptr<const RowStore> m_shown;
    std::shared_ptr<FilteredRows> m_filtered;
    std::shared_ptr<LatestRows> m_latest;
    std::shared_ptr<rows::OrderedRows> m_ordered;
};

} // namespace weir
