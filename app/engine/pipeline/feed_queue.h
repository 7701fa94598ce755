// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace weir {

/// A batch on its way from a reading thread to a worker of a feed.
struct FeedItem
{
    RecordBatchPtr batch;
    std::size_t firstLive = 0; ///< records before it were there before the feed started
};

/// Between the threads that read a topic and those that look at what was read. Partition p belongs to worker
/// p % workers, so that each partition's batches are looked at in their order. Bounded by bytes. Thread-safe.
class FeedQueue
{
public:
    FeedQueue(std::size_t workers, std::size_t maxBytes);

    /// Leaves `item` alone and gives false when there was no room within `timeout`. One item always fits.
    bool push(FeedItem& item, std::chrono::milliseconds timeout);
    /// Waits. nullopt: nothing will come any more.
    std::optional<FeedItem> pop(std::size_t worker);
    void close(); ///< nothing will be pushed any more
    void drop(); ///< lets go of everything, for good

private:
    struct Lane
    {
        std::deque<FeedItem> items;
        std::condition_variable changed;
    };

    const std::size_t m_maxBytes;
    std::mutex m_mutex;
    std::condition_variable m_room;
    std::deque<Lane> m_lanes; ///< by worker
    std::size_t m_bytes = 0;
    bool m_closed = false;
};

} // namespace weir
