// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/shard_threads.h"

namespace weir::query {

ShardThreads::~ShardThreads()
{
    const std::scoped_lock lock(m_mutex);
    m_stop = true;
    m_wake.notify_all();
}

void ShardThreads::run(const std::function<void(std::size_t)>& part)
{
    {
        const std::scoped_lock lock(m_mutex);
        for (std::size_t i = m_threads.size() + 1; i < m_count; ++i)
            m_threads.emplace_back([this, i] { work(i); });
        m_part = &part;
        m_running = m_threads.size();
        ++m_round;
        m_wake.notify_all();
    }
    part(0);
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [this] { return m_running == 0; });
    m_part = nullptr;
}

void ShardThreads::work(std::size_t index)
{
    std::uint64_t seen = 0;
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [&] { return m_stop || (m_round != seen && m_part); });
        if (m_stop)
            return;
        seen = m_round;
        const auto& part = *m_part;
        lock.unlock();
        part(index);
        lock.lock();
        if (--m_running == 0)
            m_done.notify_one();
    }
}

} // namespace weir::query
