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
        bool existed = false;
        bool compacted = false;
        bool configKnown = false;
        bool wasDown = false;
        std::chrono::steady_clock::time_point firstRecordsAt;
        std::map<PartitionId, FirstRecord> firstRecords;
    };

    void run(std::stop_token stop);
    std::vector<Watched*> living();
    void look(Watched& watched, TopicView& view);
    void lookAtWatermarks(Watched& watched, TopicView& view);
    /// `positions` are those of before the watermarks were asked for.
    bool isBehind(const TopicView& view, const std::map<PartitionId, std::int64_t>& positions,
        const std::vector<Watermarks>& watermarks) const;
    bool hasOtherFirstRecords(Watched& watched, const TopicView& view, const std::vector<Watermarks>& watermarks);
    void setDown(Watched& watched, TopicView& view, const Error& error);
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
