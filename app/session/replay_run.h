// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/source_drain.h"
#include "app/session/cluster_pool.h"
#include "app/session/record_filter.h"
#include "app/session/replay_mark.h"

#include <condition_variable>

namespace weir {

enum class ReplayPartitions : std::uint8_t { Keep, ByKey };
enum class ReplayTimestamps : std::uint8_t { Keep, Now };

struct ReplayRequest
{
    ReadRequest what; ///< records of one topic
    std::string where; ///< SQL; empty: all
    std::string topic; ///< to write to; it has to be there
    /// How much faster than the records' timestamps tell; 1: as they came, 0: flat out. A timestamp that goes back
    /// takes no time.
    double speed = 1;
    ReplayPartitions partitions = ReplayPartitions::Keep;
    ReplayTimestamps timestamps = ReplayTimestamps::Keep;
    bool dryRun = false; ///< all but writing and waiting
    /// File that keeps how far this replay got; where it is there, the replay goes on from it. Empty: none.
    std::string mark;
};

struct ReplayProgress
{
    DrainSnapshot drain;
    std::uint64_t records = 0; ///< written, or, in a dry run, to be written
    std::uint64_t bytes = 0; ///< of their keys, values and headers
    std::uint64_t filtered = 0; ///< records that `where` kept out
    std::uint64_t unknown = 0; ///< records of which `where` could not be asked; they are replayed
    std::int64_t missing = 0; ///< offsets that are gone, as the source tells
    std::optional<std::pair<EpochMs, EpochMs>> span; ///< lowest and highest timestamp so far
};

/// Writes the records of a topic, usually of a capture, to a topic of a cluster that is unlocked for writing: keys,
/// values and headers as they are, at least once. All functions from any thread.
class ReplayRun
{
public:
    struct Target
    {
        std::shared_ptr<Cluster> cluster; ///< where the topic has to be
        std::unique_ptr<kafka::Producer> producer; ///< writes to that cluster; null in a dry run
        std::string clusterId;
        std::function<bool()> mayWrite; ///< asked for every batch; empty in a dry run
    };

    /// *Blocks*: asks for the target's topic and opens the source.
    static Result<std::unique_ptr<ReplayRun>> start(
        Cluster& from, Target target, const ReplayRequest& request, const Clock& clock);
    ~ReplayRun();

    ReplayProgress progress() const;
    bool wait(std::chrono::milliseconds timeout) { return m_drain->wait(timeout); }
    void stop();
    /// *Blocks* until all that was written is acknowledged, and keeps how far it got. An Error when something could
    /// not be read or written.
    Result<void> finish();

private:
    ReplayRun(const ReplayRequest& request, Target target, const Clock& clock);
    Result<void> checkTopic() const;
    Result<ReadRequest> whereToBegin() const;
    Result<void> take(const RecordBatchPtr& batch);
    Result<void> write(const RecordBatch& batch, std::uint32_t row);
    void note(const RecordBatch& batch, std::uint32_t row);
    /// False when the replay was stopped meanwhile.
    Result<bool> waitUntilDue(EpochMs time);
    std::chrono::steady_clock::duration timeLeft() const;
    Result<void> keepMark();
    Result<void> keepMarkIfDue();

    const ReplayRequest m_request;
    const Target m_target;
    const Clock& m_clock;
    std::string m_source; ///< which cluster's topic is read

    // The reading thread's.
    std::unique_ptr<search::RecordFilter> m_filter; ///< null: all
    ReplayMark m_mark;
    std::optional<std::pair<EpochMs, std::chrono::steady_clock::time_point>> m_begin; ///< first timestamp, and when
    EpochMs m_reached = 0; ///< highest timestamp so far
    std::chrono::steady_clock::time_point m_markedAt;

    std::atomic<std::uint64_t> m_records{0};
    std::atomic<std::uint64_t> m_bytes{0};
    std::atomic<std::uint64_t> m_filtered{0};
    std::atomic<std::uint64_t> m_unknown{0};
    std::atomic<std::int64_t> m_missing{0};
    std::atomic<bool> m_stopping{false};
    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_change;
    std::optional<std::pair<EpochMs, EpochMs>> m_span;
    std::unique_ptr<SourceDrain> m_drain; ///< last: its threads use all the rest
};

} // namespace weir
