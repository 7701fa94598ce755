// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/frame_scheduler.h"

#include <algorithm>

namespace weir {

FrameScheduler::FrameScheduler(QObject* parent) : QObject(parent)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(frameMs);
    connect(&m_timer, &QTimer::timeout, this, &FrameScheduler::frame);
    m_clock.start();
}

void FrameScheduler::add(QWidget* widget, FrameClient client)
{
    std::vector<Entry>& target = m_inFrame ? m_added : m_entries;
    target.push_back({widget, std::move(client), 0, false, 0});
}

void FrameScheduler::start()
{
    m_timer.start();
}

void FrameScheduler::frame()
{
    if (m_inFrame)
        return; // a pull that runs an event loop of its own (a dialog) must not start another round
    m_inFrame = true;
    const qint64 began = m_clock.nsecsElapsed();
    const qint64 now = m_clock.elapsed();
    const auto costMs = [&] { return static_cast<double>(m_clock.nsecsElapsed() - began) / 1e6; };
    for (std::size_t asked = 0; asked < m_entries.size() && costMs() < pullShareMs; ++asked) {
        m_next = m_next % m_entries.size();
        pullIfDirty(m_entries[m_next++], now);
    }
    std::erase_if(m_entries, [](const Entry& entry) { return entry.widget.isNull(); });
    std::move(m_added.begin(), m_added.end(), std::back_inserter(m_entries));
    m_added.clear();
    measure(costMs(), now);
    m_inFrame = false;
}

bool FrameScheduler::pullIfDirty(Entry& entry, qint64 now)
{
    if (!entry.widget || !entry.widget->isVisible())
        return false;
    if (entry.pulledOnce && now - entry.pulledAt < entry.client.minimumIntervalMs)
        return false;
    const std::uint64_t generation = entry.client.generation();
    if (entry.pulledOnce && generation == entry.seen)
        return false;
    entry.seen = generation;
    entry.pulledOnce = true;
    entry.pulledAt = now;
    entry.client.pull();
    return true;
}

void FrameScheduler::measure(double costMs, qint64 now)
{
    m_worst = std::max(m_worst, costMs);
    if (now - m_secondBegan < 1000)
        return;
    m_lastSecondCost = m_worst;
    m_worst = 0;
    m_secondBegan = now;
}

} // namespace weir
