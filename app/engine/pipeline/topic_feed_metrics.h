// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/event_time.h"
#include "app/engine/pipeline/topic_feed.h"

#include <deque>
#include <map>
#include <mutex>

namespace weir {

/// Which records of a source came while it was being read: from the end offset on that its partitions had at first.
/// Belongs to the source's reading thread.
class HistoryBorder
{
public:
    /// Looks at the source until every partition has told its end.
    void learn(const Source& source);
    /// First record of the batch that is no history; its size when all are.
    std::size_t firstLive(const RecordBatch& batch) const;

private:
    std::map<PartitionId, std::int64_t> m_liveFrom;
    bool m_complete = false;
};

/// Counts values that are no JSON once the first hundred have shown that the topic's values are. Thread-safe.
class ValueCheck
{
public:
    void add(const RecordBatch& batch);
    std::uint64_t undecodable() const;

private:
    static constexpr std::uint64_t trial = 100;

    mutable std::mutex m_mutex;
    std::uint64_t m_containers = 0;
    std::uint64_t m_invalid = 0;
    bool m_notJson = false;
};

/// For which time all partitions have been read. Thread-safe.
class ReadTime
{
public:
    void add(const RecordBatch& batch);
    /// As the sources stand; [0, 0): no time can be told.
    std::pair<EpochMs, EpochMs> span(const std::vector<std::unique_ptr<Source>>& sources) const;

private:
    struct Partition
    {
        EpochMs first = 0; ///< of the first record that was read
        EpochMs newest = 0;
    };
    mutable std::mutex m_mutex;
    std::map<TopicPartition, Partition> m_partitions;
};

/// Records and bytes per second over the last two seconds.
class RecentRate
{
public:
    struct Rates
    {
        double records = 0;
        double bytes = 0;
    };
    /// Totals so far, at times that do not go back.
    Rates update(std::chrono::steady_clock::time_point now, std::uint64_t records, std::uint64_t bytes);

private:
    struct Sample
    {
        std::chrono::steady_clock::time_point at;
        std::uint64_t records = 0;
        std::uint64_t bytes = 0;
    };
    std::deque<Sample> m_samples;
};

/// Of a histogram by record time: from 100 ms to 58 h per bin, so that half a century fits into the coarsest level.
SeriesOptions arrivalSeries();
/// Adds the records of a batch to it, or those of some rows; neighbours in one bin at once.
void addArrivals(Series& arrivals, const RecordBatch& batch);
void addArrivals(Series& arrivals, const RecordBatch& batch, std::span<const std::uint32_t> rows);
/// Receipt minus the time of the record, or of a field of its value. Belongs to one reading thread.
class LatencyReader
{
public:
    /// `field` empty: the record's own timestamp.
    explicit LatencyReader(const std::string& field);
    /// Adds the records from `first` on. Those without a time are counted apart.
    void add(LatencyTracker& tracker, const RecordBatchPtr& batch, std::size_t first);

private:
    void note(double latency);

    std::optional<EventTimeField> m_field;
    std::vector<LatencySample> m_samples; ///< kept to spare an allocation per batch
};
/// Several sources as one: the worst connection, all problems worst first, partitions by number.
SourceState combined(const std::vector<SourceState>& states);

} // namespace weir
