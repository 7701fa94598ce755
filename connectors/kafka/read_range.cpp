// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read_range.h"

#include "connectors/kafka/errors.h"
#include "connectors/kafka/questions.h"

#include <algorithm>
#include <thread>

namespace weir::kafka {

namespace {

using Partitions = std::vector<TopicPartition>;

constexpr auto leaderPause = std::chrono::milliseconds(100);
/// For a question that some clusters never answer.
constexpr auto seenPatience = std::chrono::milliseconds(1500);
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// Repeats a question until its answer is settled, for as long as a request may take: right after a topic was created,
/// or while its leader changes, brokers say that they do not lead a partition, and that passes.
template <typename Ask, typename IsSettled>
auto askSettled(const KafkaSettings& settings, Ask ask, IsSettled isSettled)
{
    const auto deadline = std::chrono::steady_clock::now() + settings.requestTimeout;
    auto answer = ask();
    while (answer && !isSettled(*answer) && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(leaderPause);
        answer = ask();
    }
    return answer;
}

bool isAsked(const ReadRequest& request, PartitionId id)
{
    return request.partitions.empty()
        || std::find(request.partitions.begin(), request.partitions.end(), id) != request.partitions.end();
}

/// The first partition asked for that no broker leads.
const PartitionInfo* leaderless(const TopicInfo& topic, const ReadRequest& request)
{
    for (const PartitionInfo& info : topic.partitions) {
        if (info.leader < 0 && isAsked(request, info.id))
            return &info;
    }
    return nullptr;
}

/// Found among all topics, not asked for by its name: brokers that know only the old form of that question make a topic
/// that is asked for. A topic that this user may not see is not listed either; asking for its configuration tells, and
/// makes nothing.
Result<TopicInfo> findTopic(const Askers& clients, const KafkaSettings& settings, const std::string& name)
{
    auto cluster = askMetadata(clients.listing, settings.requestTimeout);
    if (!cluster)
        return cluster.error();
    for (TopicInfo& topic : cluster->topics) {
        if (topic.name == name)
            return std::move(topic);
    }
    const auto config = askTopicConfig(clients.asking, name, std::min(settings.requestTimeout, seenPatience));
    if (!config && config.error().kind == ErrorKind::NotAuthorized)
        return config.error();
    return errorOf(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, name);
}

Result<Partitions> partitionsFor(const Askers& clients, const KafkaSettings& settings, const ReadRequest& request)
{
    const auto topic = askSettled(
        settings, [&] { return findTopic(clients, settings, request.topic); },
        [&](const TopicInfo& info) { return !leaderless(info, request); });
    if (!topic)
        return topic.error();
    if (topic->error)
        return *topic->error;
    if (const PartitionInfo* one = leaderless(*topic, request))
        return Error{ErrorKind::Unreachable, "no broker leads this partition. Start the broker that holds it.",
            TopicPartition{request.topic, one->id}.text()};
    Partitions partitions;
    for (const PartitionInfo& info : topic->partitions) {
        if (isAsked(request, info.id))
            partitions.push_back({request.topic, info.id});
    }
    for (const PartitionId wanted : request.partitions) {
        if (std::none_of(partitions.begin(), partitions.end(),
                [wanted](const TopicPartition& one) { return one.partition == wanted; }))
            return Error{ErrorKind::NotFound,
                "there is no partition " + std::to_string(wanted.value) + ": the topic has "
                    + std::to_string(topic->partitions.size()) + ".",
                request.topic};
    }
    return partitions;
}

bool isLed(const std::vector<Watermarks>& watermarks)
{
    return std::none_of(watermarks.begin(), watermarks.end(),
        [](const Watermarks& one) { return one.error && one.error->kind == ErrorKind::Unreachable; });
}

std::optional<std::int64_t> named(
    const std::vector<std::pair<PartitionId, std::int64_t>>& offsets, PartitionId partition)
{
    for (const auto& [id, offset] : offsets) {
        if (id == partition)
            return offset;
    }
    return std::nullopt;
}

/// Offsets for a time, told from "no record that late": a cluster that cannot look up times answers -1 for everything,
/// although its newest record is later. Those partitions come back as nullopt.
Result<std::vector<std::optional<std::int64_t>>> offsetsAt(rd_kafka_t* client, const KafkaSettings& settings,
    std::span<const ReadRange> ranges, const Partitions& partitions, EpochMs time)
{
    auto found = askOffsets(client, partitions, time, settings.requestTimeout);
    if (!found)
        return found.error();
    std::vector<std::optional<std::int64_t>> offsets(partitions.size());
    std::vector<ProbedOffset> newest;
    std::vector<std::size_t> newestOf;
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        const Result<std::int64_t>& one = (*found)[i];
        if (!one)
            return one.error();
        offsets[i] = *one >= 0 ? *one : ranges[i].watermarks.high;
        if (*one < 0 && ranges[i].watermarks.low < ranges[i].watermarks.high) {
            newest.push_back({partitions[i], ranges[i].watermarks.high - 1});
            newestOf.push_back(i);
        }
    }
    if (newest.empty())
        return offsets;
    auto times = probeTimestamps(settings, newest, settings.requestTimeout);
    if (!times)
        return times.error();
    for (std::size_t n = 0; n < newest.size(); ++n) {
        if ((*times)[n] && *(*times)[n] >= time)
            offsets[newestOf[n]] = std::nullopt;
    }
    return offsets;
}

std::int64_t startOf(const StartPosition& position, const ReadRange& range)
{
    const Watermarks& marks = range.watermarks;
    if (std::holds_alternative<FromEnd>(position))
        return marks.high;
    if (const auto* last = std::get_if<FromLast>(&position))
        return std::max(marks.low, marks.high - last->count);
    if (const auto* at = std::get_if<FromOffset>(&position))
        return at->offset;
    if (const auto* list = std::get_if<FromOffsets>(&position))
        return named(list->offsets, range.partition).value_or(marks.low);
    return marks.low;
}

std::int64_t stopOf(const StopPosition& position, const ReadRange& range)
{
    if (std::holds_alternative<UntilEnd>(position))
        return range.watermarks.high;
    if (const auto* until = std::get_if<UntilOffset>(&position))
        return until->offset;
    if (const auto* list = std::get_if<UntilOffsets>(&position))
        return named(list->offsets, range.partition).value_or(range.watermarks.low);
    return never;
}

Result<void> checkStart(ReadRange& range, const std::string& topic)
{
    const Watermarks& marks = range.watermarks;
    if (range.start > marks.high)
        return Error{ErrorKind::OutOfRange,
            "offset " + std::to_string(range.start) + " lies beyond the end " + std::to_string(marks.high)
                + ". Start at or before it.",
            topic + "/" + std::to_string(range.partition.value)};
    if (range.start < marks.low) {
        range.retained = marks.low - range.start;
        range.start = marks.low;
    }
    return {};
}

} // namespace

