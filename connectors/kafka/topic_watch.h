// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/client.h"
#include "connectors/kafka/topic_view.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace weir::kafka {

/// Asks for metadata and watermarks of the topics that are being read, every two seconds on a thread of its own, since
/// librdkafka is silent about what users need words for: a topic that is missing, deleted, made anew or not readable,
/// and brokers that are gone. Sleeps while nothing is read.
class TopicWatch
{
public:
    /// `client` and what `settings` points to must outlive the watch.
    TopicWatch(rd_kafka_t* client, KafkaSettings settings);
    ~TopicWatch();

    void add(const std::shared_ptr<TopicView>& view);
    Connection connection() const;

private:
    /// First retained record of a partition as it was when last looked at: the same low watermark with another
    /// timestamp is another topic.
    struct FirstRecord
    {
        std::int64_t low = -1;
        EpochMs timestamp = 0;
    };
    struct Watched
    {
        std::weak_ptr<TopicView> view;
        bool existed = true; ///< it was there when the source was opened
        bool firstRecordsDue = true; ///< before their time: after an outage, or because the reader has a reason
        std::chrono::steady_clock::time_point firstRecordsAt;
        std::map<PartitionId, FirstRecord> firstRecords;
    };

    void run(std::stop_token stop);
    std::vector<Watched*> living();
    /// False when no broker answers: then there is no need to ask for another topic.
    bool look(Watched& watched, TopicView& view);
    void lookAtTopic(Watched& watched, TopicView& view, const TopicInfo& topic);
    void lookAtWatermarks(Watched& watched, TopicView& view, const TopicInfo& topic);
    /// `positions` are those of before the watermarks were asked for.
    bool isBehind(const TopicView& view, const std::map<PartitionId, std::int64_t>& positions,
        const WatermarksByPartition& marks) const;
    bool hasOtherFirstRecords(Watched& watched, TopicView& view, const WatermarksByPartition& marks);
    /// Compaction moves the first record of a topic that is still the same; so may one whose policy is not told.
    bool keepsFirstRecords(const std::string& topic);
    void setDown(Watched& watched, TopicView& view, std::string text);
    std::string noBroker() const;
    Problem problemOf(ProblemKind kind, std::string text) const;

    rd_kafka_t* m_client;
    KafkaSettings m_settings;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<std::unique_ptr<Watched>> m_watched;
    Connection m_connection = Connection::Connecting;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace weir::kafka
