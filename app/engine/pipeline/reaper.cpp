// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/reaper.h"

#include <thread>

namespace weir {

Reaper& Reaper::instance()
{
    static Reaper* const reaper = new Reaper;
    return *reaper;
}

Reaper::Reaper()
{
    std::thread([this] { run(); }).detach();
}

void Reaper::take(std::shared_ptr<void> object)
{
    if (!object)
        return;
    const std::scoped_lock lock(m_mutex);
    m_objects.push_back(std::move(object));
    m_arrived.notify_one();
}

bool Reaper::drain(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    return m_gone.wait_for(lock, timeout, [this] { return m_objects.empty() && !m_busy; });
}

std::size_t Reaper::pending() const
{
    const std::scoped_lock lock(m_mutex);
    return m_objects.size() + (m_busy ? 1 : 0);
}

void Reaper::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_arrived.wait(lock, [this] { return !m_objects.empty(); });
        std::shared_ptr<void> object = std::move(m_objects.front());
        m_objects.pop_front();
        m_busy = true;
        lock.unlock();
        object.reset();
        lock.lock();
        m_busy = false;
        m_gone.notify_all();
    }
}

} // namespace weir
