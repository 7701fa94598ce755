// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/search_scope.h"

#include "app/session/grouped_number.h"
#include "app/session/position.h"

#include <algorithm>

namespace weir {

namespace {

Result<std::vector<PartitionId>> partitionsAsked(Cluster& cluster, const ReadRequest& request)
{
    if (!request.partitions.empty())
        return request.partitions;
    const auto metadata = cluster.metadata();
    if (!metadata)
        return metadata.error();
    std::vector<PartitionId> partitions;
    for (const TopicInfo& topic : metadata->topics) {
        for (const PartitionInfo& partition : topic.partitions) {
            if (topic.name == request.topic)
                partitions.push_back(partition.id);
        }
    }
    return partitions;
}

std::string keyText(std::size_t keys, search::Partitioner partitioner)
{
    return "the partitions of the keys: those of " + grouped(keys) + " sampled records all lie where "
        + (partitioner == search::Partitioner::Murmur2 ? "the Java clients put" : "librdkafka puts") + " them";
}

/// Explicit offsets in place of "from the beginning" and "until the end".
Result<void> boundOffsets(Cluster& cluster, const search::PredicateScope& scope, NarrowedRequest& narrowed)
{
    ReadRequest& request = *narrowed.request;
    const bool fromStart = std::holds_alternative<FromBeginning>(request.start) && scope.firstOffset > 0;
    const bool untilEnd = std::holds_alternative<UntilEnd>(request.stop) && scope.endOffset < INT64_MAX;
    if (!fromStart && !untilEnd)
        return {};
    std::vector<TopicPartition> partitions;
    for (const PartitionId partition : request.partitions)
        partitions.push_back({request.topic, partition});
    const auto marks = cluster.watermarks(partitions);
    if (!marks)
        return marks.error();
    FromOffsets from;
    UntilOffsets until;
    for (std::size_t i = 0; i < marks->size(); ++i) {
        const Watermarks& mark = (*marks)[i];
        if (mark.error)
            return *mark.error;
        const PartitionId partition = request.partitions[i];
        from.offsets.emplace_back(partition, std::clamp(scope.firstOffset, mark.low, std::max(mark.low, mark.high)));
        until.offsets.emplace_back(partition, std::clamp(scope.endOffset, mark.low, std::max(mark.low, mark.high)));
    }
    if (fromStart)
        request.start = std::move(from);
    if (untilEnd)
        request.stop = std::move(until);
    narrowed.reasons.push_back("offsets "
        + (fromStart ? "from " + std::to_string(scope.firstOffset) + " on" : std::string("from the first"))
        + (untilEnd ? ", before " + std::to_string(scope.endOffset) : std::string()));
    return {};
}

void boundTime(const search::PredicateScope& scope, NarrowedRequest& narrowed)
{
    StartPosition& start = narrowed.request->start;
    if (!scope.fromTime)
        return;
    if (auto* time = std::get_if<FromTime>(&start))
        time->time = std::max(time->time, *scope.fromTime);
    else if (std::holds_alternative<FromBeginning>(start))
        start = FromTime{*scope.fromTime};
    else
        return;
    narrowed.reasons.push_back("timestamps from " + positionText(*scope.fromTime) + " UTC on");
}

} // namespace

Result<NarrowedRequest> narrow(Cluster& cluster, const ReadRequest& request, const search::PredicateScope& scope,
    const FilterTable* table, KeyRouting routing)
{
    const auto asked = partitionsAsked(cluster, request);
    if (!asked)
        return asked.error();
    NarrowedRequest narrowed{request, asked->size(), asked->size(), {}};
    std::vector<PartitionId> left = *asked;
    if (scope.partitions) {
        std::erase_if(left, [&](PartitionId partition) { return !scope.partitions->contains(partition.value); });
        narrowed.reasons.emplace_back("the partitions that the condition names");
    }
    const auto partitioner =
        table && scope.keys && routing == KeyRouting::Believed ? table->keys().partitioner() : std::nullopt;
    if (partitioner) {
        std::set<std::int32_t> hashed;
        for (const std::string& key : *scope.keys)
            hashed.insert(search::partitionOf(*partitioner, key, table->partitions()).value);
        std::erase_if(left, [&](PartitionId partition) { return !hashed.contains(partition.value); });
        narrowed.reasons.push_back(keyText(table->keys().keys(), *partitioner));
    }
    narrowed.partitions = left.size();
    if ((left.empty() && !asked->empty()) || scope.firstOffset >= scope.endOffset) {
        narrowed.request.reset();
        narrowed.partitions = 0;
        return narrowed;
    }
    // A topic that nobody knows is asked for as it was: the cluster says what is wrong.
    if (asked->empty())
        return narrowed;
    if (left.size() < asked->size() || scope.firstOffset > 0 || scope.endOffset < INT64_MAX)
        narrowed.request->partitions = std::move(left);
    if (auto bound = boundOffsets(cluster, scope, narrowed); !bound)
        return bound.error();
    boundTime(scope, narrowed);
    return narrowed;
}

} // namespace weir
