// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/session.h"

#include "app/engine/pipeline/record_ring.h"
#include "app/session/search_scope.h"
#include "app/session/table_sinks.h"
#include "app/session/table_sources.h"
#include "app/session/topic_entry.h"
#include "connectors/capture/arrival_times.h"
#include "connectors/kafka/kafka_cluster.h"

namespace weir {

namespace {

constexpr EpochMs unknownStepMs = 1000;
constexpr std::chrono::milliseconds playedInterval(250); ///< nobody is asked over a network

} // namespace

Session::Session(SessionSettings settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock)
    : m_settings(std::move(settings)), m_budget(std::move(budget)), m_clock(clock),
      m_clusters(std::make_shared<ClusterPool>(m_budget, clock))
{ }

Session::~Session() = default;

Result<std::shared_ptr<Session>> Session::open(
    const SessionSettings& settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock)
{
    if (!settings.capture.empty()) {
        auto playback = std::make_shared<capture::Playback>(clock, settings.paced);
        auto folder = capture::openFolder({settings.capture, budget, &clock, playback});
        std::shared_ptr<Session> session(new Session(settings, budget, clock));
        session->m_folder = folder;
        session->m_playback = std::move(playback);
        session->take(std::move(folder));
        session->m_clusters->setOnly(session->m_cluster);
        return session;
    }
    kafka::KafkaSettings kafkaSettings;
    kafkaSettings.bootstrapServers = settings.bootstrapServers;
    kafkaSettings.properties = settings.properties;
    kafkaSettings.budget = budget;
    kafkaSettings.clock = &clock;
    auto cluster = kafka::openCluster(kafkaSettings);
    if (!cluster)
        return cluster.error();
    return over(std::move(*cluster), settings, std::move(budget), clock);
}

std::shared_ptr<Session> Session::over(std::shared_ptr<Cluster> cluster, const SessionSettings& settings,
    std::shared_ptr<MemoryBudget> budget, const Clock& clock)
{
    std::shared_ptr<Session> session(new Session(settings, std::move(budget), clock));
    session->take(std::move(cluster));
    return session;
}

void Session::take(std::shared_ptr<Cluster> cluster)
{
    m_cluster = std::move(cluster);
    m_clusters->setDefault(m_settings.bootstrapServers, m_settings.properties, m_cluster);
    ClusterMonitorOptions options;
    options.namedGroups = m_settings.namedGroups;
    options.address = m_settings.capture.empty() ? m_settings.bootstrapServers : m_settings.capture;
    if (m_settings.paced)
        options.interval = options.groupInterval = playedInterval;
    m_monitor = std::make_unique<ClusterMonitor>(m_cluster, clock(), options);
}

Result<void> Session::step()
{
    if (!m_playback)
        return Error{ErrorKind::Unsupported, "only a capture can be stepped through.", m_settings.name};
    const auto content = m_folder->content();
    if (!content)
        return content.error();
    const EpochMs now = m_playback->wallMs();
    m_playback->stepTo(capture::nextArrival(**content, now).value_or(now + unknownStepMs));
    return {};
}

Result<std::unique_ptr<TopicFeed>> Session::openFeed(
    const std::vector<ReadRequest>& requests, const TopicFeedOptions& options, Rows rows, const FilterTable* keys)
{
    auto opened = openTopics(requests, options, keys);
    if (!opened)
        return opened.error();
    auto buffer = rows == Rows::Kept ? rowsFor(requests, *opened) : nullptr;
    TopicFeedOptions all = options;
    all.narrowedTo = std::move(opened->narrowedTo);
    all.latencyOfHistory = all.latencyOfHistory || m_folder; // a capture knows when each record was received
    auto feed =
        std::make_unique<TopicFeed>(std::move(opened->sources), std::move(buffer), m_budget, m_clock, std::move(all));
    feed->start();
    return feed;
}

Result<Session::OpenedTopics> Session::openTopics(
    const std::vector<ReadRequest>& requests, const TopicFeedOptions& options, const FilterTable* keys)
{
    OpenedTopics opened;
    opened.filtered = options.filter != nullptr;
    for (const ReadRequest& request : requests) {
        auto sources =
            options.filter ? openMatching(request, *options.filter, keys, opened.narrowedTo) : m_cluster->open(request);
        if (!sources)
            return sources.error();
        opened.topics.push_back(topicEntryOf(request.topic, *sources));
        std::move(sources->begin(), sources->end(), std::back_inserter(opened.sources));
    }
    return opened;
}

/// Only what can match. What goes on without end may yet meet producers that put keys elsewhere.
Result<std::vector<std::unique_ptr<Source>>> Session::openMatching(const ReadRequest& request,
    const search::RecordFilterFactory& filter, const FilterTable* keys, std::vector<std::string>& narrowedTo)
{
    const bool ends = !std::holds_alternative<Unbounded>(request.stop);
    const bool believed = ends && keys && keys->partitions() > 0;
    const auto narrowed =
        narrow(*m_cluster, request, filter.scope(), keys, believed ? KeyRouting::Believed : KeyRouting::Ignored);
    if (!narrowed)
        return narrowed.error();
    for (const std::string& reason : narrowed->reasons)
        narrowedTo.push_back(std::to_string(narrowed->partitions) + " of " + std::to_string(narrowed->allPartitions)
            + " partitions of " + request.topic + ": " + reason);
    if (!narrowed->request)
        return std::vector<std::unique_ptr<Source>>();
    return m_cluster->open(*narrowed->request);
}

/// What a view's own capture is told of itself.
capture::Manifest Session::aboutView(const OpenedTopics& opened) const
{
    capture::Manifest about;
    about.program = "weir";
    about.clusterId = m_monitor->snapshot()->metadata.clusterId;
    about.connection = m_settings.name;
    about.topics = opened.topics;
    return about;
}

/// Where they are already.
Result<std::shared_ptr<RowBuffer>> Session::rowsOfFolder(const std::vector<ReadRequest>& requests) const
{
    const auto content = m_folder->content();
    return content ? m_buffers->forFolder(*content, requests) : content.error();
}

/// On disk, and in memory where that cannot be: a view without its disk is still a view. Matching records alone are
/// copied; all those of a folder stay where they are.
std::shared_ptr<RowBuffer> Session::rowsFor(const std::vector<ReadRequest>& requests, const OpenedTopics& opened) const
{
    std::optional<Error> trouble;
    if (m_buffers) {
        auto rows = m_folder && !opened.filtered
            ? rowsOfFolder(requests)
            : m_buffers->forTopics(aboutView(opened), opened.filtered ? GapReason::Filtered : GapReason::NotTold);
        if (rows)
            return std::move(*rows);
        trouble = rows.error();
    }
    const std::size_t share = m_budget ? m_budget->limit() / 4 : std::size_t{256} << 20;
    return std::make_shared<RecordRing>(share, m_budget, std::move(trouble));
}

std::shared_ptr<Cluster> Session::clusterOrView(const std::string& view) const
{
    return view.empty() ? m_cluster : capture::openFolder({view, m_budget, &m_clock});
}

Result<InferredTable> Session::inferTable(const std::string& topic)
{
    return weir::inferTable(*m_cluster, topic, m_settings.bootstrapServers, m_clock);
}

Result<std::unique_ptr<QueryRun>> Session::runQuery(
    const sql::QueryPlan& plan, ResultSink sink, const QueryOptions& options)
{
    SourceEnvironment environment;
    environment.clusterFor = [this](const auto& properties) { return m_clusters->clusterFor(properties); };
    environment.budget = m_budget;
    environment.clock = &m_clock;
    environment.group = std::make_shared<ReadGroup>();
    const SourceOpener opener = [environment](
                                    const sql::TableDefinition& table) { return openTableSources(table, environment); };
    auto table = openTableSink(plan, m_clusters);
    if (!table)
        return table.error();
    QueryOptions all = options;
    all.sourceClock = m_playback;
    all.finish = std::move(table->finish);
    ResultSink rows = std::move(sink);
    if (table->rows && rows) {
        rows = [seen = std::move(rows), written = std::move(table->rows)](const ResultBatch& batch) {
            auto done = written(batch);
            return done ? seen(batch) : done;
        };
    } else if (table->rows) {
        rows = std::move(table->rows);
    }
    return QueryRun::start(plan, opener, std::move(rows), m_budget, all);
}

Result<std::shared_ptr<CaptureRun>> Session::startCapture(CaptureRequest request)
{
    request.connection = m_settings.name;
    request.groups = m_settings.namedGroups;
    request.settings.segments.budget = m_budget;
    auto run = CaptureRun::start(clusterOrView(request.view), request, m_clock);
    if (!run)
        return run.error();
    return std::shared_ptr<CaptureRun>(std::move(*run));
}

Result<std::shared_ptr<ExportRun>> Session::startExport(const ExportRequest& request)
{
    auto run = ExportRun::start(*clusterOrView(request.view), request, m_clock);
    if (!run)
        return run.error();
    return std::shared_ptr<ExportRun>(std::move(*run));
}

Result<std::shared_ptr<ReplayRun>> Session::startReplay(Cluster& from, const ReplayRequest& request)
{
    const auto metadata = m_cluster->metadata();
    if (!metadata)
        return metadata.error();
    ReplayRun::Target target{m_cluster, nullptr, metadata->clusterId, {}};
    if (!request.dryRun) {
        auto writer = m_clusters->writerFor({});
        if (!writer)
            return writer.error();
        target.producer = std::move(writer->producer);
        target.mayWrite = [clusters = m_clusters, id = writer->clusterId] { return clusters->isUnlocked(id); };
    }
    auto run = ReplayRun::start(from, std::move(target), request, m_clock);
    if (!run)
        return run.error();
    return std::shared_ptr<ReplayRun>(std::move(*run));
}

Result<void> Session::unlockWriting(const std::string& clusterId, std::chrono::milliseconds time)
{
    kafka::KafkaSettings settings;
    settings.bootstrapServers = m_settings.bootstrapServers;
    settings.properties = m_settings.properties;
    settings.clock = &m_clock;
    const auto proof = kafka::unlockWriting(settings, clusterId);
    if (!proof)
        return proof.error();
    const std::lock_guard lock(m_lockMutex);
    m_unlockedId = proof->clusterId();
    m_clusters->unlock(m_unlockedId, time);
    return {};
}

void Session::lockWriting()
{
    const std::lock_guard lock(m_lockMutex);
    m_clusters->lock(m_unlockedId);
}

bool Session::isWritable() const
{
    const std::lock_guard lock(m_lockMutex);
    return m_clusters->isUnlocked(m_unlockedId);
}

} // namespace weir
