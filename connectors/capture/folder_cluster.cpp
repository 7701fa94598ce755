// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/folder_cluster.h"

#include "connectors/capture/arrival_times.h"
#include "connectors/capture/log_source.h"

#include <mutex>

namespace weir::capture {

namespace {

using Offsets = std::vector<std::pair<PartitionId, std::int64_t>>;

std::optional<std::int64_t> named(const Offsets& offsets, PartitionId partition)
{
    for (const auto& [id, offset] : offsets) {
        if (id == partition)
            return offset;
    }
    return std::nullopt;
}

/// Which record comes first: nothing lives in a folder, so that "N newest" is arithmetic on offsets, as on a cluster.
Result<std::int64_t> startOf(const StartPosition& start, const PartitionLog& log, std::int64_t end, bool plays)
{
    const std::int64_t begin = log.beginOffset();
    if (std::holds_alternative<FromEnd>(start))
        return plays ? begin : end;
    if (const auto* last = std::get_if<FromLast>(&start))
        return std::max(begin, end - last->count);
    if (const auto* at = std::get_if<FromOffset>(&start))
        return at->offset;
    if (const auto* list = std::get_if<FromOffsets>(&start))
        return named(list->offsets, log.name().partition).value_or(begin);
    if (const auto* from = std::get_if<FromTime>(&start)) {
        const auto offset = log.offsetForTime(from->time);
        if (!offset)
            return offset.error();
        return offset->value_or(end);
    }
    return begin;
}

/// Of a range that begins at `start`; `end` is that of the partition.
Result<std::int64_t> stopOf(const StopPosition& stop, const PartitionLog& log, std::int64_t start, std::int64_t end)
{
    if (const auto* count = std::get_if<UntilCount>(&stop))
        return std::min(end, std::max(start, log.beginOffset()) + std::min(count->count, end));
    if (std::holds_alternative<UntilEnd>(stop))
        return end;
    if (const auto* until = std::get_if<UntilOffset>(&stop))
        return until->offset;
    if (const auto* list = std::get_if<UntilOffsets>(&stop))
        return named(list->offsets, log.name().partition).value_or(log.beginOffset());
    if (const auto* until = std::get_if<UntilTime>(&stop)) {
        const auto offset = log.offsetForTime(until->time);
        if (!offset)
            return offset.error();
        return offset->value_or(end);
    }
    return std::int64_t{INT64_MAX};
}

class OpenedFolder final : public FolderCluster
{
public:
    explicit OpenedFolder(FolderSettings settings) : m_settings(std::move(settings)) { }

    Result<std::shared_ptr<CaptureFolder>> content() override;
    Result<ClusterMetadata> metadata() override;
    Result<std::vector<Watermarks>> watermarks(std::span<const TopicPartition> partitions) override;
    Result<std::vector<std::int64_t>> offsetsForTime(std::span<const TopicPartition> partitions, EpochMs time) override;
    Result<std::vector<std::optional<EpochMs>>> firstTimestamps(std::span<const TopicPartition> partitions) override;
    Result<std::vector<GroupInfo>> groups() override;
    Result<std::vector<CommittedOffset>> committedOffsets(const std::string& group) override;
    std::optional<std::vector<GroupRound>> observedGroups(EpochMs after, EpochMs until) override;
    std::optional<std::vector<ArrivedRecords>> arrivals(
        const std::string& topic, EpochMs after, EpochMs until) override;
    Result<std::map<std::string, std::string>> topicConfig(const std::string& topic) override;
    Result<std::vector<std::unique_ptr<Source>>> open(const ReadRequest& request) override;
    Connection connection() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_folder ? Connection::Up : m_failed ? Connection::Down : Connection::Connecting;
    }

private:
    Result<const GroupRound*> roundNow();
    Error none() const
    {
        return {ErrorKind::Unsupported, "nobody wrote down where consumer groups stood.", m_settings.root};
    }
    Error missing(const TopicPartition& partition) const
    {
        return {ErrorKind::NotFound, "is not in " + m_settings.root + ".", partition.text()};
    }
    bool isPaced() const { return m_settings.playback && m_settings.playback->state() != PlaybackState::Everything; }
    Result<const FolderPartition*> find(const CaptureFolder& folder, const TopicPartition& partition) const;
    Result<std::vector<const FolderPartition*>> asked(const CaptureFolder& folder, const ReadRequest& request) const;
    Result<std::int64_t> endOf(const FolderPartition& partition) const;
    Result<LogCursor> cursorFor(
        const FolderPartition& partition, const ReadRequest& request, bool stays, std::size_t readers) const;

