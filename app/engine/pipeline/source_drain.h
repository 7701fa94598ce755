// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/metrics/throughput.h"
#include "app/engine/pipeline/topic_feed_metrics.h"
#include "connectors/record/source.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace weir {

/// What becomes of what is read, all on the drain's threads.
struct DrainTarget
{
    /// Takes each batch, in the order of its partition; several sources call it at once. An Error ends the drain.
    std::function<Result<void>(std::size_t source, const RecordBatchPtr& batch)> take;
    /// Called twenty times a second, and a last time when nothing is read any more, on a thread of its own.
    std::function<Result<void>()> tick;
};

struct DrainSnapshot
{
    std::uint64_t records = 0; ///< read
    std::uint64_t bytes = 0; ///< of their keys, values and headers
    double recordsPerSecond = 0; ///< over the last two seconds
    double bytesPerSecond = 0;
    std::vector<SourceState> sources; ///< in the order of the sources
    std::optional<Error> failure; ///< of a source or the target; the first one
    bool ended = false; ///< nothing is read any more
    /// Records that the sources have not reached yet, as far as their high watermarks tell.
    std::int64_t behind() const;
};

/// Reads Sources to their end, one thread each, into a target: what a topic view does, without the view. A target that
/// is slow makes the sources wait. All functions from any thread.
class SourceDrain
{
public:
    SourceDrain(std::vector<std::unique_ptr<Source>> sources, DrainTarget target, const Clock& clock);
    /// Waits for the batch that is being taken; the sources are closed by the reaper.
    ~SourceDrain();

    void start(); ///< once
    /// Asks all threads to end; wait() tells when they have.
    void stop() { m_stopped = true; }
    /// True once nothing is read any more and tick() was called the last time.
    bool wait(std::chrono::milliseconds timeout);
    DrainSnapshot snapshot() const;

private:
    void read(std::size_t index);
    void keepTicking();
    void fail(const Error& error);

    std::vector<std::unique_ptr<Source>> m_sources;
    DrainTarget m_target;
    const Clock& m_clock;
    std::atomic<bool> m_stopped{false};
    std::atomic<std::uint64_t> m_records{0};
    std::atomic<std::uint64_t> m_bytes{0};
    mutable std::mutex m_mutex; ///< guards what follows
    mutable RecentRate m_rate;
    std::condition_variable m_change;
    std::optional<Error> m_failure;
    std::size_t m_reading = 0;
    bool m_over = false;
    std::vector<std::jthread> m_threads;
};

} // namespace weir
