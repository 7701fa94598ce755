// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/cluster_monitor.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/pipeline/topic_feed.h"
#include "app/engine/sql/script.h"
#include "app/session/capture_run.h"
#include "app/session/cluster_pool.h"
#include "app/session/export_run.h"
#include "app/session/infer_table.h"
#include "app/session/live_buffers.h"
#include "app/session/replay_run.h"
#include "connectors/capture/folder_cluster.h"

#include <memory>
#include <mutex>
#include <string>

namespace weir {

/// How a session reaches its cluster. What the connection documents and the command line have in common.
struct SessionSettings
{
    std::string name; ///< as it stands in the tree
    std::string bootstrapServers;
    std::string capture; ///< a folder to look at instead of a cluster; empty: none
    bool paced = false; ///< a capture begins paused in front of its first record, instead of with everything
    std::map<std::string, std::string> properties; ///< further librdkafka properties
    std::vector<std::string> namedGroups;
};

/// One live connection: its cluster, its monitor, and what is opened on it. Window and command line both use this and
/// nothing below it. Functions marked *blocks* ask the cluster and must not run on the GUI thread.
class Session
{
public:
    /// Does not block: an unreachable cluster shows in monitor()'s snapshots.
    static Result<std::shared_ptr<Session>> open(
        const SessionSettings& settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock);
    /// The same over a cluster that is there already.
    static std::shared_ptr<Session> over(std::shared_ptr<Cluster> cluster, const SessionSettings& settings,
        std::shared_ptr<MemoryBudget> budget, const Clock& clock);
    ~Session();

    const SessionSettings& settings() const { return m_settings; }
    const std::shared_ptr<Cluster>& cluster() const { return m_cluster; }
    ClusterMonitor& monitor() { return *m_monitor; }
    const std::shared_ptr<MemoryBudget>& budget() const { return m_budget; }
    /// Of a capture; null otherwise.
    const std::shared_ptr<capture::Playback>& playback() const { return m_playback; }
    /// Of a capture, its own time.
    const Clock& clock() const { return m_playback ? *m_playback : m_clock; }
    /// *Blocks.* Moves a capture's time to when something came next; a second where that was not written down.
    Result<void> step();

    /// Where topic views keep their rows; without, they are in memory. Before the first openFeed().
    void setLiveBuffers(std::shared_ptr<LiveBuffers> buffers) { m_buffers = std::move(buffers); }
    const std::shared_ptr<LiveBuffers>& liveBuffers() const { return m_buffers; }

    enum class Rows : std::uint8_t { Kept, Counted };
    /// *Blocks.* Opens the sources of a view, one request for each of its topics, and starts reading. With a filter
    /// only what can match is read; of requests that end, partitions too where `keys` says that a key cannot be (may be
    /// null).
    Result<std::unique_ptr<TopicFeed>> openFeed(const std::vector<ReadRequest>& requests,
        const TopicFeedOptions& options, Rows rows = Rows::Kept, const FilterTable* keys = nullptr);
    /// *Blocks.* The table of a topic without DDL, inferred from a sample of its newest values.
    Result<InferredTable> inferTable(const std::string& topic);
    /// *Blocks.* Starts a bound query; tables without bootstrap servers of their own are this session's cluster's. An
    /// INSERT INTO a kafka table fails with ErrorKind::Locked unless writing is unlocked.
    Result<std::unique_ptr<QueryRun>> runQuery(
        const sql::QueryPlan& plan, ResultSink sink, const QueryOptions& options);

    /// *Blocks.* Starts to write topics of this session to a folder.
    Result<std::shared_ptr<CaptureRun>> startCapture(CaptureRequest request);
    /// *Blocks.* Starts to write records of this session's topics to a file.
    Result<std::shared_ptr<ExportRun>> startExport(const ExportRequest& request);
    /// *Blocks.* Starts to write records of `from` to a topic of this session's cluster: ErrorKind::Locked unless
    /// writing is unlocked, or it is a dry run.
    Result<std::shared_ptr<ReplayRun>> startReplay(Cluster& from, const ReplayRequest& request);

    /// *Blocks.* Lets queries write to this session's cluster for `time`, if the live cluster's id is `clusterId`.
    Result<void> unlockWriting(const std::string& clusterId, std::chrono::milliseconds time);
    void lockWriting();
    bool isWritable() const;

private:
    Session(SessionSettings settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock);
    void take(std::shared_ptr<Cluster> cluster);
    Result<std::vector<std::unique_ptr<Source>>> openMatching(const ReadRequest& request,
        const search::RecordFilterFactory& filter, const FilterTable* keys, std::vector<std::string>& narrowedTo);
    /// What a view reads.
    struct OpenedTopics
    {
        std::vector<std::unique_ptr<Source>> sources;
        std::vector<capture::TopicEntry> topics;
        bool filtered = false; ///< only some records are wanted
        std::vector<std::string> narrowedTo;
    };
    Result<OpenedTopics> openTopics(
        const std::vector<ReadRequest>& requests, const TopicFeedOptions& options, const FilterTable* keys);
    std::shared_ptr<RowBuffer> rowsFor(const std::vector<ReadRequest>& requests, const OpenedTopics& opened) const;
    Result<std::shared_ptr<RowBuffer>> rowsOfFolder(const std::vector<ReadRequest>& requests) const;
    capture::Manifest aboutView(const OpenedTopics& opened) const;
    std::shared_ptr<Cluster> clusterOrView(const std::string& view) const;

    SessionSettings m_settings;
    std::shared_ptr<MemoryBudget> m_budget;
    const Clock& m_clock;
    std::shared_ptr<Cluster> m_cluster;
    std::shared_ptr<capture::FolderCluster> m_folder; ///< the same, if it is a folder
    std::shared_ptr<capture::Playback> m_playback; ///< of the folder
    std::shared_ptr<LiveBuffers> m_buffers; ///< may be null
    std::shared_ptr<ClusterPool> m_clusters; ///< runs that write may outlive the session
    mutable std::mutex m_lockMutex;
    std::string m_unlockedId; ///< of the cluster, once writing was unlocked
    std::unique_ptr<ClusterMonitor> m_monitor;
};

} // namespace weir
