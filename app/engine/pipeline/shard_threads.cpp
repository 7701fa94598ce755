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
    start(part, 1);
    part(0);
    waitUntilDone();
}

void ShardThreads::runBeside(const std::function<void(std::size_t)>& part, const std::function<void()>& meanwhile)
{
    start(part, 0);
    meanwhile();
    waitUntilDone();
}

void ShardThreads::start(const std::function<void(std::size_t)>& part, std::size_t first)
{
    const std::scoped_lock lock(m_mutex);
    m_threads.resize(m_count);
    for (std::size_t i = first; i < m_count; ++i) {
        if (!m_threads[i].joinable())
            m_threads[i] = std::jthread([this, i] { work(i); });
    }
    m_part = &part;
    m_first = first;
    m_running = m_count - first;
    ++m_round;
    m_wake.notify_all();
}

void ShardThreads::waitUntilDone()
{
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [this] { return m_running == 0; });
    m_part = nullptr;
}

void ShardThreads::work(std::size_t index)
{
    std::uint64_t seen = 0;
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [&] { return m_stop || (m_round != seen && m_part && index >= m_first); });
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
