// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace weir::query {

/// Threads that do parts of one piece of work side by side. They start with the first piece. One thread calls run().
class ShardThreads
{
public:
    explicit ShardThreads(std::size_t count) : m_count(count == 0 ? 1 : count) { }
    ShardThreads(const ShardThreads&) = delete;
    ShardThreads& operator=(const ShardThreads&) = delete;
    ~ShardThreads();

    std::size_t count() const { return m_count; }
    /// Calls part(0) to part(count - 1), one of them on the calling thread; returns when all are done.
    void run(const std::function<void(std::size_t)>& part);
    /// The same with all parts on other threads, and `meanwhile` on the calling one.
    void runBeside(const std::function<void(std::size_t)>& part, const std::function<void()>& meanwhile);

private:
    void start(const std::function<void(std::size_t)>& part, std::size_t first);
    void waitUntilDone();
    void work(std::size_t index);

    const std::size_t m_count;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_done;
    const std::function<void(std::size_t)>* m_part = nullptr;
    std::uint64_t m_round = 0;
    std::size_t m_first = 0; ///< part of the round that a thread does
    std::size_t m_running = 0;
    bool m_stop = false;
    std::vector<std::jthread> m_threads; ///< by part; the first one starts when it is needed
};

} // namespace weir::query
