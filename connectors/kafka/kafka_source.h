// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/batch_collector.h"
#include "connectors/kafka/client.h"
#include "connectors/kafka/read_range.h"
#include "connectors/kafka/topic_view.h"
#include "connectors/record/source.h"

#include <map>
#include <mutex>

namespace weir::kafka {

/// How much one instance may hold, derived from the budget: see KafkaSource's README.
struct FetchLimits
{
    int messageMaxBytes = 1 << 20; ///< fetch.message.max.bytes, per partition
    int fetchMaxBytes = 8 << 20; ///< fetch.max.bytes, per response
    int queueKbytes = 64 << 10; ///< queued.max.messages.kbytes of this instance
    std::size_t bookedBytes = 0; ///< what the memory account holds for the client's queues

    static FetchLimits of(const MemoryBudget* budget, std::size_t instances);
};

/// Reads some partitions of one topic with one librdkafka instance, by absolute offsets and without a group: nothing of
/// it is seen by the cluster but fetches. Everything but state() belongs to one thread.
class KafkaSource final : public Source, private ClientEvents
{
public:
    struct Setup
    {
        KafkaSettings settings;
        std::string topic;
        std::vector<ReadRange> ranges;
        IsolationLevel isolation = IsolationLevel::ReadUncommitted;
        FetchLimits limits;
    };

    static Result<std::unique_ptr<KafkaSource>> open(Setup setup);
    ~KafkaSource() override;

    Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds timeout) override;
    SourceState state() const override;
    const std::string& topic() const override { return *m_topicName; }

    const std::shared_ptr<TopicView>& view() const { return m_view; }

private:
    struct Partition
    {
        ReadRange range;
        std::int64_t next = 0;
        bool atEnd = false;
        bool ended = false;
        /// librdkafka gave up on it (its offset is not there), so it must be started again; the watch's looks then.
        std::optional<int> stoppedAtLook;
        bool refused = false; ///< the broker said that this user may not read
        std::vector<Gap> gaps; ///< not yet handed out
    };
    /// A problem of this source alone, shown until `until` or until it is known to be over.
    struct Passing
    {
        Problem problem;
        EpochMs until = 0;
    };

    explicit KafkaSource(Setup setup);
    Result<void> connect();
    void disconnect();
    void startAll();
    void start(Partition& partition);
    void restart(Partition& partition, std::int64_t offset);

    bool hasRoom() const;
    std::size_t fetchMessages(std::chrono::milliseconds timeout);
    void take(std::size_t count);
    void takeRecord(Partition& partition, const rd_kafka_message_t& message, const rd_kafka_message_t* next);
    bool isWanted(const Partition& partition, const rd_kafka_message_t& message) const;
    void takeEvent(Partition& partition, const rd_kafka_message_t& message);
    void wakeFetching();

    Result<void> followTopic();
    Result<void> startAnew();
    void recover(Partition& partition, const Watermarks& marks);
    void refuse(Partition& partition, const rd_kafka_message_t& message);
    void askRefusedAgain();
    /// The broker gave something for the partition.
    void noteHeard(Partition& partition)
    {
        if (partition.refused)
            endRefusal(partition);
    }
    void endRefusal(Partition& partition);
    void addPassing(ProblemKind kind, std::string text, std::optional<PartitionId> partition);
    void publish();

    void onError(rd_kafka_resp_err_t error, const char* reason) override;
    void onThrottle(int throttleMs) override;

    KafkaSettings m_settings;
    std::shared_ptr<const std::string> m_topicName;
    IsolationLevel m_isolation;
    FetchLimits m_limits;
    std::shared_ptr<TopicView> m_view;
    MemoryLease m_queueLease;
    std::map<std::int32_t, Partition> m_partitions;
    int m_recreationsSeen = 0;
    std::chrono::steady_clock::time_point m_refusedAskedAt;
    std::vector<rd_kafka_message_t*> m_messages;
    BatchCollector m_collector;
    double m_valueBytes = 0; ///< of a message, on average lately
    bool m_queueWasFull = false; ///< librdkafka may have stopped fetching since

    mutable std::mutex m_stateMutex;
    SourceState m_state; ///< positions and connection, guarded
    std::vector<Passing> m_passing; ///< guarded
    EpochMs m_throttledSince = 0; ///< guarded
    EpochMs m_throttledUntil = 0; ///< guarded

    ClientPtr m_client;
    TopicPtr m_topic;
    QueuePtr m_queue;
};

} // namespace weir::kafka
