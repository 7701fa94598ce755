// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/memory_budget.h"
#include "connectors/record/row_store.h"

#include <list>
#include <map>
#include <mutex>

namespace weir {

/// Rows of another store: some of them, or all in another order. Nothing is copied but what was looked at lately: rows
/// far apart lie in as many batches, too many to hold. The rows of a picture that changes are numbered as it is at the
/// time.
class PickedRows : public RowStore
{
public:
    Result<std::vector<StoredRow>> read(
        std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const override;
    /// Looks ahead: what stands close together here may lie far apart there.
    std::unique_ptr<RowScan> scan() const override;
    std::uint64_t loads() const override { return m_all->loads(); }
    std::optional<std::int64_t> rowNear(const TopicPartition&, std::int64_t) const override { return std::nullopt; }

    /// The row that each of [first, first + count) is in the store of all; fewer at the end.
    virtual std::vector<std::int64_t> rowsOf(std::int64_t first, std::size_t count) const = 0;
    /// The same of one; -1: there is no such row.
    std::int64_t rowOf(std::int64_t row) const;
    const std::shared_ptr<const RowStore>& all() const { return m_all; }

protected:
    PickedRows(std::shared_ptr<const RowStore> all, std::shared_ptr<MemoryBudget> budget);

    const std::shared_ptr<const RowStore> m_all;
    const std::shared_ptr<MemoryBudget> m_budget; ///< may be null

private:
    std::optional<StoredRow> kept(std::int64_t row) const;
    void keep(std::int64_t row, const StoredRow& record) const;

    struct Kept
    {
        StoredRow record;
        std::list<std::int64_t>::iterator use;
    };
    mutable std::mutex m_keptMutex; ///< guards what follows
    mutable std::map<std::int64_t, Kept> m_kept; ///< by row of all
    mutable std::list<std::int64_t> m_uses; ///< the longest unused first
    mutable std::size_t m_keptBytes = 0;
};

} // namespace weir
