// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_source.h"

#include "connectors/kafka/errors.h"
#include "connectors/kafka/questions.h"

#include <algorithm>
#include <thread>

namespace weir::kafka {

namespace {

constexpr std::size_t pollMessages = 4000;
constexpr auto roomPause = std::chrono::milliseconds(2);

Properties sourceProperties(const FetchLimits& limits, IsolationLevel isolation)
{
    return
    {
        {"enable.partition.eof", "true"}, {"check.crcs", "true"}, {"auto.offset.reset", "error"},
            {"enable.auto.commit", "false"}, {"enable.auto.offset.store", "false"},
            {"fetch.message.max.bytes", std::to_string(limits.messageMaxBytes)},
            {"fetch.max.bytes", std::to_string(limits.fetchMaxBytes)},
            // Of no effect on a reader, but librdkafka refuses responses that are smaller than it.
            {"message.max.bytes", std::to_string(std::min(1'000'000, limits.fetchMaxBytes))},
            {"receive.message.max.bytes", std::to_string(std::max(100'000'000, limits.fetchMaxBytes + 512))},
            {"queued.min.messages", "10000000"}, {"queued.max.messages.kbytes", std::to_string(limits.queueKbytes)},
            {"fetch.wait.max.ms", "100"}, {"fetch.error.backoff.ms", "100"},
            {"topic.metadata.refresh.interval.ms", "10000"},
#if RD_KAFKA_VERSION >= 0x020200ff
            {"fetch.queue.backoff.ms", "10"},
#endif
        {
            "isolation.level", isolation == IsolationLevel::ReadCommitted ? "read_committed" : "read_uncommitted"
        }
    };
}

} // namespace

FetchLimits FetchLimits::of(const MemoryBudget* budget, std::size_t instances)
{
    constexpr std::size_t mebi = 1 << 20;
    const std::size_t total = budget ? budget->limit() : 1024 * mebi;
    FetchLimits limits;
    // A sixteenth of the budget for all queues of all sources, booked fourfold: a queued 190-byte message costs about
    // four times its bytes. Each opening takes three quarters of what is left, so that there is always something left.
    const std::size_t share = total / 4;
    const std::size_t left = budget ? share - std::min(share, budget->used(MemoryUse::ClientQueues)) : share;
    const std::size_t queue = std::max(left / 4 * 3 / 4 / std::max<std::size_t>(instances, 1), mebi);
    limits.queueKbytes = static_cast<int>(std::min<std::size_t>(queue / 1024, 2'097'151));
    // One response is decompressed as a whole: small budgets take small responses.
    const std::size_t perPartition = std::clamp(total / 1024, 64 * std::size_t{1024}, mebi);
    limits.messageMaxBytes = static_cast<int>(perPartition);
    limits.fetchMaxBytes = static_cast<int>(8 * perPartition);
    limits.bookedBytes = 4 * queue + 8 * perPartition;
    return limits;
}

KafkaSource::KafkaSource(Setup setup)
    : m_settings(std::move(setup.settings)), m_topicName(std::make_shared<const std::string>(std::move(setup.topic))),
      m_isolation(setup.isolation), m_limits(setup.limits), m_messages(pollMessages),
      m_collector(m_topicName, m_settings.budget)
{
    std::vector<PartitionId> ids;
    for (ReadRange& range : setup.ranges) {
        ids.push_back(range.partition);
        Partition partition;
        partition.next = range.start;
        partition.ended = range.start >= range.stop;
        if (range.retained > 0)
            partition.gaps.push_back({range.start - range.retained, range.start, GapReason::Retention});
        partition.range = std::move(range);
        m_partitions.emplace(ids.back().value, std::move(partition));
    }
    m_view = std::make_shared<TopicView>(*m_topicName, std::move(ids));
    if (m_settings.budget)
        m_queueLease = MemoryLease(m_settings.budget, MemoryUse::ClientQueues, m_limits.bookedBytes);
}

Result<std::unique_ptr<KafkaSource>> KafkaSource::open(Setup setup)
{
    std::unique_ptr<KafkaSource> source(new KafkaSource(std::move(setup)));
    if (auto connected = source->connect(); !connected)
        return connected.error();
    source->startAll();
    source->publish();
    return source;
}

KafkaSource::~KafkaSource()
{
    disconnect();
}

Result<void> KafkaSource::connect()
{
    auto client = makeClient(RD_KAFKA_CONSUMER, m_settings, sourceProperties(m_limits, m_isolation), this);
    if (!client)
        return client.error();
    m_client = std::move(*client);
    m_topic.reset(rd_kafka_topic_new(m_client.get(), m_topicName->c_str(), nullptr));
    if (!m_topic)
        return Error{ErrorKind::InvalidInput, "this is no topic name.", *m_topicName};
    m_queue.reset(rd_kafka_queue_new(m_client.get()));
    return {};
}

void KafkaSource::disconnect()
{
    if (m_topic) {
        for (const auto& [id, partition] : m_partitions)
            rd_kafka_consume_stop(m_topic.get(), id);
    }
    m_queue.reset();
    m_topic.reset();
    m_client.reset();
}

void KafkaSource::startAll()
{
    for (auto& [id, partition] : m_partitions) {
        if (partition.range.retained > 0)
            addPassing(ProblemKind::OffsetOutOfRange,
                m_view->topic() + "/" + std::to_string(id) + ": retention already removed "
                    + std::to_string(partition.range.retained) + " of the offsets asked for; reading starts at "
                    + std::to_string(partition.next) + ".",
                PartitionId{id});
        if (!partition.ended)
            start(partition);
    }
}

void KafkaSource::start(Partition& partition)
{
    partition.stoppedAtLook.reset();
    partition.atEnd = false;
    rd_kafka_consume_start_queue(m_topic.get(), partition.range.partition.value, partition.next, m_queue.get());
}

void KafkaSource::restart(Partition& partition, std::int64_t offset)
{
    rd_kafka_consume_stop(m_topic.get(), partition.range.partition.value);
    partition.next = offset;
    start(partition);
}

bool KafkaSource::hasRoom() const
{
    if (!m_settings.budget)
        return true;
    const MemoryBudget& budget = *m_settings.budget;
    const std::size_t limit = budget.limit();
    return budget.used(MemoryUse::Arenas) < limit * 2 / 5 && budget.used() < limit - limit / 16;
}

std::size_t KafkaSource::fetchMessages(std::chrono::milliseconds timeout)
{
    // A batch call waits for a full batch until its time-out: wait for the first message only, then take what is there.
    const ssize_t first =
        rd_kafka_consume_batch_queue(m_queue.get(), static_cast<int>(timeout.count()), m_messages.data(), 1);
    if (first <= 0)
        return 0;
    const ssize_t more = rd_kafka_consume_batch_queue(m_queue.get(), 0, m_messages.data() + 1, m_messages.size() - 1);
    return 1 + static_cast<std::size_t>(std::max<ssize_t>(more, 0));
}

Result<std::vector<RecordBatchPtr>> KafkaSource::poll(std::chrono::milliseconds timeout)
{
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    rd_kafka_poll(m_client.get(), 0);
    if (auto followed = followTopic(); !followed)
        return followed.error();
    while (!hasRoom()) {
        if (std::chrono::steady_clock::now() >= deadline)
            return std::vector<RecordBatchPtr>();
        std::this_thread::sleep_for(roomPause);
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    wakeFetching();
    take(fetchMessages(std::max(left, std::chrono::milliseconds(0))));
    wakeFetching();
    publish();
    return m_collector.take();
}

void KafkaSource::take(std::size_t count)
{
    m_collector.setReceiveTime(m_settings.clock->wallMs());
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const rd_kafka_message_t& message = *m_messages[i];
        bytes += message.len;
        const auto found = m_partitions.find(message.partition);
        if (found == m_partitions.end())
            continue; // not one of ours: nothing that librdkafka says about it moves a position
        if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            takeEvent(found->second, message);
        else if (!found->second.ended)
            takeRecord(found->second, message, i + 1 < count ? m_messages[i + 1] : nullptr);
    }
    // All in one go, not each when it is copied: freeing what librdkafka's thread has allocated takes a lock of the
    // allocator, and both threads spend their time on each other's turns when freeing is spread over all of it.
    for (std::size_t i = 0; i < count; ++i)
        rd_kafka_message_destroy(m_messages[i]);
    if (count > 0) {
        const double mean = static_cast<double>(bytes) / static_cast<double>(count);
        m_valueBytes = m_valueBytes == 0 ? mean : 0.9 * m_valueBytes + 0.1 * mean;
    }
}

bool KafkaSource::isWanted(const Partition& partition, const rd_kafka_message_t& message) const
{
    const ReadRange& range = partition.range;
    if (message.offset < partition.next || message.offset >= range.stop)
        return false;
    if (range.notBefore == std::numeric_limits<EpochMs>::min() && range.before == std::numeric_limits<EpochMs>::max())
        return true;
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const std::int64_t time = rd_kafka_message_timestamp(&message, &type);
    return time >= range.notBefore && time < range.before;
}

void KafkaSource::takeRecord(Partition& partition, const rd_kafka_message_t& message, const rd_kafka_message_t* next)
{
    noteHeard(partition);
    if (isWanted(partition, message)) {
        if (message.offset > partition.next)
            partition.gaps.push_back({partition.next, message.offset, GapReason::NotTold});
        m_collector.add(message, next, partition.gaps);
    }
    partition.next = std::max(partition.next, message.offset + 1);
    partition.atEnd = false;
    partition.ended = partition.next >= partition.range.stop;
}

/// librdkafka before 2.2 looks only once a second whether a queue that was full has room again, unless something else
/// wakes the threads of its brokers. A question does, whose answer nobody awaits.
void KafkaSource::wakeFetching()
{
#if RD_KAFKA_VERSION < 0x020200ff
    const double queued = static_cast<double>(rd_kafka_queue_length(m_queue.get())) * m_valueBytes;
    const double limit = 1024.0 * m_limits.queueKbytes;
    m_queueWasFull = m_queueWasFull || queued > 0.75 * limit;
    if (!m_queueWasFull || queued > 0.5 * limit)
        return;
    m_queueWasFull = false;
    std::vector<TopicPartition> partitions;
    for (const auto& [id, partition] : m_partitions)
        partitions.push_back({m_view->topic(), PartitionId{id}});
    const PartitionListPtr list = listOf(partitions, RD_KAFKA_OFFSET_END);
    rd_kafka_offsets_for_times(m_client.get(), list.get(), 0);
#endif
}

void KafkaSource::takeEvent(Partition& partition, const rd_kafka_message_t& message)
{
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        noteHeard(partition);
        partition.atEnd = true;
        // Control records and compacted ones hold offsets without a message: the end event tells how far it was read.
        partition.next = std::max(partition.next, message.offset);
        // What is read committed ends in front of the first open transaction.
        const bool openBehind = m_isolation == IsolationLevel::ReadCommitted && partition.range.untilNow;
        partition.ended = partition.ended || openBehind || partition.next >= partition.range.stop;
        return;
    }
    switch (kindOf(message.err)) {
    case ErrorKind::OutOfRange:
        partition.stoppedAtLook = m_view->looks(); // for good, until started again: recover() does when it knows where
        m_view->suspect();
        return;
    case ErrorKind::NotAuthorized:
        refuse(partition, message);
        return;
    case ErrorKind::NotFound:
    case ErrorKind::Unreachable:
        return; // the watch tells whether that lasts
    default:
        addPassing(ProblemKind::Other,
            m_view->topic() + "/" + std::to_string(message.partition) + ": " + rd_kafka_message_errstr(&message),
            PartitionId{message.partition});
    }
}

} // namespace weir::kafka
