// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_cluster.h"

#include "connectors/kafka/errors.h"
#include "connectors/kafka/kafka_source.h"
#include "connectors/kafka/questions.h"
#include "connectors/kafka/topic_watch.h"

#include <algorithm>
#include <atomic>

namespace weir::kafka {

namespace {

constexpr const char* offsetsTopic = "__consumer_offsets";
/// What one instance reads before a second one has got going.
constexpr std::int64_t muchToRead = 100'000;

/// An instance reads each broker with one thread. Measured with one broker on two cores: two instances read a fifth
/// faster than one and take less processor time for it, since fewer threads wait for each other's memory; a third adds
/// nothing. For what comes live one is enough.
std::size_t instancesFor(const ReadRequest& request, const std::vector<ReadRange>& ranges)
{
    std::int64_t waiting = 0;
    for (const ReadRange& range : ranges)
        waiting += std::max<std::int64_t>(0, std::min(range.stop, range.watermarks.high) - range.start);
    const std::size_t paying = waiting >= muchToRead ? 2 : 1;
    const std::size_t wanted = request.instances > 0 ? static_cast<std::size_t>(request.instances) : paying;
    return std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(1, ranges.size()));
}

/// A cluster behind two shared clients (see Askers); each Source has a client of its own.
class KafkaCluster final : public Cluster
{
public:
    KafkaCluster(KafkaSettings settings, ClientPtr listing, ClientPtr asking)
        : m_settings(std::move(settings)), m_listing(std::move(listing)), m_client(std::move(asking)),
          m_watch(m_client.get(), m_settings)
    { }

    Result<ClusterMetadata> metadata() override
    {
        rd_kafka_poll(m_client.get(), 0);
        rd_kafka_poll(m_listing.get(), 0);
        return told(askMetadata(m_listing.get(), m_settings.requestTimeout));
    }

    Result<std::vector<Watermarks>> watermarks(std::span<const TopicPartition> partitions) override
    {
        return told(askWatermarks(m_client.get(), partitions, m_settings.requestTimeout));
    }

    Result<std::vector<std::int64_t>> offsetsForTime(std::span<const TopicPartition> partitions, EpochMs time) override;
    Result<std::vector<std::optional<EpochMs>>> firstTimestamps(std::span<const TopicPartition> partitions) override;

    Result<std::vector<GroupInfo>> groups() override
    {
        auto groups = told(askGroups(m_client.get(), m_settings.requestTimeout));
        m_listsGroups = groups.ok() || groups.error().kind != ErrorKind::Unsupported;
        return groups;
    }

    Result<std::vector<CommittedOffset>> committedOffsets(const std::string& group) override;

    Result<std::map<std::string, std::string>> topicConfig(const std::string& topic) override
    {
        return told(askTopicConfig(m_client.get(), topic, m_settings.requestTimeout));
    }

    Result<std::vector<std::unique_ptr<Source>>> open(const ReadRequest& request) override;

    Connection connection() const override { return m_connection; }

private:
    /// Remembers whether the cluster answered; an error that comes of it names the address.
    template <typename T>
    Result<T> told(Result<T> answer)
    {
        const bool unreachable =
            !answer && (answer.error().kind == ErrorKind::Unreachable || answer.error().kind == ErrorKind::Timeout);
        m_connection = unreachable ? Connection::Down : Connection::Up;
        if (!unreachable)
            return answer;
        Error error = answer.error();
        error.where = m_settings.bootstrapServers + (error.where.empty() ? "" : " (" + error.where + ")");
        return error;
    }

