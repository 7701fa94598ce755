// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

namespace weir {

/// Lets go of things whose destructor may take seconds (closing a Kafka client, joining a thread that is in a call), on
/// one thread of its own, in the order they came. All functions from any thread.
class Reaper
{
public:
    /// The one of the process. It is never destroyed, so that objects may arrive until the end.
    static Reaper& instance();

    /// Takes a reference; if it is the last one, the object dies on the reaper's thread.
    void take(std::shared_ptr<void> object);
    /// Waits until everything taken so far is gone: true; false when `timeout` passed first. At exit the caller then
    /// leaves without waiting any longer.
    bool drain(std::chrono::milliseconds timeout);
    std::size_t pending() const;

private:
    Reaper();
    void run();

    mutable std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::condition_variable m_gone;
    std::deque<std::shared_ptr<void>> m_objects;
    bool m_busy = false;
};

} // namespace weir
