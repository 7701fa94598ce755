// SPDX-License-Identifier: GPL-3.0-or-later
// The part of KafkaSource that goes on where librdkafka stopped: offsets that are gone, topics made anew, a broker that
// refuses.
#include "connectors/kafka/kafka_source.h"

#include <algorithm>
#include <limits>

namespace weir::kafka {

namespace {

constexpr auto refusedInterval = std::chrono::seconds(2);

bool isBounded(const ReadRange& range)
{
    return range.stop != std::numeric_limits<std::int64_t>::max();
}

} // namespace

Result<void> KafkaSource::followTopic()
{
    if (m_view->recreations() != m_recreationsSeen)
        return startAnew();
    const auto marks = m_view->watermarks();
    for (auto& [id, partition] : m_partitions) {
        const auto known = marks.find(PartitionId{id});
        if (partition.stoppedAtLook && known != marks.end())
            recover(partition, known->second);
    }
    askRefusedAgain();
    return {};
}

Result<void> KafkaSource::startAnew()
{
    m_recreationsSeen = m_view->recreations();
    const std::string what = "The topic " + m_view->topic() + " was made anew";
    if (std::any_of(
            m_partitions.begin(), m_partitions.end(), [](const auto& one) { return isBounded(one.second.range); }))
        return Error{ErrorKind::NotFound,
            what + " while it was read: the offsets that were asked for are gone. Start again.", {}};
    addPassing(ProblemKind::TopicRecreated, what + ". Reading started again at its beginning.", std::nullopt);
    // By a client that has not known the former topic: librdkafka mixes the two up.
    disconnect();
    if (auto connected = connect(); !connected)
        return connected;
    const auto marks = m_view->watermarks();
    for (auto& [id, partition] : m_partitions) {
        const auto known = marks.find(PartitionId{id});
        partition.next = known == marks.end() ? 0 : known->second.low;
        start(partition);
    }
    return {};
}

/// The offset that librdkafka stopped at was not there. Where it lies behind the beginning, retention passed it; where
/// it lies beyond the end, the watch tells whether the topic is another one; in between, it is there again.
void KafkaSource::recover(Partition& partition, const Watermarks& marks)
{
    // A look that was under way when it stopped may have asked before.
    const bool fresh = m_view->looks() >= *partition.stoppedAtLook + 2;
    if (partition.next >= marks.low) {
        if (fresh && partition.next <= marks.high)
            restart(partition, partition.next);
        return;
    }
    const std::string where = m_view->topic() + "/" + std::to_string(partition.range.partition.value);
    addPassing(ProblemKind::OffsetOutOfRange,
        where + ": offset " + std::to_string(partition.next) + " is no longer there, retention moved the beginning to "
            + std::to_string(marks.low) + ". " + std::to_string(marks.low - partition.next)
            + " offsets are missing here; reading goes on.",
        partition.range.partition);
    partition.gaps.push_back({partition.next, marks.low, GapReason::Retention});
    restart(partition, marks.low);
}

/// Metadata may be open to a user who may not read, so only fetching tells. librdkafka says it once per partition.
void KafkaSource::refuse(Partition& partition, const rd_kafka_message_t& message)
{
    partition.refused = true;
    m_refusedAskedAt = m_settings.clock->steady();
    addPassing(ProblemKind::NotAuthorized,
        "This user may not read the topic " + m_view->topic() + " (" + rd_kafka_err2str(message.err)
            + "). Ask for READ on it; trying again every 2 s.",
        std::nullopt);
}

/// A partition that is refused sends no end event when it may be read again with nothing new in it, but one that is
/// started again does.
void KafkaSource::askRefusedAgain()
{
    const auto now = m_settings.clock->steady();
    if (now - m_refusedAskedAt < refusedInterval)
        return;
    m_refusedAskedAt = now;
    for (auto& [id, partition] : m_partitions) {
        if (partition.refused)
            restart(partition, partition.next);
    }
}

/// The broker gave something for this partition: it may be read, and so may all of the topic.
void KafkaSource::endRefusal(Partition& partition)
{
    partition.refused = false;
    const std::lock_guard lock(m_stateMutex);
    std::erase_if(m_passing, [](const Passing& one) { return one.problem.kind == ProblemKind::NotAuthorized; });
}

} // namespace weir::kafka
