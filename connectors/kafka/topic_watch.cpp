// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/topic_watch.h"

#include "connectors/kafka/questions.h"

#include <algorithm>

namespace weir::kafka {

namespace {

constexpr auto interval = std::chrono::seconds(2);
/// Two questions of this length and the interval stay below the five seconds within which a state must show.
constexpr auto patience = std::chrono::milliseconds(1500);
constexpr auto firstRecordInterval = std::chrono::seconds(30);

bool hasLeader(const TopicInfo& topic, PartitionId id)
{
    return std::any_of(topic.partitions.begin(), topic.partitions.end(),
        [id](const PartitionInfo& one) { return one.id == id && one.leader >= 0; });
}

WatermarksByPartition byPartition(
    const std::vector<TopicPartition>& partitions, const std::vector<Watermarks>& watermarks)
{
    WatermarksByPartition known;
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        if (!watermarks[i].error)
            known.emplace(partitions[i].partition, watermarks[i]);
    }
    return known;
}

/// Partitions of the view that no broker leads, "3, 7"; empty when there are none.
std::string leaderless(const TopicView& view, const TopicInfo& topic)
{
    std::string list;
    for (const PartitionId id : view.partitions()) {
        if (!hasLeader(topic, id))
            list += (list.empty() ? "" : ", ") + std::to_string(id.value);
    }
    return list;
}

} // namespace

TopicWatch::TopicWatch(rd_kafka_t* client, KafkaSettings settings)
    : m_client(client), m_settings(std::move(settings)), m_thread([this](std::stop_token stop) { run(stop); })
{ }

TopicWatch::~TopicWatch() = default;

void TopicWatch::add(const std::shared_ptr<TopicView>& view)
{
    const std::lock_guard lock(m_mutex);
    auto watched = std::make_unique<Watched>();
    watched->view = view;
    m_watched.push_back(std::move(watched));
    m_wake.notify_all();
}

Connection TopicWatch::connection() const
{
    const std::lock_guard lock(m_mutex);
    return m_connection;
}

std::vector<TopicWatch::Watched*> TopicWatch::living()
{
    std::erase_if(m_watched, [](const auto& watched) { return watched->view.expired(); });
    std::vector<Watched*> list;
    for (const auto& watched : m_watched)
        list.push_back(watched.get());
    return list;
}

void TopicWatch::run(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        std::vector<Watched*> watched;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [this] { return !living().empty(); });
            // Only this thread removes entries, so the pointers outlive the lock.
            watched = living();
        }
        bool reachable = true;
        for (Watched* one : watched) {
            const auto view = one->view.lock();
            if (!view || stop.stop_requested())
                continue;
            if (reachable)
                reachable = look(*one, *view);
            else
                setDown(*one, *view, noBroker());
        }
        rd_kafka_poll(m_client, 0);
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, stop, interval, [] { return false; });
    }
}

Problem TopicWatch::problemOf(ProblemKind kind, std::string text) const
{
    return {kind, std::move(text), std::nullopt, m_settings.clock->wallMs()};
}

std::string TopicWatch::noBroker() const
{
    return "No broker of " + m_settings.bootstrapServers
        + " answers. Trying again every 2 s; reading goes on where it stopped.";
}

void TopicWatch::setDown(Watched& watched, TopicView& view, std::string text)
{
    watched.firstRecordsDue = true;
    view.setProblem(problemOf(ProblemKind::BrokerUnreachable, std::move(text)));
    const std::lock_guard lock(m_mutex);
    m_connection = Connection::Down;
}

bool TopicWatch::look(Watched& watched, TopicView& view)
{
    const auto topic = askTopic(m_client, view.topic(), patience);
    if (!topic) {
        setDown(watched, view, noBroker());
        return false;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_connection = Connection::Up;
    }
    lookAtTopic(watched, view, *topic);
    return true;
}

