// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/rows/folder_rows.h"
#include "connectors/rows/live_log.h"

#include <atomic>

namespace weir {

struct LiveBufferSettings
{
    std::string folder; ///< in the user's cache; made when it is needed
    std::uint64_t limitBytes = 0; ///< of all views together; 0: 8 GiB or a quarter of the free disk, what is less
    std::chrono::milliseconds age{0}; ///< what a view read before that leaves; 0: only the limit counts
};

/// The disk on which topic views keep their rows, and its budget. What a killed run left is removed at the start, what
/// this one wrote when its last view is gone. All functions from any thread.
class LiveBuffers : public std::enable_shared_from_this<LiveBuffers>
{
public:
    /// Removes leftovers on a thread of its own. `budget` may be null; `clock` outlives the buffers.
    static std::shared_ptr<LiveBuffers> open(
        LiveBufferSettings settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock);
    ~LiveBuffers();

    /// *Blocks.* A buffer for what topics give; `about` names them with their partitions.
    Result<std::shared_ptr<RowBuffer>> forTopics(capture::Manifest about, GapReason holes = GapReason::NotTold);
    /// *Blocks.* The rows of topics in an opened folder, which stay where they are.
    Result<std::shared_ptr<RowBuffer>> forFolder(
        std::shared_ptr<const capture::CaptureFolder> folder, const std::vector<ReadRequest>& requests);
    /// *Blocks.* A name for a folder of a view's own, which is to be made.
    Result<std::string> newFolder();

    std::uint64_t usedBytes() const;
    std::uint64_t limitBytes() const { return m_limit; }
    const std::string& folder() const { return m_settings.folder; }

private:
    LiveBuffers(LiveBufferSettings settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock);
    void removeLeftovers();
    Result<void> makeOwnFolder();
    std::uint64_t allowanceFor(std::uint64_t held) const;
    std::vector<std::shared_ptr<rows::LiveLog>> logs() const;
    std::size_t cacheBytes() const;

    const LiveBufferSettings m_settings;
    const std::shared_ptr<MemoryBudget> m_budget;
    const Clock& m_clock;
    std::atomic<std::uint64_t> m_limit{0};
    mutable std::mutex m_mutex; ///< guards what follows
    std::string m_own; ///< this process's folder; empty: not made yet
    int m_lock = -1; ///< held as long as the folder is ours
    std::size_t m_made = 0;
    mutable std::vector<std::weak_ptr<rows::LiveLog>> m_logs;
    std::jthread m_cleaning;
};

} // namespace weir
