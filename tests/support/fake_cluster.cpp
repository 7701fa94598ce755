// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_cluster.h"

namespace weir::test {

namespace {

Error notFaked()
{
    return {ErrorKind::Unsupported, "The fake cluster does not answer this.", {}};
}

} // namespace

FakeCluster::FakeCluster(std::string clusterId) : m_clusterId(std::move(clusterId)) { }

void FakeCluster::setTopic(const std::string& name, const std::vector<std::int64_t>& highs)
{
    const std::scoped_lock lock(m_mutex);
    Topic& topic = m_topics[name];
    topic = {};
    for (const std::int64_t high : highs)
        topic.partitions.push_back({0, high, std::nullopt});
}

void FakeCluster::setWatermarks(const std::string& name, std::size_t partition, Watermarks watermarks)
{
    const std::scoped_lock lock(m_mutex);
    m_topics[name].partitions.at(partition) = std::move(watermarks);
}

void FakeCluster::setTopicError(const std::string& name, Error error)
{
    const std::scoped_lock lock(m_mutex);
    m_topics[name].error = std::move(error);
}

void FakeCluster::removeTopic(const std::string& name)
{
    const std::scoped_lock lock(m_mutex);
    m_topics.erase(name);
}

void FakeCluster::produce(const std::string& name, std::int64_t recordsPerPartition)
{
    const std::scoped_lock lock(m_mutex);
    for (Watermarks& partition : m_topics[name].partitions)
        partition.high += recordsPerPartition;
}

void FakeCluster::commit(const std::string& group, const TopicPartition& partition, std::int64_t offset)
{
    const std::scoped_lock lock(m_mutex);
    m_groups[group].commits[partition] = offset;
}

void FakeCluster::setGroupError(const std::string& group, Error error)
{
    const std::scoped_lock lock(m_mutex);
    m_groups[group].error = std::move(error);
}

void FakeCluster::clearGroupError(const std::string& group)
{
    const std::scoped_lock lock(m_mutex);
    m_groups[group].error.reset();
}

void FakeCluster::setFailure(std::optional<Error> error)
{
    const std::scoped_lock lock(m_mutex);
    m_failure = std::move(error);
}

void FakeCluster::setListFailure(std::optional<Error> error)
{
    const std::scoped_lock lock(m_mutex);
    m_listFailure = std::move(error);
}

void FakeCluster::hang()
{
    const std::scoped_lock lock(m_mutex);
    m_hanging = true;
}

void FakeCluster::release()
{
    const std::scoped_lock lock(m_mutex);
    m_hanging = false;
    m_changed.notify_all();
}

void FakeCluster::waitForHanging()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_waiting > 0; });
}

void FakeCluster::waitWhileHanging(std::unique_lock<std::mutex>& lock)
{
    ++m_waiting;
    m_changed.notify_all();
    m_changed.wait(lock, [this] { return !m_hanging; });
    --m_waiting;
}

Result<ClusterMetadata> FakeCluster::metadata()
{
    ++m_metadataQuestions;
    std::unique_lock lock(m_mutex);
    if (m_hanging)
        waitWhileHanging(lock);
    if (m_failure)
        return *m_failure;
    ClusterMetadata metadata;
    metadata.clusterId = m_clusterId;
    metadata.brokers.push_back({1, "127.0.0.1", 9092});
    metadata.controller = 1;
    for (const auto& [name, topic] : m_topics) {
        TopicInfo info{name, name.starts_with("__"), {}, topic.error};
        for (std::size_t i = 0; i < topic.partitions.size(); ++i)
            info.partitions.push_back({PartitionId{static_cast<std::int32_t>(i)}, 1, {1}, {1}});
        metadata.topics.push_back(std::move(info));
    }
    return metadata;
}

Result<std::vector<Watermarks>> FakeCluster::watermarks(std::span<const TopicPartition> partitions)
{
    ++m_watermarkQuestions;
    const std::scoped_lock lock(m_mutex);
    if (m_failure)
        return *m_failure;
    std::vector<Watermarks> answers;
    for (const TopicPartition& one : partitions) {
        const auto topic = m_topics.find(one.topic);
        const auto index = static_cast<std::size_t>(one.partition.value);
        if (topic == m_topics.end() || index >= topic->second.partitions.size())
            answers.push_back({-1, -1, Error{ErrorKind::NotFound, "No such partition.", one.text()}});
        else
            answers.push_back(topic->second.partitions[index]);
    }
    return answers;
}

Result<std::vector<std::int64_t>> FakeCluster::offsetsForTime(std::span<const TopicPartition>, EpochMs)
{
    return notFaked();
}

Result<std::vector<std::optional<EpochMs>>> FakeCluster::firstTimestamps(std::span<const TopicPartition>)
{
    return notFaked();
}

Result<std::vector<GroupInfo>> FakeCluster::groups()
{
    ++m_groupLists;
    const std::scoped_lock lock(m_mutex);
    if (m_failure)
        return *m_failure;
    if (m_listFailure)
        return *m_listFailure;
    std::vector<GroupInfo> groups;
    for (const auto& [name, group] : m_groups)
        groups.push_back({name, "Stable", "consumer", {}, 1});
    return groups;
}

Result<std::vector<CommittedOffset>> FakeCluster::committedOffsets(const std::string& name)
{
    const std::scoped_lock lock(m_mutex);
    if (m_failure)
        return *m_failure;
    std::vector<CommittedOffset> offsets;
    const auto group = m_groups.find(name);
    if (group == m_groups.end())
        return offsets;
    if (group->second.error)
        return *group->second.error;
    for (const auto& [partition, offset] : group->second.commits)
        offsets.push_back({partition, offset, std::nullopt});
    return offsets;
}

Result<std::map<std::string, std::string>> FakeCluster::topicConfig(const std::string&)
{
    return notFaked();
}

void FakeCluster::setOpener(Opener opener)
{
    const std::scoped_lock lock(m_mutex);
    m_opener = std::move(opener);
}

Result<std::vector<std::unique_ptr<Source>>> FakeCluster::open(const ReadRequest& request)
{
    Opener opener;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_failure)
            return *m_failure;
        opener = m_opener;
    }
    return opener ? opener(request) : notFaked();
}

Connection FakeCluster::connection() const
{
    const std::scoped_lock lock(m_mutex);
    return m_failure ? Connection::Down : Connection::Up;
}

} // namespace weir::test