    KafkaSettings m_settings;
    ClientPtr m_listing;
    ClientPtr m_client;
    std::atomic<Connection> m_connection{Connection::Connecting};
    std::atomic<bool> m_listsGroups{true};
    TopicWatch m_watch; // last: it uses the client
};

Result<std::vector<std::int64_t>> KafkaCluster::offsetsForTime(std::span<const TopicPartition> partitions, EpochMs time)
{
    auto offsets = told(askOffsets(m_client.get(), partitions, time, m_settings.requestTimeout));
    if (!offsets)
        return offsets.error();
    auto marks = watermarks(partitions);
    if (!marks)
        return marks.error();
    std::vector<std::int64_t> answer;
    for (std::size_t i = 0; i < offsets->size(); ++i) {
        const Result<std::int64_t>& one = (*offsets)[i];
        if (!one)
            return one.error();
        answer.push_back(*one >= 0 ? *one : (*marks)[i].high);
    }
    return answer;
}

Result<std::vector<std::optional<EpochMs>>> KafkaCluster::firstTimestamps(std::span<const TopicPartition> partitions)
{
    auto marks = watermarks(partitions);
    if (!marks)
        return marks.error();
    std::vector<ProbedOffset> probes;
    std::vector<std::size_t> probeOf;
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        if (!(*marks)[i].error && (*marks)[i].low < (*marks)[i].high) {
            probes.push_back({partitions[i], (*marks)[i].low});
            probeOf.push_back(i);
        }
    }
    auto found = probeTimestamps(m_settings, probes, m_settings.requestTimeout);
    if (!found)
        return found.error();
    std::vector<std::optional<EpochMs>> timestamps(partitions.size());
    for (std::size_t n = 0; n < probes.size(); ++n)
        timestamps[probeOf[n]] = (*found)[n];
    return timestamps;
}

/// Asking for a group's offsets looks for its coordinator, and on a broker that never had a consumer that creates the
/// offsets topic: such a broker has no offsets to tell and is not asked. A cluster that cannot even list groups keeps
/// no such topic at all (it cannot come into being by asking), so there a group is asked by its name and partitions.
Result<std::vector<CommittedOffset>> KafkaCluster::committedOffsets(const std::string& group)
{
    auto known = metadata();
    if (!known)
        return known.error();
    const bool hasOffsets = std::any_of(
        known->topics.begin(), known->topics.end(), [](const TopicInfo& topic) { return topic.name == offsetsTopic; });
    if (hasOffsets)
        return told(askCommitted(m_client.get(), group, {}, m_settings.requestTimeout));
    if (m_listsGroups && (groups().ok() || m_listsGroups))
        return std::vector<CommittedOffset>();
    std::vector<TopicPartition> partitions;
    for (const TopicInfo& topic : known->topics) {
        for (const PartitionInfo& partition : topic.partitions)
            partitions.push_back({topic.name, partition.id});
    }
    if (partitions.empty())
        return std::vector<CommittedOffset>();
    return told(askCommitted(m_client.get(), group, partitions, m_settings.requestTimeout));
}

Result<std::vector<std::unique_ptr<Source>>> KafkaCluster::open(const ReadRequest& request)
{
    auto ranges = told(resolveRanges({m_listing.get(), m_client.get()}, m_settings, request));
    if (!ranges)
        return ranges.error();
    const std::size_t instances = instancesFor(request, *ranges);
    std::vector<KafkaSource::Setup> setups(instances);
    for (std::size_t i = 0; i < ranges->size(); ++i)
        setups[i % instances].ranges.push_back(std::move((*ranges)[i]));
    const FetchLimits limits = FetchLimits::of(m_settings.budget.get(), instances);
    std::vector<std::unique_ptr<Source>> sources;
    for (KafkaSource::Setup& setup : setups) {
        setup.settings = m_settings;
        setup.topic = request.topic;
        setup.isolation = request.isolation;
        setup.limits = limits;
        auto source = KafkaSource::open(std::move(setup));
        if (!source)
            return source.error();
        m_watch.add((*source)->view());
        sources.push_back(std::move(*source));
    }
    return sources;
}

} // namespace

Result<std::shared_ptr<Cluster>> openCluster(const KafkaSettings& settings)
{
    const Properties extra{{"isolation.level", "read_uncommitted"}, {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"}, {"auto.offset.reset", "error"}};
    auto listing = makeClient(RD_KAFKA_CONSUMER, settings, extra, nullptr);
    if (!listing)
        return listing.error();
    auto asking = makeClient(RD_KAFKA_CONSUMER, settings, extra, nullptr);
    if (!asking)
        return asking.error();
    return std::shared_ptr<Cluster>(std::make_shared<KafkaCluster>(settings, std::move(*listing), std::move(*asking)));
}

} // namespace weir::kafka
