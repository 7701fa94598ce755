// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/row_store.h"
#include "connectors/rows/row_index.h"

#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <set>
#include <span>
#include <thread>

namespace weir::rows {

/// Reads the batches of rows on a thread of its own and keeps the newest asked for, so that who paints never waits for
/// a disk. All functions from any thread.
class RowLoader
{
public:
    /// Called on the loader's thread, one entry at a time.
    using Load = std::function<Result<RecordBatchPtr>(const RowEntry&)>;

    /// Keeps about `cacheBytes` of batches.
    RowLoader(Load load, std::size_t cacheBytes);
    ~RowLoader(); ///< waits for the entry that is being read
    RowLoader(const RowLoader&) = delete;
    RowLoader& operator=(const RowLoader&) = delete;

    struct Loaded
    {
        RecordBatchPtr batch; ///< null: see `absence`
        RowAbsence absence = RowAbsence::Loading;
    };
    /// What the entries hold, in their order. Waits up to `patience` for those that have to be read. Entries that need
    /// more memory together than the loader may keep are unreadable, but for one asked for alone.
    std::vector<Loaded> get(std::span<const RowEntry> entries, std::chrono::milliseconds patience);
    /// Grows when an entry is there that get() had to give as loading.
    std::uint64_t loads() const;
    /// Forgets all but what was asked for last.
    void trim();

private:
    struct Slot
    {
        Loaded loaded;
        std::size_t bytes = 0;
        std::list<std::int64_t>::iterator use;
    };

    void run(const std::stop_token& stopped);
    bool areThere(std::span<const RowEntry> entries) const;
    void want(std::span<const RowEntry> entries);
    void keep(const RowEntry& entry, const Result<RecordBatchPtr>& read);
    void makeRoom(std::size_t limit);
    void forget(std::int64_t row);

    const Load m_load;
    const std::size_t m_cacheBytes;
    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable_any m_asked;
    std::condition_variable m_read;
    std::map<std::int64_t, Slot> m_slots; ///< by first row
    std::list<std::int64_t> m_uses; ///< their keys, the longest unused first
    std::set<std::int64_t> m_pinned; ///< what was asked for together last
    std::int64_t m_alone = -1; ///< the entry that was asked for alone last; it stays as well
    std::vector<RowEntry> m_wanted; ///< to be read, first first
    std::size_t m_bytes = 0;
    std::set<std::int64_t> m_missed; ///< given as loading by the last get()
    std::uint64_t m_loads = 0;
    std::jthread m_thread;
};

} // namespace weir::rows
