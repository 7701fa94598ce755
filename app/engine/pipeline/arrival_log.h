// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"
#include "connectors/record/record_batch.h"
#include "connectors/record/result.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace weir::query {

enum class ArrivalKind : std::uint8_t { Batch, Partition, Idle, Ended, ScanEnded, Failed };

/// One thing that happened, numbered in arrival order over all partitions of a query.
struct Arrival
{
    ArrivalKind kind = ArrivalKind::Batch;
    std::uint64_t sequence = 0;
    std::size_t scan = 0; ///< whose partition it is
    std::size_t partition = 0; ///< index in the order of their arrival, over all scans
    TopicPartition source; ///< Partition
    RecordBatchPtr batch; ///< Batch, until a worker has taken it
    bool trustOwn = true; ///< Batch: the partition was never left out since its watermark last was in front
};

/// Where source threads leave what they read, workers take it, and one thread goes through it in arrival order.
/// Bounded: a source thread waits while too much is under way. Thread-safe.
class ArrivalLog
{
public:
    ArrivalLog(std::size_t workers, std::size_t maxBytes, const Clock& clock);

    // Source threads.
    void addPartition(std::size_t scan, const TopicPartition& partition); ///< no effect for a known one
    void pushBatch(std::size_t scan, RecordBatchPtr batch);
    void pushEnded(std::size_t scan, const TopicPartition& partition); ///< no effect the second time
    void sourceDone(std::size_t scan, std::optional<Error> failure);

    // Workers: partition p belongs to worker p % workers. nullopt: nothing will come any more.
    std::optional<Arrival> take(std::size_t worker);
    void done(std::uint64_t sequence); ///< the batch with this number has been worked on
    void waitForTurn(std::uint64_t sequence); ///< until everything before this number has been gone through

    // The one thread that goes through in order.
    /// The next arrival in order whose work is done; nullopt when none was ready within `timeout`.
    std::optional<Arrival> next(std::chrono::milliseconds timeout);
    /// Logs partitions that have been silent for as long as their scan allows; 0: they never fall idle.
    void markIdle(std::span<const std::chrono::milliseconds> timeouts);
    void trustAgain(std::size_t partition, std::uint64_t sequence); ///< caught up as of this number
    bool finished() const; ///< every source is done and everything has been gone through
    std::optional<Error> failure() const; ///< of the first source that failed

    void start(std::vector<std::size_t> sources); ///< how many each scan has; before the first thread
    void stop(); ///< wakes everyone; nothing is handed out any more
    bool stopped() const;

private:
    struct Partition
    {
        std::size_t scan = 0;
        std::chrono::steady_clock::time_point lastArrival;
        std::uint64_t leftOutAt = 0; ///< number of the arrival that last left it out of the watermark
        bool idle = false;
        bool ended = false;
        bool trustOwn = true;
    };
    struct Pending
    {
        Arrival arrival;
        bool done = false;
        std::size_t bytes = 0;
    };

    std::size_t indexOf(std::size_t scan, const TopicPartition& partition);
    void logScanEnded(std::size_t scan);
    std::size_t openSources() const;
    void log(Arrival arrival, std::size_t bytes);

    const std::size_t m_maxBytes;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::condition_variable m_room;
    std::condition_variable m_work;
    std::condition_variable m_ready;
    std::map<std::pair<std::size_t, TopicPartition>, std::size_t> m_indexes; ///< by scan: two may read one topic
    std::vector<Partition> m_partitions;
    std::vector<std::deque<Arrival>> m_queues; ///< by worker
    std::deque<Pending> m_pending; ///< front has number m_first
    std::uint64_t m_first = 0;
    std::uint64_t m_handled = 0; ///< everything before this number has been gone through
    std::size_t m_bytes = 0; ///< of pending batches
    std::vector<std::size_t> m_sources; ///< of each scan, that are not done
    std::size_t m_waiting = 0; ///< source threads that wait for room
    std::optional<Error> m_failure;
    bool m_anyBatch = false;
    bool m_stopped = false;
};

} // namespace weir::query
