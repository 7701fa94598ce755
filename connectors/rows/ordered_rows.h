// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/picked_rows.h"
#include "connectors/rows/order_run.h"
#include "connectors/rows/temporary_folder.h"

#include <atomic>
#include <functional>
#include <thread>

namespace weir::rows {

/// Puts what the records of a batch are ordered by into `keys`, one for each from `first` on: bytes that compare as
/// they are meant to. One thread.
using OrderKeyOf = std::function<void(const RecordBatch& batch, std::size_t first, std::vector<std::string>& keys)>;

struct OrderSettings
{
    OrderKeyOf keyOf;
    bool descending = false; ///< rows with equal keys too
    std::string folder; ///< of its own: is made, and removed; empty: all in memory
    std::shared_ptr<MemoryBudget> budget; ///< may be null
};

struct OrderProgress
{
    std::int64_t ordered = 0; ///< rows that have their place
    std::int64_t read = 0; ///< rows of the store that were looked at
    bool upToDate = false; ///< nothing waits to be looked at
    std::optional<Error> trouble; ///< why rows that came later are not among them
};

/// The records of another store in the order of a key, newer ones as they come: a permutation on disk, no copy of
/// records. A thread of its own reads the keys; while it has many to read, what is shown grows in a few steps. Rows
/// that are no records have no place. Row numbers are places at the time: they change whenever generation() grows.
class OrderedRows final : public PickedRows
{
public:
    OrderedRows(std::shared_ptr<const RowStore> all, OrderSettings settings);
    ~OrderedRows() override; ///< waits for the batch that is being looked at

    std::int64_t firstRow() const override;
    std::int64_t endRow() const override;
    std::vector<std::int64_t> rowsOf(std::int64_t first, std::size_t count) const override;

    /// Who stands at a place, to be found again when places have changed.
    std::optional<OrderEntry> entryAt(std::int64_t place) const;
    std::int64_t placeOf(const OrderEntry& entry) const;
    /// The place of a row of the store of all; -1: it has none yet. Looks at all places.
    std::int64_t placeOfRow(std::int64_t row) const;
    OrderProgress progress() const;
    std::uint64_t generation() const { return m_generation; }

private:
    /// What is shown: two lists in order, read as one.
    struct Order
    {
        std::shared_ptr<const OrderRun> base;
        std::shared_ptr<const OrderRun> recent; ///< few, in memory
        std::int64_t evicted = 0; ///< places at the front whose rows have left
        std::size_t size() const { return base->entries().size() + recent->entries().size(); }
    };

    void run(const std::stop_token& stopped);
    std::int64_t lookAt(RowScan& scan, std::int64_t row);
    void setUpToDate();
    bool isTimeToSettle() const;
    void settle();
    void publish(std::shared_ptr<const OrderRun> base, std::shared_ptr<const OrderRun> recent);
    std::shared_ptr<const Order> order() const;
    std::size_t ofBase(const Order& order, std::size_t count) const;
    std::vector<OrderEntry> ascending(const Order& order, std::size_t first, std::size_t count) const;
    std::vector<OrderEntry> entriesAt(std::int64_t first, std::size_t count) const;
    void fail(const Error& error);

    const OrderSettings m_settings;
    const std::optional<TemporaryFolder> m_folder; ///< goes last
    OrderKeys m_keys;
    std::atomic<std::uint64_t> m_generation{0};

    // The ordering thread's own.
    std::vector<OrderEntry> m_pending; ///< looked at, without a place yet
    std::vector<std::string> m_batchKeys;
    std::size_t m_runs = 0; ///< files so far
    MemoryLease m_memory;

    mutable std::mutex m_mutex; ///< guards what follows
    std::shared_ptr<const Order> m_order;
    OrderProgress m_progress;
    std::jthread m_thread;
};

} // namespace weir::rows
