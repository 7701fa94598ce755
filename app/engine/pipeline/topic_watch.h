// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/metrics/throughput.h"
#include "app/engine/pipeline/cluster_monitor.h"

#include <map>

namespace weir {

/// A curve whose value was measured over, or holds since, the stretch of time from the measurement before. Fills that
/// stretch, so that slow polls draw no gaps; after a silence of more than three intervals there is one.
class PolledSeries
{
public:
    static constexpr std::int64_t binMs = 1000;

    PolledSeries(std::chrono::milliseconds interval, std::size_t bins);
    void add(EpochMs time, double value);
    SeriesSnapshotPtr snapshot() { return m_series.snapshot(); }

private:
    std::int64_t m_longestMs;
    EpochMs m_filledTo = 0; ///< exclusive; 0: nothing yet
    Series m_series;
};

/// A curve of records per second that was written down when they came: the same one each time, however often one looks.
class ArrivedSeries
{
public:
    explicit ArrivedSeries(std::size_t bins);
    /// What came by `now`. False, and nothing is added: the cluster does not know.
    bool follow(Cluster& cluster, const std::string& topic, EpochMs now);
    double rate() const { return m_rate; } ///< over the last two whole seconds
    SeriesSnapshotPtr snapshot() { return m_series.snapshot(); }

private:
    std::optional<EpochMs> m_filledTo; ///< exclusive
    double m_rate = 0;
    Series m_series;
};

/// Throughput of all topics of a cluster over time. One thread.
class TopicWatch
{
public:
    explicit TopicWatch(std::chrono::milliseconds interval) : m_interval(interval) { }

    /// All partitions of all topics that may be read, in the order of the metadata: what to ask watermarks for.
    static std::vector<TopicPartition> questions(const ClusterMetadata& metadata);
    /// `answers` has the order of questions(). Topics that are gone are forgotten. What `cluster` wrote down of the
    /// past is taken from there, and what it did not from what the watermarks grow by.
    std::vector<TopicRate> update(
        Cluster& cluster, const Clock& clock, const ClusterMetadata& metadata, const std::vector<Watermarks>& answers);

private:
    struct Watched
    {
        ThroughputMeter meter;
        std::unique_ptr<PolledSeries> series;
        std::unique_ptr<ArrivedSeries> arrived; ///< null: has to be watched
    };

    TopicRate rateOf(const Clock& clock, const TopicInfo& topic, std::vector<Watermarks> watermarks, Watched& watched);

    std::chrono::milliseconds m_interval;
    std::map<std::string, Watched> m_topics;
};

/// How many bins per level the curves of a cluster get: all of them together stay within a few hundred megabytes.
std::size_t binsFor(std::size_t curves);

} // namespace weir
