// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/cluster_monitor.h"

#include "app/engine/pipeline/group_watch.h"
#include "app/engine/pipeline/reaper.h"
#include "app/engine/pipeline/topic_watch.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <set>
#include <thread>

namespace weir {

namespace {

std::string timeOfDay(EpochMs time)
{
    const std::time_t seconds = static_cast<std::time_t>(time / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[16];
    std::strftime(text, sizeof(text), "%H:%M:%S", &parts);
    return text;
}

std::string seconds(std::chrono::milliseconds interval)
{
    if (interval.count() % 1000 == 0)
        return std::to_string(interval.count() / 1000) + " s";
    return std::to_string(interval.count()) + " ms";
}

/// "Broker 127.0.0.1:9092 does not answer since 14:12:03. Retrying every 2 s."
std::string wordsFor(const Error& error, const ClusterMonitorOptions& options, EpochMs since)
{
    const std::string retrying = " Retrying every " + seconds(options.interval) + ".";
    if (error.kind != ErrorKind::Unreachable && error.kind != ErrorKind::Timeout)
        return error.text() + (error.text().ends_with('.') ? "" : ".") + retrying;
    std::string who = "The cluster does";
    if (options.address.find(',') != std::string::npos)
        who = "Brokers " + options.address + " do";
    else if (!options.address.empty())
        who = "Broker " + options.address + " does";
    return who + " not answer since " + timeOfDay(since) + "." + retrying;
}

/// A time of the past.
class ThenClock final : public Clock
{
public:
    explicit ThenClock(EpochMs time) : m_time(time) { }
    EpochMs wallMs() const override { return m_time; }
    std::chrono::steady_clock::time_point steady() const override
    {
        return std::chrono::steady_clock::time_point(std::chrono::milliseconds(m_time));
    }

private:
    const EpochMs m_time;
};

} // namespace

class ClusterMonitor::State
{
public:
    State(std::shared_ptr<Cluster> cluster, const Clock& clock, ClusterMonitorOptions options);
    ~State() { stop(); }

    void start();
    void stop();
    void addNamedGroup(const std::string& group);
    std::shared_ptr<const ClusterSnapshot> snapshot() const;

private:
    using Steady = std::chrono::steady_clock;

    void run();
    void pollTopics();
    void pollGroups();
    bool replayGroups();
    void answered(ClusterMetadata metadata, const std::vector<Watermarks>& watermarks);
    void failed(const Error& error);
    /// Waits until `until` (real time: a manual clock stands still), a new named group or stop().
    void waitUntil(Steady::time_point until);

    const std::shared_ptr<Cluster> m_cluster;
    const Clock& m_clock;
    const ClusterMonitorOptions m_options;

    // Of the polling thread alone.
    ClusterSnapshot m_next;
    TopicWatch m_topics;
    GroupWatch m_groups;
    EpochMs m_observedTo = INT64_MIN;
    EpochMs m_downSince = 0;

    mutable std::mutex m_mutex; ///< guards what follows; held while the clock is used
    std::condition_variable m_wake;
    std::set<std::string> m_named;
    bool m_groupsWanted = true;
    bool m_stopped = false;
    std::shared_ptr<const ClusterSnapshot> m_snapshot = std::make_shared<const ClusterSnapshot>();
    std::jthread m_thread;

