// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/time_bins.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace weir {

namespace {

Result<std::vector<TopicPartition>> partitionsOf(Cluster& cluster, const TimeBinsWanted& wanted)
{
    std::vector<TopicPartition> partitions;
    for (const std::string& topic : wanted.topics) {
        for (const PartitionId id : wanted.partitions)
            partitions.push_back({topic, id});
    }
    if (!partitions.empty())
        return partitions;
    const auto metadata = cluster.metadata();
    if (!metadata)
        return metadata.error();
    for (const TopicInfo& topic : metadata->topics) {
        if (std::find(wanted.topics.begin(), wanted.topics.end(), topic.name) == wanted.topics.end())
            continue;
        for (const PartitionInfo& partition : topic.partitions)
            partitions.push_back({topic.name, partition.id});
    }
    return partitions;
}

Result<std::optional<EpochMs>> firstTime(Cluster& cluster, const std::vector<TopicPartition>& partitions)
{
    const auto times = cluster.firstTimestamps(partitions);
    if (!times)
        return times.error();
    std::optional<EpochMs> first;
    for (const auto& time : *times) {
        if (time && *time > 0)
            first = std::min(first.value_or(*time), *time);
    }
    return first;
}

/// Asks the edges between bins, the middle ones of what is still open first.
class EdgeCounter
{
public:
    EdgeCounter(Cluster& cluster, std::vector<TopicPartition> partitions, TimeBins& bins)
        : m_cluster(cluster), m_partitions(std::move(partitions)), m_bins(bins), m_edges(bins.counts.size() + 1)
    { }

    /// Offsets in front of the edge, all partitions together.
    Result<void> ask(std::size_t edge)
    {
        const auto offsets =
            m_cluster.offsetsForTime(m_partitions, m_bins.begin + static_cast<std::int64_t>(edge) * m_bins.widthMs);
        if (!offsets)
            return offsets.error();
        m_edges[edge] = std::accumulate(offsets->begin(), offsets->end(), std::int64_t{0});
        return {};
    }

    /// What lies between two known edges is spread evenly.
    void spread()
    {
        std::size_t from = 0;
        for (std::size_t to = 1; to < m_edges.size(); ++to) {
            if (!m_edges[to])
                continue;
            const double each = static_cast<double>(std::max<std::int64_t>(0, *m_edges[to] - *m_edges[from]))
                / static_cast<double>(to - from);
            std::fill(m_bins.counts.begin() + static_cast<std::ptrdiff_t>(from),
                m_bins.counts.begin() + static_cast<std::ptrdiff_t>(to), each);
            from = to;
        }
    }
    bool isKnown(std::size_t edge) const { return m_edges[edge].has_value(); }
    /// Both ends are known and nothing lies between: what is between them need not be asked.
    bool isEmptyBetween(std::size_t from, std::size_t to) const { return m_edges[from] == m_edges[to]; }
    void take(std::size_t edge, std::size_t like) { m_edges[edge] = m_edges[like]; }

private:
    Cluster& m_cluster;
    const std::vector<TopicPartition> m_partitions;
    TimeBins& m_bins;
    std::vector<std::optional<std::int64_t>> m_edges;
};

Result<void> refine(EdgeCounter& edges, TimeBins& bins, const std::atomic<bool>& cancelled,
    const std::function<void(const TimeBins&)>& progress)
{
    const std::size_t last = bins.counts.size();
    for (const std::size_t edge : {std::size_t{0}, last}) {
        if (auto asked = edges.ask(edge); !asked)
            return asked;
    }
    // There is a record at the first edge: a cluster that sees none between here and there cannot look up times.
    if (edges.isEmptyBetween(0, last))
        return Error{ErrorKind::Unsupported, "the cluster does not look up timestamps.", "records over time"};
    std::size_t step = 1;
    while (step * 2 < last)
        step *= 2;
    for (; step > 0; step /= 2) {
        for (std::size_t edge = step; edge < last && !cancelled; edge += 2 * step) {
            const std::size_t next = std::min(edge + step, last);
            if (edges.isKnown(edge))
                continue;
            if (edges.isKnown(next) && edges.isEmptyBetween(edge - step, next))
                edges.take(edge, next);
            else if (auto asked = edges.ask(edge); !asked)
                return asked;
        }
        edges.spread();
        bins.complete = step == 1 && !cancelled;
        progress(bins);
    }
    return {};
}

} // namespace

namespace {

/// Bins from `first` on.
TimeBins binsFrom(EpochMs first, const TimeBinsWanted& wanted)
{
    TimeBins bins;
    bins.widthMs = wanted.finestMs;
    const auto count = [&] { return wanted.until / bins.widthMs - first / bins.widthMs + 1; };
    while (count() > static_cast<std::int64_t>(wanted.mostBins))
        bins.widthMs *= wanted.fanOut;
    bins.begin = first / bins.widthMs * bins.widthMs;
    bins.counts.resize(static_cast<std::size_t>(count()));
    return bins;
}

/// The end of the last bin that holds something.
EpochMs endOfRecords(const TimeBins& bins)
{
    const auto last = std::find_if(bins.counts.rbegin(), bins.counts.rend(), [](double count) { return count > 0; });
    return bins.end() - (last - bins.counts.rbegin()) * bins.widthMs;
}

} // namespace

Result<TimeBins> countByTime(Cluster& cluster, const TimeBinsWanted& wanted, const std::atomic<bool>& cancelled,
    const std::function<void(const TimeBins&)>& progress)
{
    auto partitions = partitionsOf(cluster, wanted);
    if (!partitions)
        return partitions.error();
    const auto first = firstTime(cluster, *partitions);
    if (!first)
        return first.error();
    if (!*first || **first > wanted.until) {
        TimeBins none;
        none.complete = true;
        return none;
    }
    TimeBinsWanted closer = wanted;
    for (;;) {
        TimeBins bins = binsFrom(**first, closer);
        EdgeCounter edges(cluster, *partitions, bins);
        if (auto refined = refine(edges, bins, cancelled, progress); !refined)
            return refined.error();
        // A topic into which nothing came for long is looked at from nearer.
        const EpochMs end = endOfRecords(bins);
        if (!bins.complete || bins.widthMs == closer.finestMs || end <= bins.begin
            || end - bins.begin > (bins.end() - bins.begin) / 2)
            return bins;
        closer.until = end - 1;
    }
}

} // namespace weir
