// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/errors.h"
#include "connectors/kafka/questions.h"

#include <algorithm>

namespace weir::kafka {

namespace {

constexpr std::int64_t endTime = -1;
constexpr std::int64_t beginningTime = -2;

int millis(std::chrono::milliseconds timeout)
{
    return static_cast<int>(timeout.count());
}

/// One reader of single records: the partitions whose first record at or behind the wanted offset is still awaited.
/// Each has a queue of its own: in a common one, what the first of them sent would keep the client from fetching the
/// others for a second.
class TimestampProbe
{
public:
    TimestampProbe(rd_kafka_t* client, std::span<const ProbedOffset> offsets)
        : m_offsets(offsets), m_found(offsets.size()), m_done(offsets.size())
    {
        for (const ProbedOffset& probe : offsets)
            start(client, probe);
    }

    ~TimestampProbe()
    {
        for (std::size_t i = 0; i < m_topics.size(); ++i)
            rd_kafka_consume_stop(m_topics[i].get(), m_offsets[i].partition.partition.value);
    }

    bool run(std::chrono::milliseconds timeout)
    {
        const auto deadline = std::chrono::steady_clock::now() + timeout;
        rd_kafka_message_t* message = nullptr;
        while (m_open > 0 && std::chrono::steady_clock::now() < deadline) {
            for (std::size_t i = 0; i < m_offsets.size(); ++i) {
                if (m_done[i] || rd_kafka_consume_batch_queue(m_queues[i].get(), waitMs, &message, 1) != 1)
                    continue;
                take(i, *message);
                rd_kafka_message_destroy(message);
            }
        }
        return m_open == 0;
    }

    std::vector<std::optional<EpochMs>> found() const { return m_found; }

private:
    void start(rd_kafka_t* client, const ProbedOffset& probe)
    {
        m_topics.emplace_back(rd_kafka_topic_new(client, probe.partition.topic.c_str(), nullptr));
        m_queues.emplace_back(rd_kafka_queue_new(client));
        rd_kafka_consume_start_queue(
            m_topics.back().get(), probe.partition.partition.value, probe.offset, m_queues.back().get());
        ++m_open;
    }

    /// A record, the end of the partition, or an error: nothing more to learn.
    void take(std::size_t i, const rd_kafka_message_t& message)
    {
        rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
        const std::int64_t time = rd_kafka_message_timestamp(&message, &type);
        if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR && type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
            m_found[i] = time;
        m_done[i] = true;
        --m_open;
    }

    static constexpr int waitMs = 5; ///< for one partition, before the next is looked at

    std::span<const ProbedOffset> m_offsets;
    std::vector<std::optional<EpochMs>> m_found;
    std::vector<bool> m_done;
    std::vector<TopicPtr> m_topics;
    std::vector<QueuePtr> m_queues;
    std::size_t m_open = 0;
};

} // namespace

PartitionListPtr listOf(std::span<const TopicPartition> partitions, std::int64_t offset)
{
    PartitionListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const TopicPartition& one : partitions)
        rd_kafka_topic_partition_list_add(list.get(), one.topic.c_str(), one.partition.value)->offset = offset;
    return list;
}

Result<std::vector<Result<std::int64_t>>> askOffsets(rd_kafka_t* client, std::span<const TopicPartition> partitions,
    std::int64_t time, std::chrono::milliseconds timeout)
{
    std::vector<Result<std::int64_t>> offsets;
    if (partitions.empty())
        return offsets;
    const PartitionListPtr list = listOf(partitions, time);
    const rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(client, list.get(), millis(timeout));
    if (code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN
        || code == RD_KAFKA_RESP_ERR__TIMED_OUT)
        return errorOf(code, {});
    for (int i = 0; i < list->cnt; ++i) {
        const rd_kafka_topic_partition_t& one = list->elems[i];
        const rd_kafka_resp_err_t err = one.err == RD_KAFKA_RESP_ERR_NO_ERROR ? code : one.err;
        if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR || one.offset == time)
            offsets.emplace_back(errorOf(err, std::string(one.topic) + "/" + std::to_string(one.partition)));
        else
            offsets.emplace_back(one.offset < 0 ? -1 : one.offset);
    }
    return offsets;
}

Result<std::vector<Watermarks>> askWatermarks(
    rd_kafka_t* client, std::span<const TopicPartition> partitions, std::chrono::milliseconds timeout)
{
    auto low = askOffsets(client, partitions, beginningTime, timeout);
    if (!low)
        return low.error();
    auto high = askOffsets(client, partitions, endTime, timeout);
    if (!high)
        return high.error();
    std::vector<Watermarks> watermarks(partitions.size());
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        const Result<std::int64_t>& lowOne = (*low)[i];
        const Result<std::int64_t>& highOne = (*high)[i];
        if (!lowOne || !highOne) {
            watermarks[i].error = lowOne ? highOne.error() : lowOne.error();
            continue;
        }
        watermarks[i].low = *lowOne;
        watermarks[i].high = *highOne;
    }
    return watermarks;
}

Result<std::vector<std::optional<EpochMs>>> probeTimestamps(
    const KafkaSettings& settings, std::span<const ProbedOffset> offsets, std::chrono::milliseconds timeout)
{
    const Properties extra{{"enable.partition.eof", "true"}, {"fetch.message.max.bytes", "65536"},
        {"fetch.wait.max.ms", "100"}, {"queued.min.messages", "1"}, {"auto.offset.reset", "error"},
        {"check.crcs", "true"}, {"isolation.level", "read_uncommitted"}};
    auto client = makeClient(RD_KAFKA_CONSUMER, settings, extra, nullptr);
    if (!client)
        return client.error();
    TimestampProbe probe(client->get(), offsets);
    if (!probe.run(timeout))
        return Error{ErrorKind::Timeout, "the first records could not be read in time.", settings.bootstrapServers};
    return probe.found();
}

} // namespace weir::kafka