void TopicWatch::lookAtTopic(Watched& watched, TopicView& view, const TopicInfo& topic)
{
    if (!topic.error) {
        lookAtWatermarks(watched, view, topic);
        return;
    }
    if (topic.error->kind == ErrorKind::NotAuthorized) {
        view.setProblem(problemOf(ProblemKind::NotAuthorized, topic.error->text()));
    } else if (topic.error->kind == ErrorKind::NotFound) {
        watched.existed = false;
        view.setProblem(problemOf(ProblemKind::TopicDeleted,
            "The topic " + view.topic() + " was deleted. Reading goes on from its beginning if it is created again."));
    } else {
        view.setProblem(problemOf(ProblemKind::Other, topic.error->text()));
    }
}

void TopicWatch::lookAtWatermarks(Watched& watched, TopicView& view, const TopicInfo& topic)
{
    std::vector<TopicPartition> partitions;
    for (const PartitionId id : view.partitions()) {
        if (hasLeader(topic, id))
            partitions.push_back({view.topic(), id});
    }
    // Before the question: a reader that goes on meanwhile must not look as if it were ahead of the topic.
    const auto positions = view.positions();
    auto watermarks = askWatermarks(m_client, partitions, patience);
    if (!watermarks) {
        setDown(
            watched, view, "The brokers that hold " + view.topic() + " do not answer in time. Trying again every 2 s.");
        return;
    }
    const WatermarksByPartition led = byPartition(partitions, *watermarks);
    const bool anew = !watched.existed || isBehind(view, positions, led) || hasOtherFirstRecords(watched, view, led);
    watched.existed = true;
    if (anew) {
        watched.firstRecords.clear();
        watched.firstRecordsDue = true;
        view.countRecreation();
    }
    view.setWatermarks(led);
    const std::string missing = leaderless(view, topic);
    if (missing.empty())
        view.setProblem(std::nullopt);
    else
        view.setProblem(problemOf(ProblemKind::Other,
            "No broker leads partition " + missing + " of " + view.topic()
                + ". Its records come when its broker is back."));
}

bool TopicWatch::isBehind(const TopicView& view, const std::map<PartitionId, std::int64_t>& positions,
    const WatermarksByPartition& marks) const
{
    const auto before = view.watermarks();
    for (const auto& [id, now] : marks) {
        const auto position = positions.find(id);
        if (position != positions.end() && now.high < position->second)
            return true;
        const auto known = before.find(id);
        if (known != before.end() && now.low < known->second.low)
            return true;
    }
    return false;
}

bool TopicWatch::hasOtherFirstRecords(Watched& watched, TopicView& view, const WatermarksByPartition& marks)
{
    const auto now = std::chrono::steady_clock::now();
    watched.firstRecordsDue = view.takeSuspicion() || watched.firstRecordsDue;
    if (!watched.firstRecordsDue && now - watched.firstRecordsAt < firstRecordInterval)
        return false;
    if (!keepsFirstRecords(view.topic())) {
        watched.firstRecordsDue = false;
        watched.firstRecordsAt = now;
        return false;
    }
    std::vector<ProbedOffset> probes;
    for (const auto& [id, one] : marks) {
        if (one.low < one.high)
            probes.push_back({{view.topic(), id}, one.low});
    }
    const auto timestamps = probeTimestamps(m_settings, probes, patience);
    if (!timestamps)
        return false; // still due
    watched.firstRecordsDue = false;
    watched.firstRecordsAt = now;
    bool other = false;
    for (std::size_t i = 0; i < probes.size(); ++i) {
        if (!(*timestamps)[i])
            continue;
        FirstRecord& known = watched.firstRecords[probes[i].partition.partition];
        other = other || (known.low == probes[i].offset && known.timestamp != *(*timestamps)[i]);
        known = {probes[i].offset, *(*timestamps)[i]};
    }
    return other;
}

bool TopicWatch::keepsFirstRecords(const std::string& topic)
{
    const auto config = askTopicConfig(m_client, topic, patience);
    if (!config)
        return false;
    const auto policy = config->find("cleanup.policy");
    return policy != config->end() && policy->second.find("compact") == std::string::npos;
}

} // namespace weir::kafka