    void publish()
    {
        ++m_next.generation;
        m_snapshot = std::make_shared<const ClusterSnapshot>(m_next);
    }
};

ClusterMonitor::State::State(std::shared_ptr<Cluster> cluster, const Clock& clock, ClusterMonitorOptions options)
    : m_cluster(std::move(cluster)), m_clock(clock), m_options(std::move(options)), m_topics(m_options.interval),
      m_groups(m_options.groupInterval), m_named(m_options.namedGroups.begin(), m_options.namedGroups.end())
{ }

void ClusterMonitor::State::start()
{
    const std::scoped_lock lock(m_mutex);
    if (!m_thread.joinable() && !m_stopped)
        m_thread = std::jthread([this] { run(); });
}

void ClusterMonitor::State::stop()
{
    const std::scoped_lock lock(m_mutex);
    m_stopped = true;
    m_wake.notify_all();
}

void ClusterMonitor::State::addNamedGroup(const std::string& group)
{
    const std::scoped_lock lock(m_mutex);
    if (m_named.insert(group).second) {
        m_groupsWanted = true;
        m_wake.notify_all();
    }
}

std::shared_ptr<const ClusterSnapshot> ClusterMonitor::State::snapshot() const
{
    const std::scoped_lock lock(m_mutex);
    return m_snapshot;
}

void ClusterMonitor::State::waitUntil(Steady::time_point until)
{
    std::unique_lock lock(m_mutex);
    m_wake.wait_until(lock, until, [this] { return m_stopped || m_groupsWanted; });
}

void ClusterMonitor::State::run()
{
    Steady::time_point nextTopics = Steady::now();
    Steady::time_point nextGroups = nextTopics;
    for (;;) {
        bool groupsDue = false;
        {
            const std::scoped_lock lock(m_mutex);
            if (m_stopped)
                return;
            groupsDue = m_groupsWanted;
            m_groupsWanted = false;
        }
        if (Steady::now() >= nextTopics) {
            // From the start of the round, so that slow answers do not stretch the interval; never in a hurry to catch
            // up.
            nextTopics = Steady::now() + m_options.interval;
            pollTopics();
        }
        groupsDue = groupsDue || Steady::now() >= nextGroups;
        if (groupsDue && m_next.connection == Connection::Up) {
            nextGroups = Steady::now() + m_options.groupInterval;
            pollGroups();
        }
        waitUntil(m_next.connection == Connection::Up ? std::min(nextTopics, nextGroups) : nextTopics);
    }
}

void ClusterMonitor::State::pollTopics()
{
    Result<ClusterMetadata> metadata = m_cluster->metadata();
    if (!metadata)
        return failed(metadata.error());
    const std::vector<TopicPartition> questions = TopicWatch::questions(*metadata);
    std::vector<Watermarks> watermarks;
    if (!questions.empty()) {
        Result<std::vector<Watermarks>> told = m_cluster->watermarks(questions);
        if (!told)
            return failed(told.error());
        watermarks = std::move(*told);
    }
    answered(std::move(*metadata), watermarks);
}

void ClusterMonitor::State::answered(ClusterMetadata metadata, const std::vector<Watermarks>& watermarks)
{
    const std::scoped_lock lock(m_mutex);
    if (m_stopped)
        return;
    m_next.topics = m_topics.update(*m_cluster, m_clock, metadata, watermarks);
    m_next.metadata = std::move(metadata);
    m_next.connection = Connection::Up;
    m_next.connectionText.clear();
    m_next.takenAt = m_clock.wallMs();
    m_next.recordsPerSecond = 0;
    for (const TopicRate& topic : m_next.topics)
        m_next.recordsPerSecond += topic.internal ? 0 : topic.recordsPerSecond;
    m_downSince = 0;
    publish();
}

void ClusterMonitor::State::failed(const Error& error)
{
    const std::scoped_lock lock(m_mutex);
    if (m_stopped)
        return;
    if (m_downSince == 0)
        m_downSince = m_clock.wallMs();
    m_next.connection = Connection::Down;
    m_next.connectionText = wordsFor(error, m_options, m_downSince);
    publish();
}

/// Goes through what was observed at the time, round by round: the same curve each time. False: groups have to be
/// asked for.
bool ClusterMonitor::State::replayGroups()
{
    const EpochMs now = m_clock.wallMs();
    const auto rounds = m_cluster->observedGroups(m_observedTo, now);
    if (!rounds)
        return false;
    m_observedTo = std::max(m_observedTo, now);
    const std::scoped_lock lock(m_mutex);
    if (m_stopped)
        return true;
    for (const GroupRound& round : *rounds) {
        std::vector<GroupAnswer> answers;
        for (const ObservedGroup& group : round.groups)
            answers.push_back({group.info, group.committed});
        std::vector<TopicPartition> asked;
        std::vector<Watermarks> ends;
        for (const auto& [partition, end] : round.ends) {
            asked.push_back(partition);
            ends.push_back({-1, end, {}});
        }
        m_next.groups = m_groups.update(ThenClock(round.time), answers, asked, ends);
    }
    m_next.groupsListed = true;
    publish();
    return true;
}

void ClusterMonitor::State::pollGroups()
{
    if (replayGroups())
        return;
    std::set<std::string> named;
    {
        const std::scoped_lock lock(m_mutex);
        named = m_named;
    }
    Result<ListedGroups> listed = listGroups(*m_cluster, named);
    {
        const std::scoped_lock lock(m_mutex);
        m_next.groupsError = listed ? listed->refusal : listed.error();
        if (listed)
            m_next.groupsListed = !listed->refusal;
        else if (!m_stopped)
            publish();
    }
    if (!listed)
        return;
    std::vector<GroupAnswer> answers;
    for (GroupInfo& group : listed->groups) {
        {
            const std::scoped_lock lock(m_mutex);
            if (m_stopped)
                return;
        }
        Result<std::vector<CommittedOffset>> committed = m_cluster->committedOffsets(group.name);
        answers.push_back({std::move(group), std::move(committed)});
    }
    const std::vector<TopicPartition> questions = GroupWatch::questions(answers);
    std::vector<Watermarks> ends;
    if (!questions.empty()) {
        Result<std::vector<Watermarks>> told = m_cluster->watermarks(questions);
        if (told)
            ends = std::move(*told);
    }
    const std::scoped_lock lock(m_mutex);
    if (m_stopped)
        return;
    m_next.groups = m_groups.update(m_clock, answers, questions, ends);
    publish();
}

ClusterMonitor::ClusterMonitor(std::shared_ptr<Cluster> cluster, const Clock& clock, ClusterMonitorOptions options)
    : m_state(std::make_shared<State>(std::move(cluster), clock, std::move(options)))
{ }

ClusterMonitor::~ClusterMonitor()
{
    m_state->stop();
    Reaper::instance().take(std::move(m_state));
}

void ClusterMonitor::start()
{
    m_state->start();
}

void ClusterMonitor::stop()
{
    m_state->stop();
}

void ClusterMonitor::addNamedGroup(const std::string& group)
{
    m_state->addNamedGroup(group);
}

std::shared_ptr<const ClusterSnapshot> ClusterMonitor::snapshot() const
{
    return m_state->snapshot();
}

} // namespace weir
