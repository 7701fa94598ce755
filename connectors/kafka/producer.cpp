// SPDX-License-Identifier: GPL-3.0-or-later
// The one file that calls librdkafka functions which write. Everything here needs a WriteUnlocked.
#include "connectors/kafka/producer.h"

#include "connectors/kafka/client.h"
#include "connectors/kafka/errors.h"

#include <array>
#include <map>
#include <utility>

namespace weir::kafka {

namespace {

constexpr int queuePauseMs = 20;

class KafkaProducer final : public Producer, private ClientEvents
{
public:
    explicit KafkaProducer(KafkaSettings settings) : m_settings(std::move(settings)) { }

    Result<void> connect()
    {
        // Keys go to the partitions that Kafka's own clients choose.
        const Properties extra{{"compression.codec", "lz4"}, {"linger.ms", "5"}, {"enable.idempotence", "false"},
            {"acks", "all"}, {"partitioner", "murmur2_random"}};
        auto client = makeClient(RD_KAFKA_PRODUCER, m_settings, extra, this);
        if (!client)
            return client.error();
        m_client = std::move(*client);
        return {};
    }

    ~KafkaProducer() override
    {
        m_topics.clear();
        m_committers.clear();
    }

    Result<void> produce(const std::string& topic, const OutgoingRecord& record) override;
    Result<void> flush(std::chrono::milliseconds timeout) override;
    Result<void> commitOffset(const std::string& group, const TopicPartition& partition, std::int64_t offset) override;

private:
    rd_kafka_t* committerFor(const std::string& group, Error& error);
    Result<void> takeLost(const std::string& where);

    void onError(rd_kafka_resp_err_t, const char*) override { } // passing troubles: librdkafka tries again
    void onThrottle(int) override { }
    void onLost(rd_kafka_resp_err_t error) override
    {
        ++m_lost;
        m_lostReason = error;
    }

    KafkaSettings m_settings;
    std::size_t m_lost = 0; ///< records that did not arrive since this was told last
    rd_kafka_resp_err_t m_lostReason = RD_KAFKA_RESP_ERR_NO_ERROR;
    ClientPtr m_client; ///< polled by the calls of this class only, so its events come on their thread
    std::map<std::string, ClientPtr> m_committers; ///< by group; a group id belongs to a client
    std::map<std::string, TopicPtr> m_topics;
};

const void* dataOf(const std::optional<std::string_view>& bytes)
{
    if (!bytes)
        return nullptr;
    return bytes->empty() ? "" : bytes->data(); // empty is not null
}

rd_kafka_headers_t* headersOf(const OutgoingRecord& record)
{
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const Header& header : record.headers) {
        const std::string name(header.name);
        rd_kafka_header_add(headers, name.c_str(), static_cast<ssize_t>(name.size()), dataOf(header.value),
            header.value ? static_cast<ssize_t>(header.value->size()) : 0);
    }
    return headers;
}

rd_kafka_vu_t bytesArgument(rd_kafka_vtype_t type, const std::optional<std::string_view>& bytes)
{
    rd_kafka_vu_t argument{};
    argument.vtype = type;
    // librdkafka copies (MSG_F_COPY below); its signature just does not say so.
    argument.u.mem.ptr = const_cast<void*>(dataOf(bytes));
    argument.u.mem.size = bytes ? bytes->size() : 0;
    return argument;
}

/// The arguments of rd_kafka_produceva for one record; the headers are owned by the message once it is queued.
std::array<rd_kafka_vu_t, 7> argumentsOf(
    rd_kafka_topic_t* topic, const OutgoingRecord& record, rd_kafka_headers_t* headers)
{
    std::array<rd_kafka_vu_t, 7> arguments{};
    arguments[0].vtype = RD_KAFKA_VTYPE_RKT;
    arguments[0].u.rkt = topic;
    arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    arguments[1].u.i32 = record.partition;
    arguments[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    arguments[2].u.i = RD_KAFKA_MSG_F_COPY;
    arguments[3].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    arguments[3].u.i64 = record.timestamp;
    arguments[4] = bytesArgument(RD_KAFKA_VTYPE_KEY, record.key);
    arguments[5] = bytesArgument(RD_KAFKA_VTYPE_VALUE, record.value);
    arguments[6].vtype = RD_KAFKA_VTYPE_HEADERS;
    arguments[6].u.headers = headers;
    return arguments;
}

Result<void> KafkaProducer::produce(const std::string& topic, const OutgoingRecord& record)
{
    TopicPtr& handle = m_topics[topic];
    if (!handle)
        handle.reset(rd_kafka_topic_new(m_client.get(), topic.c_str(), nullptr));
    for (;;) {
        rd_kafka_headers_t* headers = headersOf(record);
        const auto arguments = argumentsOf(handle.get(), record, headers);
        rd_kafka_error_t* failed = rd_kafka_produceva(m_client.get(), arguments.data(), arguments.size());
        if (!failed)
            break;
        const rd_kafka_resp_err_t code = rd_kafka_error_code(failed);
        rd_kafka_error_destroy(failed);
        rd_kafka_headers_destroy(headers);
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            return errorOf(code, topic);
        rd_kafka_poll(m_client.get(), queuePauseMs);
    }
    rd_kafka_poll(m_client.get(), 0);
    return takeLost(topic);
}

/// What deliveries that failed since the last call have to say, once.
Result<void> KafkaProducer::takeLost(const std::string& where)
{
    if (m_lost == 0)
        return {};
    Error error = errorOf(m_lostReason, where);
    error.message = std::to_string(std::exchange(m_lost, 0)) + " records were not written: " + error.message;
    return error;
}

Result<void> KafkaProducer::flush(std::chrono::milliseconds timeout)
{
    const rd_kafka_resp_err_t code = rd_kafka_flush(m_client.get(), static_cast<int>(timeout.count()));
    if (auto told = takeLost(m_settings.bootstrapServers); !told)
        return told;
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? Result<void>() : errorOf(code, m_settings.bootstrapServers);
}

rd_kafka_t* KafkaProducer::committerFor(const std::string& group, Error& error)
{
    ClientPtr& committer = m_committers[group];
    if (!committer) {
        const Properties extra{{"group.id", group}, {"enable.auto.commit", "false"}};
        auto client = makeClient(RD_KAFKA_CONSUMER, m_settings, extra, nullptr);
        if (client)
            committer = std::move(*client);
        else
            error = client.error();
    }
    return committer.get();
}

Result<void> KafkaProducer::commitOffset(const std::string& group, const TopicPartition& partition, std::int64_t offset)
{
    Error error;
    rd_kafka_t* committer = committerFor(group, error);
    if (!committer)
        return error;
    const PartitionListPtr list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition.value)->offset = offset;
    const rd_kafka_resp_err_t code = rd_kafka_commit(committer, list.get(), 0);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? Result<void>() : errorOf(code, "group " + group);
}

} // namespace

Result<std::unique_ptr<Producer>> Producer::open(const WriteUnlocked&, const KafkaSettings& settings)
{
    auto producer = std::make_unique<KafkaProducer>(settings);
    if (auto connected = producer->connect(); !connected)
        return connected.error();
    return std::unique_ptr<Producer>(std::move(producer));
}

} // namespace weir::kafka
