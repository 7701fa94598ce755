// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/cluster.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace weir::test {

/// A cluster in memory: the test sets offsets, commits and failures; questions are counted. Thread-safe.
class FakeCluster : public Cluster
{
public:
    explicit FakeCluster(std::string clusterId = "fake-cluster");

    /// Makes a topic, or makes it anew, with these high watermarks (and low ones of 0).
    void setTopic(const std::string& name, const std::vector<std::int64_t>& highs);
    void setWatermarks(const std::string& name, std::size_t partition, Watermarks watermarks);
    void setTopicError(const std::string& name, Error error);
    void removeTopic(const std::string& name);
    void produce(const std::string& name, std::int64_t recordsPerPartition);
    void commit(const std::string& group, const TopicPartition& partition, std::int64_t offset);
    void setGroupError(const std::string& group, Error error);
    void clearGroupError(const std::string& group);
    /// Every question fails with this; nullopt: answers again.
    void setFailure(std::optional<Error> error);
    /// groups() fails with this.
    void setListFailure(std::optional<Error> error);
    /// What open() answers with; without one it refuses.
    using Opener = std::function<Result<std::vector<std::unique_ptr<Source>>>(const ReadRequest&)>;
    void setOpener(Opener opener);
    /// Questions wait until release(), as with a broker that hangs.
    void hang();
    void release();
    /// Waits until someone waits in a hanging question.
    void waitForHanging();

    int metadataQuestions() const { return m_metadataQuestions; }
    int watermarkQuestions() const { return m_watermarkQuestions; }
    int groupLists() const { return m_groupLists; }

    Result<ClusterMetadata> metadata() override;
    Result<std::vector<Watermarks>> watermarks(std::span<const TopicPartition> partitions) override;
    Result<std::vector<std::int64_t>> offsetsForTime(std::span<const TopicPartition>, EpochMs) override;
    Result<std::vector<std::optional<EpochMs>>> firstTimestamps(std::span<const TopicPartition>) override;
    Result<std::vector<GroupInfo>> groups() override;
    Result<std::vector<CommittedOffset>> committedOffsets(const std::string& group) override;
    Result<std::map<std::string, std::string>> topicConfig(const std::string& topic) override;
    Result<std::vector<std::unique_ptr<Source>>> open(const ReadRequest& request) override;
    Connection connection() const override;

private:
    struct Topic
    {
        std::vector<Watermarks> partitions;
        std::optional<Error> error;
    };
    struct Group
    {
        std::map<TopicPartition, std::int64_t> commits;
        std::optional<Error> error;
    };

    void waitWhileHanging(std::unique_lock<std::mutex>& lock);

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_clusterId;
    std::map<std::string, Topic> m_topics;
    std::map<std::string, Group> m_groups;
    std::optional<Error> m_failure;
    std::optional<Error> m_listFailure;
    Opener m_opener;
    bool m_hanging = false;
    int m_waiting = 0;
    std::atomic<int> m_metadataQuestions{0};
    std::atomic<int> m_watermarkQuestions{0};
    std::atomic<int> m_groupLists{0};
};

} // namespace weir::test
