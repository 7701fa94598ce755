// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/topic_watch.h"

#include <algorithm>

namespace weir {

std::size_t binsFor(std::size_t curves)
{
    return std::clamp<std::size_t>(400'000 / std::max<std::size_t>(curves, 1), 128, 4096);
}

PolledSeries::PolledSeries(std::chrono::milliseconds interval, std::size_t bins)
    : m_longestMs(std::max<std::int64_t>(3 * interval.count(), 2 * binMs)), m_series({binMs, 5, bins})
{ }

void PolledSeries::add(EpochMs time, double value)
{
    const EpochMs bin = time / binMs * binMs;
    const bool continues = m_filledTo > 0 && bin >= m_filledTo && bin - m_filledTo <= m_longestMs;
    for (EpochMs start = continues ? m_filledTo : bin; start < bin; start += binMs)
        m_series.add(start, value);
    m_series.add(time, value);
    m_filledTo = std::max(m_filledTo, bin + binMs);
    // A clock that was set back starts a new stretch instead of waiting until it has caught up.
    if (bin + m_longestMs < m_filledTo)
        m_filledTo = bin + binMs;
}

ArrivedSeries::ArrivedSeries(std::size_t bins) : m_series({PolledSeries::binMs, 5, bins}) { }

bool ArrivedSeries::follow(Cluster& cluster, const std::string& topic, EpochMs now)
{
    constexpr EpochMs binMs = PolledSeries::binMs;
    const EpochMs whole = (now + 1) / binMs * binMs; // the second that runs is not over
    if (m_filledTo && whole <= *m_filledTo)
        return true;
    const auto seconds = cluster.arrivals(topic, m_filledTo ? *m_filledTo - 1 : INT64_MIN, whole - 1);
    if (!seconds)
        return false;
    if (!m_filledTo && !seconds->empty())
        m_filledTo = seconds->front().second;
    for (const ArrivedRecords& one : *seconds) {
        for (; *m_filledTo < one.second; *m_filledTo += binMs)
            m_series.add(*m_filledTo, 0);
        m_series.add(one.second, static_cast<double>(one.records));
        *m_filledTo = one.second + binMs;
    }
    for (; m_filledTo && *m_filledTo < whole; *m_filledTo += binMs)
        m_series.add(*m_filledTo, 0);
    m_rate = 0;
    const auto newest = cluster.arrivals(topic, whole - 2 * binMs - 1, whole - 1);
    for (const ArrivedRecords& one : newest.value_or(std::vector<ArrivedRecords>()))
        m_rate += static_cast<double>(one.records) / 2;
    return true;
}

std::vector<TopicPartition> TopicWatch::questions(const ClusterMetadata& metadata)
{
    std::vector<TopicPartition> partitions;
    for (const TopicInfo& topic : metadata.topics) {
        if (topic.error)
            continue;
        for (const PartitionInfo& partition : topic.partitions)
            partitions.push_back({topic.name, partition.id});
    }
    return partitions;
}

std::vector<TopicRate> TopicWatch::update(
    Cluster& cluster, const Clock& clock, const ClusterMetadata& metadata, const std::vector<Watermarks>& answers)
{
    std::vector<TopicRate> rates;
    std::map<std::string, Watched> kept;
    auto answer = answers.begin();
    for (const TopicInfo& topic : metadata.topics) {
        std::vector<Watermarks> watermarks;
        if (!topic.error) {
            const auto count = std::min(static_cast<std::ptrdiff_t>(topic.partitions.size()), answers.end() - answer);
            watermarks.assign(answer, answer + count);
            answer += count;
        }
        Watched& watched = kept[topic.name] = std::move(m_topics[topic.name]);
        if (!watched.series) {
            watched.series = std::make_unique<PolledSeries>(m_interval, binsFor(metadata.topics.size()));
            watched.arrived = std::make_unique<ArrivedSeries>(binsFor(metadata.topics.size()));
        }
        if (watched.arrived && !watched.arrived->follow(cluster, topic.name, clock.wallMs()))
            watched.arrived.reset();
        rates.push_back(rateOf(clock, topic, std::move(watermarks), watched));
    }
    m_topics = std::move(kept);
    std::sort(rates.begin(), rates.end(), [](const TopicRate& a, const TopicRate& b) { return a.name < b.name; });
    return rates;
}

TopicRate TopicWatch::rateOf(
    const Clock& clock, const TopicInfo& topic, std::vector<Watermarks> watermarks, Watched& watched)
{
    TopicRate rate;
    rate.name = topic.name;
    rate.internal = topic.internal;
    rate.partitions = topic.partitions.size();
    rate.error = topic.error;
    std::vector<OffsetRange> offsets;
    for (const Watermarks& one : watermarks) {
        offsets.push_back(one.error ? OffsetRange{} : OffsetRange{one.low, one.high});
        if (one.error && !rate.error)
            rate.error = one.error;
        if (!one.error && one.low >= 0 && one.high >= one.low)
            rate.records += one.high - one.low;
    }
    rate.watermarks = std::move(watermarks);
    const bool answered =
        std::any_of(offsets.begin(), offsets.end(), [](const OffsetRange& range) { return range.high >= 0; });
    if (watched.arrived) {
        rate.recordsPerSecond = watched.arrived->rate();
        rate.throughput = watched.arrived->snapshot();
        return rate;
    }
    rate.recordsPerSecond = watched.meter.update(clock.steady(), offsets);
    if (answered && watched.meter.hasRate())
        watched.series->add(clock.wallMs(), rate.recordsPerSecond);
    rate.throughput = watched.series->snapshot();
    return rate;
}

} // namespace weir
