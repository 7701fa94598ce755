// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/group_dictionary.h"
#include "connectors/record/picked_rows.h"

#include <atomic>
#include <map>
#include <thread>

namespace weir {

struct LatestProgress
{
    std::int64_t read = 0; ///< rows that were looked at
    std::int64_t keys = 0;
    std::int64_t withoutKey = 0; ///< records whose key is null: they are no row here
    bool upToDate = false; ///< nothing waits to be looked at
    std::optional<Error> trouble; ///< why newer rows are not looked at
    bool operator==(const LatestProgress& other) const
    {
        return read == other.read && keys == other.keys && withoutKey == other.withoutKey && upToDate == other.upToDate
            && trouble.has_value() == other.trouble.has_value();
    }
};

/// The newest record of each key among the rows of another store: what a compacted topic comes to, as a table. Each key
/// of a topic has a row, numbered in the order in which keys were seen first; the record in it is another one as soon
/// as a newer one comes. A thread of its own looks. Keys are kept in memory; when the budget has no room for more, it
/// says so and stops.
class LatestRows final : public PickedRows
{
public:
    LatestRows(std::shared_ptr<const RowStore> all, std::shared_ptr<MemoryBudget> budget);
    ~LatestRows() override; ///< waits for the batch that is being looked at

    std::int64_t firstRow() const override { return 0; }
    std::int64_t endRow() const override;
    std::vector<std::int64_t> rowsOf(std::int64_t first, std::size_t count) const override;

    /// The row that shows a row of all; -1: it is not the newest of its key. Looks at all keys.
    std::int64_t placeOfRow(std::int64_t row) const;
    LatestProgress progress() const;
    std::uint64_t generation() const { return m_generation; } ///< grows with the progress

private:
    /// The keys of one topic.
    struct Keys
    {
        aggregate::GroupDictionary dictionary{{types::bytes()}};
        std::vector<std::int64_t> places; ///< by group: its row here
    };

    void run(const std::stop_token& stopped);
    std::int64_t lookAt(RowScan& scan, std::int64_t row);
    void take(const RecordBatch& batch, std::size_t first, std::int64_t row);
    void note(std::int64_t read, std::int64_t withoutKey);
    void setUpToDate(bool on);
    /// Says why, if so.
    bool isFull();

    // The looking thread's own.
    std::map<std::string, Keys> m_keys; ///< by topic
    MemoryLease m_memory;

    std::atomic<std::uint64_t> m_generation{0};
    mutable std::mutex m_mutex; ///< guards what follows
    std::vector<std::int64_t> m_latest; ///< rows of all
    LatestProgress m_progress;
    std::jthread m_thread;
};

} // namespace weir
