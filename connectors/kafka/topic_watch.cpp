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

std::vector<TopicPartition> partitionsOf(const TopicView& view)
{
    std::vector<TopicPartition> partitions;
    for (const PartitionId id : view.partitions())
        partitions.push_back({view.topic(), id});
    return partitions;
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
    watched->existed = true; // it was there when the source was opened
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
        for (Watched* one : watched) {
            if (const auto view = one->view.lock(); view && !stop.stop_requested())
                look(*one, *view);
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

void TopicWatch::setDown(Watched& watched, TopicView& view, const Error& error)
{
    watched.wasDown = true;
    view.setProblem(problemOf(ProblemKind::BrokerUnreachable,
        "No broker of " + m_settings.bootstrapServers + " answers (" + error.message + ") Trying again every 2 s."));
    const std::lock_guard lock(m_mutex);
    m_connection = Connection::Down;
}

void TopicWatch::look(Watched& watched, TopicView& view)
{
    auto topic = askTopic(m_client, view.topic(), patience);
    if (!topic) {
        setDown(watched, view, topic.error());
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_connection = Connection::Up;
    }
    if (topic->error && topic->error->kind == ErrorKind::NotAuthorized) {
        view.setProblem(problemOf(ProblemKind::NotAuthorized, topic->error->text()));
    } else if (topic->error && topic->error->kind == ErrorKind::NotFound) {
        watched.existed = false;
        view.setProblem(problemOf(ProblemKind::TopicDeleted,
            "The topic " + view.topic() + " was deleted. Reading goes on from its beginning if it is created again."));
    } else if (topic->error) {
        view.setProblem(problemOf(ProblemKind::Other, topic->error->text()));
    } else {
        lookAtWatermarks(watched, view);
    }
}

void TopicWatch::lookAtWatermarks(Watched& watched, TopicView& view)
{
    const std::vector<TopicPartition> partitions = partitionsOf(view);
    // Before the question: a reader that goes on meanwhile must not look as if it were ahead of the topic.
    const auto positions = view.positions();
    auto watermarks = askWatermarks(m_client, partitions, patience);
    if (!watermarks) {
        setDown(watched, view, watermarks.error());
        return;
    }
    if (!watched.configKnown) {
        if (auto config = askTopicConfig(m_client, view.topic(), patience); config) {
            watched.compacted = (*config)["cleanup.policy"].find("compact") != std::string::npos;
            watched.configKnown = true;
        } else if (config.error().kind == ErrorKind::Unsupported) {
            watched.configKnown = true;
        }
    }
    const bool anew =
        !watched.existed || isBehind(view, positions, *watermarks) || hasOtherFirstRecords(watched, view, *watermarks);
    watched.existed = true;
    watched.wasDown = false;
    if (anew) {
        watched.firstRecords.clear();
        watched.firstRecordsAt = {};
        view.countRecreation();
    }
    view.setWatermarks(*watermarks);
    view.setProblem(std::nullopt);
}

bool TopicWatch::isBehind(const TopicView& view, const std::map<PartitionId, std::int64_t>& positions,
    const std::vector<Watermarks>& watermarks) const
{
    const auto before = view.watermarks();
    for (std::size_t i = 0; i < watermarks.size(); ++i) {
        const PartitionId id = view.partitions()[i];
        if (watermarks[i].error)
            continue;
        const auto position = positions.find(id);
        if (position != positions.end() && watermarks[i].high < position->second)
            return true;
        const auto known = before.find(id);
        if (known != before.end() && watermarks[i].low < known->second.low)
            return true;
    }
    return false;
}

bool TopicWatch::hasOtherFirstRecords(
    Watched& watched, const TopicView& view, const std::vector<Watermarks>& watermarks)
{
    const auto now = std::chrono::steady_clock::now();
    const bool due = watched.wasDown || now - watched.firstRecordsAt >= firstRecordInterval;
    if (!due || watched.compacted)
        return false;
    std::vector<ProbedOffset> probes;
    for (std::size_t i = 0; i < watermarks.size(); ++i) {
        if (!watermarks[i].error && watermarks[i].low < watermarks[i].high)
            probes.push_back({{view.topic(), view.partitions()[i]}, watermarks[i].low});
    }
    auto timestamps = probeTimestamps(m_settings, probes, patience);
    if (!timestamps)
        return false;
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

} // namespace weir::kafka
