// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/feed_queue.h"

namespace weir {

FeedQueue::FeedQueue(std::size_t workers, std::size_t maxBytes) : m_maxBytes(maxBytes), m_lanes(workers) { }

bool FeedQueue::push(FeedItem& item, std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    if (!m_room.wait_for(lock, timeout, [this] { return m_closed || m_bytes < m_maxBytes; }))
        return false;
    if (m_closed)
        return true;
    m_bytes += item.batch->memoryBytes();
    Lane& lane = m_lanes[static_cast<std::size_t>(item.batch->partition().value) % m_lanes.size()];
    lane.items.push_back(std::move(item));
    lane.changed.notify_one();
    return true;
}

std::optional<FeedItem> FeedQueue::pop(std::size_t worker)
{
    std::unique_lock lock(m_mutex);
    Lane& lane = m_lanes[worker];
    lane.changed.wait(lock, [&] { return m_closed || !lane.items.empty(); });
    if (lane.items.empty())
        return std::nullopt;
    FeedItem item = std::move(lane.items.front());
    lane.items.pop_front();
    m_bytes -= item.batch->memoryBytes();
    m_room.notify_one();
    return item;
}

void FeedQueue::close()
{
    const std::scoped_lock lock(m_mutex);
    m_closed = true;
    m_room.notify_all();
    for (Lane& lane : m_lanes)
        lane.changed.notify_all();
}

void FeedQueue::drop()
{
    std::vector<std::deque<FeedItem>> dropped; // batches die outside of the lock
    const std::scoped_lock lock(m_mutex);
    m_closed = true;
    for (Lane& lane : m_lanes) {
        dropped.push_back(std::exchange(lane.items, {}));
        lane.changed.notify_all();
    }
    m_room.notify_all();
}

} // namespace weir
