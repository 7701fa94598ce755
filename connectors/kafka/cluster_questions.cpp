// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/errors.h"
#include "connectors/kafka/questions.h"

#include <algorithm>

namespace weir::kafka {

namespace {

int millis(std::chrono::milliseconds timeout)
{
    return static_cast<int>(timeout.count());
}

TopicInfo topicOf(const rd_kafka_metadata_topic& topic)
{
    TopicInfo info;
    info.name = topic.topic;
    info.internal = info.name.starts_with("__");
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR)
        info.error = errorOf(topic.err, info.name);
    for (int p = 0; p < topic.partition_cnt; ++p) {
        const rd_kafka_metadata_partition& partition = topic.partitions[p];
        PartitionInfo one;
        one.id = PartitionId{partition.id};
        one.leader = partition.leader;
        one.replicas.assign(partition.replicas, partition.replicas + partition.replica_cnt);
        one.inSyncReplicas.assign(partition.isrs, partition.isrs + partition.isr_cnt);
        info.partitions.push_back(std::move(one));
    }
    std::sort(info.partitions.begin(), info.partitions.end(),
        [](const PartitionInfo& a, const PartitionInfo& b) { return a.id < b.id; });
    return info;
}

/// The event of one admin call, or an Error when none came.
Result<EventPtr> waitFor(rd_kafka_queue_t* queue, std::chrono::milliseconds timeout, const std::string& what)
{
    // The request has the same time-out; a little more, so that its own words arrive.
    EventPtr event(rd_kafka_queue_poll(queue, millis(timeout) + 1000));
    if (!event)
        return Error{ErrorKind::Timeout, "the cluster did not answer in time.", what};
    if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return errorOf(rd_kafka_event_error(event.get()), what);
    return event;
}

OptionsPtr optionsFor(rd_kafka_t* client, rd_kafka_admin_op_t operation, std::chrono::milliseconds timeout)
{
    OptionsPtr options(rd_kafka_AdminOptions_new(client, operation));
    char reason[256];
    rd_kafka_AdminOptions_set_request_timeout(options.get(), millis(timeout), reason, sizeof reason);
    return options;
}

using Describe = rd_kafka_ConsumerGroupDescription_t;

void addDescription(GroupInfo& group, const Describe* described)
{
    const std::string state = rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(described));
    // Listed as living but described as dead: a group of the new protocol, which this library cannot look into.
    if (state == "Dead" && group.state != "Dead" && group.state != "Empty") {
        group.remark = "a group of the new consumer protocol: its members are not visible with this client library";
        return;
    }
    group.members = rd_kafka_ConsumerGroupDescription_member_count(described);
}

/// Fills in the members; a failure leaves the list as it is, since states and names are worth having alone.
void describeGroups(rd_kafka_t* client, std::vector<GroupInfo>& groups, std::chrono::milliseconds timeout)
{
    std::vector<const char*> names;
    for (const GroupInfo& group : groups)
        names.push_back(group.name.c_str());
    const QueuePtr queue(rd_kafka_queue_new(client));
    const OptionsPtr options = optionsFor(client, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, timeout);
    rd_kafka_DescribeConsumerGroups(client, names.data(), names.size(), options.get(), queue.get());
    auto event = waitFor(queue.get(), timeout, "groups");
    if (!event)
        return;
    std::size_t count = 0;
    const Describe** described = rd_kafka_DescribeConsumerGroups_result_groups(
        rd_kafka_event_DescribeConsumerGroups_result(event->get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string name = rd_kafka_ConsumerGroupDescription_group_id(described[i]);
        for (GroupInfo& group : groups) {
            if (group.name == name && !rd_kafka_ConsumerGroupDescription_error(described[i]))
                addDescription(group, described[i]);
        }
    }
}

CommittedOffset committedOf(const rd_kafka_topic_partition_t& one)
{
    CommittedOffset committed;
    committed.partition = {one.topic, PartitionId{one.partition}};
    committed.offset = one.offset < 0 ? -1 : one.offset;
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR)
        committed.error = errorOf(one.err, committed.partition.text());
    return committed;
}

Result<std::map<std::string, std::string>> configOnce(
    rd_kafka_t* client, const std::string& topic, std::chrono::milliseconds timeout)
{
    rd_kafka_ConfigResource_t* resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
    const QueuePtr queue(rd_kafka_queue_new(client));
    const OptionsPtr options = optionsFor(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout);
    rd_kafka_DescribeConfigs(client, &resource, 1, options.get(), queue.get());
    rd_kafka_ConfigResource_destroy(resource);
    auto event = waitFor(queue.get(), timeout, "configuration of " + topic);
    if (!event)
        return event.error();
    std::size_t count = 0;
    const rd_kafka_ConfigResource_t** resources =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event->get()), &count);
    std::map<std::string, std::string> config;
    for (std::size_t i = 0; i < count; ++i) {
        if (const auto code = rd_kafka_ConfigResource_error(resources[i]); code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return errorOf(code, topic);
        std::size_t entries = 0;
        const rd_kafka_ConfigEntry_t** list = rd_kafka_ConfigResource_configs(resources[i], &entries);
        for (std::size_t e = 0; e < entries; ++e) {
            if (const char* value = rd_kafka_ConfigEntry_value(list[e]))
                config[rd_kafka_ConfigEntry_name(list[e])] = value;
        }
    }
    return config;
}

} // namespace