    const FolderSettings m_settings;
    mutable std::mutex m_mutex;
    std::shared_ptr<CaptureFolder> m_folder; ///< guarded; null until it could be opened
    bool m_failed = false; ///< guarded
    mutable std::map<TopicPartition, std::int64_t> m_ends; ///< of a folder that nobody writes any more; guarded
};

Result<std::shared_ptr<CaptureFolder>> OpenedFolder::content()
{
    const std::lock_guard lock(m_mutex);
    if (m_folder)
        return m_folder;
    auto opened = CaptureFolder::open(m_settings.root);
    if (opened && m_settings.playback) {
        const auto span = spanOf(**opened);
        if (!span)
            opened = span.error();
        else
            m_settings.playback->setSpan(span->value_or(PlaybackSpan()));
    }
    m_failed = !opened;
    if (opened)
        m_folder = *opened;
    return opened;
}

Result<const FolderPartition*> OpenedFolder::find(const CaptureFolder& folder, const TopicPartition& partition) const
{
    const auto found = folder.partitions.find(partition);
    if (found == folder.partitions.end())
        return missing(partition);
    if (folder.grows) {
        if (auto refreshed = found->second.log->refresh(); !refreshed)
            return refreshed.error();
    }
    return &found->second;
}

Result<ClusterMetadata> OpenedFolder::metadata()
{
    const auto folder = content();
    if (!folder)
        return folder.error();
    ClusterMetadata metadata;
    metadata.clusterId = (*folder)->clusterId;
    for (const auto& [name, partition] : (*folder)->partitions) {
        if (metadata.topics.empty() || metadata.topics.back().name != name.topic) {
            metadata.topics.emplace_back();
            metadata.topics.back().name = name.topic;
            metadata.topics.back().internal = name.topic.starts_with("__");
        }
        PartitionInfo info;
        info.id = name.partition;
        metadata.topics.back().partitions.push_back(info);
    }
    return metadata;
}

Result<std::vector<Watermarks>> OpenedFolder::watermarks(std::span<const TopicPartition> partitions)
{
    const auto folder = content();
    if (!folder)
        return folder.error();
    std::vector<Watermarks> all;
    for (const TopicPartition& name : partitions) {
        Watermarks marks;
        const auto partition = find(**folder, name);
        const auto end = partition ? endOf(**partition) : Result<std::int64_t>(partition.error());
        if (end) {
            marks.low = (*partition)->log->beginOffset();
            marks.high = *end;
        } else {
            marks.error = end.error();
        }
        all.push_back(std::move(marks));
    }
    return all;
}

Result<std::vector<std::int64_t>> OpenedFolder::offsetsForTime(std::span<const TopicPartition> partitions, EpochMs time)
{
    const auto folder = content();
    if (!folder)
        return folder.error();
    std::vector<std::int64_t> offsets;
    for (const TopicPartition& name : partitions) {
        const auto partition = find(**folder, name);
        if (!partition)
            return partition.error();
        const auto offset = (*partition)->log->offsetForTime(time);
        if (!offset)
            return offset.error();
        const auto end = endOf(**partition);
        if (!end)
            return end.error();
        offsets.push_back(offset->value_or(*end));
    }
    return offsets;
}

Result<std::vector<std::optional<EpochMs>>> OpenedFolder::firstTimestamps(std::span<const TopicPartition> partitions)
{
    const auto folder = content();
    if (!folder)
        return folder.error();
    std::vector<std::optional<EpochMs>> times;
    for (const TopicPartition& name : partitions) {
        const auto partition = find(**folder, name);
        if (!partition)
            return partition.error();
        LogCursor cursor(**partition, {(*partition)->log->beginOffset(), INT64_MAX, 0}, {});
        const auto found = cursor.look();
        if (!found)
            return found.error();
        times.emplace_back();
        if (!*found)
            continue;
        const auto batch = cursor.take(std::make_shared<const std::string>(name.topic), std::nullopt, nullptr);
        if (batch && *batch && !(*batch)->empty() && (*batch)->timestampType(0) != TimestampType::NotAvailable)
            times.back() = (*batch)->timestamp(0);
    }
    return times;
}

Result<std::map<std::string, std::string>> OpenedFolder::topicConfig(const std::string& topic)
{
    const auto folder = content();
    if (!folder)
        return folder.error();
    const auto found = (*folder)->topics.find(topic);
    if (found == (*folder)->topics.end())
        return missing({topic, {}});
    std::map<std::string, std::string> config;
    if (!found->second.cleanupPolicy.empty())
        config.emplace("cleanup.policy", found->second.cleanupPolicy);
    return config;
}

Result<std::vector<const FolderPartition*>> OpenedFolder::asked(
    const CaptureFolder& folder, const ReadRequest& request) const
{
    std::vector<const FolderPartition*> partitions;
    for (const PartitionId id : request.partitions) {
        const auto partition = find(folder, {request.topic, id});
        if (!partition)
            return partition.error();
        partitions.push_back(*partition);
    }
    if (!request.partitions.empty())
        return partitions;
    for (const auto& [name, partition] : folder.partitions) {
        if (name.topic != request.topic)
            continue;
        const auto one = find(folder, name);
        if (!one)
            return one.error();
        partitions.push_back(*one);
    }
    if (partitions.empty())
        return Error{ErrorKind::NotFound, "there is no such topic in " + folder.root + ".", request.topic};
    return partitions;
}

/// By the time of the playback, where one is on its way.
Result<std::int64_t> OpenedFolder::endOf(const FolderPartition& partition) const
{
    if (isPaced()) {
        const EpochMs now = m_settings.playback->wallMs();
        if (const auto end = endOffsetAt(partition, now))
            return *end;
        const auto later = partition.log->offsetForTime(now + 1);
        if (!later || *later)
            return later ? Result<std::int64_t>(**later) : later.error();
    }
    const std::lock_guard lock(m_mutex);
    const bool stays = m_folder && !m_folder->grows;
    if (const auto known = m_ends.find(partition.log->name()); stays && known != m_ends.end())
        return known->second;
    const auto end = stays ? partition.writtenEnd() : partition.log->endOffset();
    if (stays && end)
        m_ends[partition.log->name()] = *end;
    return end;
}

/// Where groups stood by the capture's time.
Result<const GroupRound*> OpenedFolder::roundNow()
{
    const auto folder = content();
    if (!folder)
        return folder.error();
    const auto& observed = (*folder)->observations;
    const EpochMs now = isPaced() ? m_settings.playback->wallMs() : INT64_MAX;
    const GroupRound* const round = observed ? observed->roundAt(now) : nullptr;
    return round ? Result<const GroupRound*>(round) : none();
}

Result<std::vector<GroupInfo>> OpenedFolder::groups()
{
    const auto round = roundNow();
    if (!round)
        return round.error();
    std::vector<GroupInfo> groups;
    for (const ObservedGroup& group : (*round)->groups)
        groups.push_back(group.info);
    return groups;
}

Result<std::vector<CommittedOffset>> OpenedFolder::committedOffsets(const std::string& group)
{
    const auto round = roundNow();
    if (!round)
        return round.error();
    for (const ObservedGroup& one : (*round)->groups) {
        if (one.info.name == group)
            return one.committed;
    }
    return Error{ErrorKind::NotFound, "was not seen in " + m_settings.root + ".", group};
}

std::optional<std::vector<GroupRound>> OpenedFolder::observedGroups(EpochMs after, EpochMs until)
{
    const auto folder = content();
    if (!folder || !(*folder)->observations)
        return std::nullopt;
    return (*folder)->observations->rounds(after, until);
}

std::optional<std::vector<ArrivedRecords>> OpenedFolder::arrivals(
    const std::string& topic, EpochMs after, EpochMs until)
{
    const auto folder = content();
    if (!folder || !(*folder)->arrivalFiles)
        return std::nullopt;
    return arrivedRecords(**folder, topic, after, until);
}

Result<LogCursor> OpenedFolder::cursorFor(
    const FolderPartition& partition, const ReadRequest& request, bool stays, std::size_t readers) const
{
    const PartitionLog& log = *partition.log;
    const auto end = stays ? partition.writtenEnd() : log.endOffset();
    if (!end)
        return end.error();
    const auto now = endOf(partition);
    if (!now)
        return now.error();
    const auto start = startOf(request.start, log, *now, stays);
    if (!start)
        return start.error();
    const auto stop = stopOf(request.stop, log, *start, *end);
    if (!stop)
        return stop.error();
    if (*start > *end)
        return Error{ErrorKind::OutOfRange,
            "offset " + std::to_string(*start) + " lies beyond the end " + std::to_string(*end)
                + ". Start at or before it.",
            log.name().text()};
    LogContent content;
    content.windowBytes = SegmentReader::windowOfOne(readers);
    if (request.isolation == IsolationLevel::ReadCommitted) {
        auto told = Transactions::of(log);
        if (!told)
            return told.error();
        content.committed = std::move(*told);
    }
    return LogCursor(partition, {*start, *stop, *end}, std::move(content));
}

Result<std::vector<std::unique_ptr<Source>>> OpenedFolder::open(const ReadRequest& request)
{
    const auto folder = content();
    if (!folder)
        return folder.error();
    const auto partitions = asked(**folder, request);
    if (!partitions)
        return partitions.error();
    LogSourceSetup setup;
    setup.topic = std::make_shared<const std::string>(request.topic);
    setup.follows = (*folder)->grows;
    setup.budget = m_settings.budget;
    setup.clock = m_settings.clock;
    setup.playback = m_settings.playback;
    setup.group = request.group;
    setup.observations = (*folder)->observations;
    for (const FolderPartition* partition : *partitions) {
        auto cursor = cursorFor(*partition, request, !(*folder)->grows, partitions->size());
        if (!cursor)
            return cursor.error();
        setup.cursors.push_back(std::move(*cursor));
    }
    // One source, whatever was asked: only one knows the order in which records of several partitions came.
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(std::make_unique<LogSource>(std::move(setup)));
    return sources;
}

} // namespace

std::shared_ptr<FolderCluster> openFolder(const FolderSettings& settings)
{
    return std::make_shared<OpenedFolder>(settings);
}

} // namespace weir::capture
