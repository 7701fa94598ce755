// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/source_drain.h"
#include "app/session/record_filter.h"
#include "connectors/capture/capture_writer.h"

#include <map>

namespace weir {

/// What to capture, and where to.
struct CaptureRequest
{
    std::string folder; ///< must not exist, or be empty
    std::vector<ReadRequest> topics; ///< each topic once
    std::string view; ///< folder of the record log of a view, to read instead of the cluster; empty: the cluster
    std::string where; ///< SQL; empty: everything
    capture::CaptureSettings settings;
    std::uint64_t maxBytes = 0; ///< the capture ends when its segments have so many; 0: never
    std::string connection; ///< the user's name for it; empty: none
    std::vector<std::string> groups; ///< that a cluster which lists none is asked for
    std::string program; ///< that captures, with its version
    std::map<std::string, std::string> told; ///< how it was asked for, for the manifest
};

struct CaptureProgress
{
    DrainSnapshot drain;
    capture::CaptureCounters counters;
    std::uint64_t undecodable = 0; ///< records kept because the filter could not be asked
    std::int64_t missing = 0; ///< offsets asked for that retention, damage or the budget took
    bool full = false; ///< maxBytes was reached
};

/// A capture in the making. All functions from any thread; start() blocks, finish() waits for the threads.
class CaptureRun
{
public:
    /// *Blocks*: asks the cluster, opens the sources, makes the folder.
    static Result<std::unique_ptr<CaptureRun>> start(
        const std::shared_ptr<Cluster>& cluster, const CaptureRequest& request, const Clock& clock);
    /// Ends a capture that nobody ended; that can take a second.
    ~CaptureRun();

    CaptureProgress progress() const;
    /// True once nothing more will be captured.
    bool wait(std::chrono::milliseconds timeout) { return m_drain->wait(timeout); }
    void stop() { m_drain->stop(); }
    /// Ends it: the capture is complete and valid if this succeeds. An Error that ended the reading is in progress().
    Result<void> finish(const std::string& reason);
    const std::string& folder() const { return m_writer->root(); }

private:
    CaptureRun(std::unique_ptr<capture::CaptureWriter> writer, const CaptureRequest& request, const Clock& clock);
    Result<void> take(std::size_t source, const RecordBatchPtr& batch);
    Result<void> syncIfDue();
    void observeConnection();
    void observeCluster(const std::stop_token& stopped, Cluster& cluster, const std::vector<std::string>& groups);

    const Clock& m_clock;
    const std::uint64_t m_maxBytes;
    std::unique_ptr<capture::CaptureWriter> m_writer;
    std::vector<std::unique_ptr<search::RecordFilter>> m_filters; ///< by source; empty: everything is kept
    std::vector<std::string> m_topics; ///< by source
    std::atomic<std::int64_t> m_missing{0};
    std::atomic<std::uint64_t> m_undecodable{0};
    std::atomic<bool> m_full{false};
    std::atomic<bool> m_finished{false};
    std::chrono::steady_clock::time_point m_syncedAt; ///< the ticking thread's
    std::unique_ptr<SourceDrain> m_drain;
    std::optional<Connection> m_connection; ///< as it was observed last; the ticking thread's
    std::string m_problem;
    std::jthread m_observer; ///< asks the cluster for what stands beside the records; some never answer
};

} // namespace weir