Result<ClusterMetadata> askMetadata(rd_kafka_t* client, std::chrono::milliseconds timeout)
{
    const struct rd_kafka_metadata* raw = nullptr;
    const rd_kafka_resp_err_t code = rd_kafka_metadata(client, 1, nullptr, &raw, millis(timeout));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return errorOf(code, {});
    const MetadataPtr metadata(raw);
    ClusterMetadata answer;
    if (char* id = rd_kafka_clusterid(client, 0)) {
        answer.clusterId = id;
        rd_kafka_mem_free(client, id);
    }
    answer.controller = rd_kafka_controllerid(client, 0);
    for (int b = 0; b < metadata->broker_cnt; ++b)
        answer.brokers.push_back({metadata->brokers[b].id, metadata->brokers[b].host, metadata->brokers[b].port});
    for (int t = 0; t < metadata->topic_cnt; ++t)
        answer.topics.push_back(topicOf(metadata->topics[t]));
    std::sort(answer.topics.begin(), answer.topics.end(),
        [](const TopicInfo& a, const TopicInfo& b) { return a.name < b.name; });
    return answer;
}

Result<TopicInfo> askTopic(rd_kafka_t* client, const std::string& topic, std::chrono::milliseconds timeout)
{
    const TopicPtr handle(rd_kafka_topic_new(client, topic.c_str(), nullptr));
    if (!handle)
        return Error{ErrorKind::InvalidInput, "this is no topic name.", topic};
    const struct rd_kafka_metadata* raw = nullptr;
    const rd_kafka_resp_err_t code = rd_kafka_metadata(client, 0, handle.get(), &raw, millis(timeout));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return errorOf(code, topic);
    const MetadataPtr metadata(raw);
    if (metadata->topic_cnt == 0)
        return errorOf(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, topic);
    return topicOf(metadata->topics[0]);
}

Result<std::vector<GroupInfo>> askGroups(rd_kafka_t* client, std::chrono::milliseconds timeout)
{
    const QueuePtr queue(rd_kafka_queue_new(client));
    const OptionsPtr options = optionsFor(client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, timeout);
    rd_kafka_ListConsumerGroups(client, options.get(), queue.get());
    auto event = waitFor(queue.get(), timeout, "groups");
    if (!event)
        return event.error();
    const rd_kafka_ListConsumerGroups_result_t* result = rd_kafka_event_ListConsumerGroups_result(event->get());
    std::size_t count = 0;
    // The event itself reports success even when every broker failed: the failure is in this list.
    const rd_kafka_error_t** errors = rd_kafka_ListConsumerGroups_result_errors(result, &count);
    if (count > 0)
        return errorOf(errors[0], "groups");
    const rd_kafka_ConsumerGroupListing_t** listed = rd_kafka_ListConsumerGroups_result_valid(result, &count);
    std::vector<GroupInfo> groups;
    for (std::size_t i = 0; i < count; ++i) {
        GroupInfo group;
        group.name = rd_kafka_ConsumerGroupListing_group_id(listed[i]);
        group.state = rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupListing_state(listed[i]));
        group.protocolType = "consumer";
        groups.push_back(std::move(group));
    }
    if (!groups.empty())
        describeGroups(client, groups, timeout);
    std::sort(groups.begin(), groups.end(), [](const GroupInfo& a, const GroupInfo& b) { return a.name < b.name; });
    return groups;
}

Result<std::vector<CommittedOffset>> askCommitted(rd_kafka_t* client, const std::string& group,
    std::span<const TopicPartition> partitions, std::chrono::milliseconds timeout)
{
    const PartitionListPtr wanted = partitions.empty() ? nullptr : listOf(partitions, RD_KAFKA_OFFSET_INVALID);
    rd_kafka_ListConsumerGroupOffsets_t* request = rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), wanted.get());
    const QueuePtr queue(rd_kafka_queue_new(client));
    const OptionsPtr options = optionsFor(client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout);
    rd_kafka_ListConsumerGroupOffsets(client, &request, 1, options.get(), queue.get());
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
    auto event = waitFor(queue.get(), timeout, "group " + group);
    if (!event)
        return event.error();
    std::size_t count = 0;
    const rd_kafka_group_result_t** results = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(event->get()), &count);
    std::vector<CommittedOffset> committed;
    for (std::size_t i = 0; i < count; ++i) {
        if (const rd_kafka_error_t* error = rd_kafka_group_result_error(results[i]))
            return errorOf(error, "group " + group);
        const rd_kafka_topic_partition_list_t* list = rd_kafka_group_result_partitions(results[i]);
        for (int p = 0; list && p < list->cnt; ++p) {
            if (list->elems[p].offset >= 0 || list->elems[p].err != RD_KAFKA_RESP_ERR_NO_ERROR)
                committed.push_back(committedOf(list->elems[p]));
        }
    }
    std::sort(committed.begin(), committed.end(),
        [](const CommittedOffset& a, const CommittedOffset& b) { return a.partition < b.partition; });
    return committed;
}

Result<std::map<std::string, std::string>> askTopicConfig(
    rd_kafka_t* client, const std::string& topic, std::chrono::milliseconds timeout)
{
    auto config = configOnce(client, topic, timeout);
    // Right after its creation a topic may not be known yet to the broker that is asked.
    if (!config && config.error().kind == ErrorKind::NotFound)
        return configOnce(client, topic, timeout);
    return config;
}

} // namespace weir::kafka
