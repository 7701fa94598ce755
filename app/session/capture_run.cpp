// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/capture_run.h"

#include "app/session/group_round.h"
#include "app/session/missing_offsets.h"
#include "app/session/topic_entry.h"

namespace weir {

namespace {

constexpr std::chrono::milliseconds syncInterval(800); // ticks come often: a second is never exceeded
constexpr std::uint64_t mostUnsynced = std::uint64_t{16} << 20; ///< more is brought to the disk at once
constexpr std::chrono::seconds groupInterval(5);

using Sources = std::vector<std::unique_ptr<Source>>;

Result<capture::Manifest> aboutOf(Cluster& cluster, const CaptureRequest& request)
{
    auto metadata = cluster.metadata();
    if (!metadata)
        return metadata.error();
    capture::Manifest about;
    about.program = request.program;
    about.clusterId = metadata->clusterId;
    about.connection = request.connection;
    about.settings = request.told;
    return about;
}

/// What topics are cleaned by explains holes in them. Clusters that do not tell are captured all the same.
void askPolicies(Cluster& cluster, const std::set<std::string>& topics, capture::CaptureWriter& writer)
{
    for (const std::string& topic : topics) {
        const auto config = cluster.topicConfig(topic);
        const auto policy =
            config ? config->find("cleanup.policy") : std::map<std::string, std::string>::const_iterator();
        if (config && policy != config->end())
            writer.setCleanupPolicy(topic, policy->second);
    }
}

} // namespace

CaptureRun::CaptureRun(
    std::unique_ptr<capture::CaptureWriter> writer, const CaptureRequest& request, const Clock& clock)
    : m_clock(clock), m_maxBytes(request.maxBytes), m_writer(std::move(writer)), m_syncedAt(clock.steady())
{ }

CaptureRun::~CaptureRun()
{
    if (m_drain && !m_finished)
        static_cast<void>(finish("Weir was closed").ok());
}

Result<std::unique_ptr<CaptureRun>> CaptureRun::start(
    const std::shared_ptr<Cluster>& cluster, const CaptureRequest& request, const Clock& clock)
{
    auto about = aboutOf(*cluster, request);
    if (!about)
        return about.error();
    std::vector<search::RecordFilterFactoryPtr> filters;
    Sources all;
    std::vector<std::size_t> topicOf;
    for (const ReadRequest& topic : request.topics) {
        if (!request.where.empty()) {
            auto filter = compileFilter(*cluster, topic.topic, {request.where, {}}, clock);
            if (!filter)
                return filter.error();
            filters.push_back(std::move(*filter));
        }
        auto sources = cluster->open(topic);
        if (!sources)
            return sources.error();
        about->topics.push_back(topicEntryOf(topic.topic, *sources));
        topicOf.insert(topicOf.end(), sources->size(), about->topics.size() - 1);
        std::move(sources->begin(), sources->end(), std::back_inserter(all));
    }
    auto writer = capture::CaptureWriter::create(request.folder, std::move(*about), request.settings, clock);
    if (!writer)
        return writer.error();
    std::unique_ptr<CaptureRun> run(new CaptureRun(std::move(*writer), request, clock));
    for (std::size_t i = 0; i < all.size(); ++i) {
        run->m_topics.push_back(all[i]->topic());
        if (!filters.empty())
            run->m_filters.push_back(filters[topicOf[i]]->make());
        for (const PartitionPosition& position : all[i]->state().partitions) {
            if (auto begun = run->m_writer->begin({all[i]->topic(), position.partition}, position.start); !begun)
                return begun.error();
        }
    }
    DrainTarget target;
    target.take = [raw = run.get()](
                      std::size_t source, const RecordBatchPtr& batch) { return raw->take(source, batch); };
    target.tick = [raw = run.get()] { return raw->syncIfDue(); };
    run->m_drain = std::make_unique<SourceDrain>(std::move(all), std::move(target), clock);
    run->m_drain->start();
    run->m_observer = std::jthread([cluster, groups = request.groups, raw = run.get()](const std::stop_token& stopped) {
        raw->observeCluster(stopped, *cluster, groups);
    });
    return run;
}

void CaptureRun::observeCluster(
    const std::stop_token& stopped, Cluster& cluster, const std::vector<std::string>& groups)
{
    const std::set<std::string> topics(m_topics.begin(), m_topics.end());
    const std::set<std::string> named(groups.begin(), groups.end());
    askPolicies(cluster, topics, *m_writer);
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stopped.stop_requested()) {
        const auto round = askGroups(cluster, named, topics, m_clock);
        if (round && !round->groups.empty())
            m_writer->observe({*round, {}, {}});
        wake.wait_for(lock, stopped, groupInterval, [] { return false; });
    }
}

/// That of the worst source; told when it changes.
void CaptureRun::observeConnection()
{
    const SourceState all = combined(m_drain->snapshot().sources);
    const std::string problem = all.problems.empty() ? std::string() : all.problems.front().text;
    if (all.connection == m_connection && problem.empty() == m_problem.empty())
        return;
    m_connection = all.connection;
    m_problem = problem;
    capture::Observation observation;
    observation.groups.time = m_clock.wallMs();
    observation.connection = all.connection;
    observation.problem = problem;
    m_writer->observe(observation);
}

Result<void> CaptureRun::take(std::size_t source, const RecordBatchPtr& batch)
{
    m_missing += missingOffsets(*batch);
    std::optional<std::vector<std::uint32_t>> rows;
    if (!m_filters.empty()) {
        const search::Selected selected = m_filters[source]->select(batch);
        m_undecodable += selected.undecided.size();
        rows = selected.kept();
    }
    if (auto appended = m_writer->append(*batch, rows); !appended)
        return appended;
    if (m_maxBytes > 0 && m_writer->counters().bytes >= m_maxBytes) {
        m_full = true;
        m_drain->stop();
    }
    return {};
}

Result<void> CaptureRun::syncIfDue()
{
    observeConnection();
    const auto now = m_clock.steady();
    if (now - m_syncedAt < syncInterval && m_writer->unsyncedBytes() < mostUnsynced)
        return {};
    m_syncedAt = now;
    if (auto evicted = m_writer->evict(); !evicted)
        return evicted;
    return m_writer->sync();
}

CaptureProgress CaptureRun::progress() const
{
    return {m_drain->snapshot(), m_writer->counters(), m_undecodable, m_missing, m_full};
}

Result<void> CaptureRun::finish(const std::string& reason)
{
    m_finished = true;
    m_observer.request_stop();
    m_drain->stop();
    while (!m_drain->wait(std::chrono::milliseconds(100))) { }
    const DrainSnapshot last = m_drain->snapshot();
    if (!last.failure) {
        // Offsets behind the last record that the source passed: control records, or such that were compacted away.
        for (std::size_t i = 0; i < last.sources.size(); ++i) {
            for (const PartitionPosition& position : last.sources[i].partitions) {
                const TopicPartition partition{m_topics[i], position.partition};
                if (auto told = m_writer->addHole(partition, position.next, GapReason::NotTold); !told)
                    return told;
            }
        }
    }
    return m_writer->finish(reason);
}

} // namespace weir