Result<std::vector<ReadRange>> resolveRanges(
    const Askers& clients, const KafkaSettings& settings, const ReadRequest& request)
{
    auto partitions = partitionsFor(clients, settings, request);
    if (!partitions)
        return partitions.error();
    const auto watermarks = askSettled(
        settings, [&] { return askWatermarks(clients.asking, *partitions, settings.requestTimeout); }, isLed);
    if (!watermarks)
        return watermarks.error();
    std::vector<ReadRange> ranges(partitions->size());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        ReadRange& range = ranges[i];
        range.partition = (*partitions)[i].partition;
        range.watermarks = (*watermarks)[i];
        if (range.watermarks.error)
            return *range.watermarks.error;
        range.start = startOf(request.start, range);
        range.stop = stopOf(request.stop, range);
        range.untilNow = std::holds_alternative<UntilEnd>(request.stop)
            || std::holds_alternative<UntilTime>(request.stop) || std::holds_alternative<UntilCount>(request.stop);
    }
    if (const auto* from = std::get_if<FromTime>(&request.start)) {
        auto offsets = offsetsAt(clients.asking, settings, ranges, *partitions, from->time);
        if (!offsets)
            return offsets.error();
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            ranges[i].start = (*offsets)[i].value_or(ranges[i].watermarks.low);
            if (!(*offsets)[i])
                ranges[i].notBefore = from->time;
        }
    }
    if (const auto* until = std::get_if<UntilTime>(&request.stop)) {
        auto offsets = offsetsAt(clients.asking, settings, ranges, *partitions, until->time);
        if (!offsets)
            return offsets.error();
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            ranges[i].stop = (*offsets)[i].value_or(ranges[i].watermarks.high);
            if (!(*offsets)[i])
                ranges[i].before = until->time;
        }
    }
    const auto* count = std::get_if<UntilCount>(&request.stop);
    for (ReadRange& range : ranges) {
        if (auto checked = checkStart(range, request.topic); !checked)
            return checked.error();
        if (count)
            range.stop = std::min(range.watermarks.high, range.start + std::min(count->count, range.watermarks.high));
    }
    return ranges;
}

} // namespace weir::kafka
