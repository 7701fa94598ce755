// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/metrics/latency.h"
#include "app/engine/search/record_filter.h"
#include "app/engine/series/series.h"
#include "connectors/record/row_store.h"
#include "connectors/record/source.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir {

struct TopicFeedOptions
{
    bool checkValues = true; ///< count values that are no JSON; costs about a nanosecond per byte
    /// Latency also for records that were there before the feed started: that is their age. false: only for those that
    /// arrive while it runs.
    bool latencyOfHistory = false;
    /// Top-level field of the JSON value that says when the event happened, for the latency; empty: the record's
    /// timestamp. See eventTimeOf() for what counts as a time.
    std::string latencyField;
    /// Only records for which it holds get rows; null: all. Everything else that is shown is of all records.
    search::RecordFilterFactoryPtr filter = nullptr;
    /// Why not all was read, in words: what is left out cannot match.
    std::vector<std::string> narrowedTo;
};

/// What a topic view shows besides rows. Immutable.
struct TopicFeedSnapshot
{
    std::uint64_t generation = 0;
    std::uint64_t records = 0; ///< received since start
    std::uint64_t bytes = 0;
    double recordsPerSecond = 0; ///< over the last two seconds
    double bytesPerSecond = 0;
    std::uint64_t undecodable = 0; ///< values that are no JSON although the topic's values are
    std::uint64_t matching = 0; ///< of the records, those that the filter lets through
    std::vector<std::string> narrowedTo; ///< why not all is read for the filter, in words
    std::uint64_t undecided = 0; ///< those that may match, and cannot be decoded: they have no row
    std::int64_t firstRow = 0; ///< rows before it were evicted
    std::int64_t endRow = 0;
    RowBufferState rows;
    SourceState state; ///< of all sources together
    bool ended = false;
    std::optional<Error> failure; ///< a source that cannot go on
    /// Records per bin of record time (Bin::count): the histogram over the table. Without records that have no
    /// timestamp or one more than a day ahead of this machine's clock.
    SeriesSnapshotPtr arrivals;
    SeriesSnapshotPtr matchingArrivals; ///< the same of matching records; null without a filter
    std::shared_ptr<const LatencySnapshot> latency;
    /// Records with a time in [readFrom, readTo) were all read, as far as timestamps grow with offsets, of the
    /// partitions that are read. Empty: of no time that can be told, or a filter reads only what can match.
    EpochMs readFrom = 0;
    EpochMs readTo = 0;
};

/// Reads the Sources of one topic, one thread each, into a RowBuffer; a few more threads look at what was read, for
/// metrics. Of what was there before, each record gets its row, however long its disk takes; what arrives while the
/// feed runs is dropped, and counted, when there is no room for it. All functions from any thread; none blocks for
/// long. stop() and the destructor wait for the batch that is being taken in, not for a poll: once they return, clock
/// and observer are not used any more, and the reaper closes the sources. Pausing is a matter of the view: rows go on
/// being stored.
class TopicFeed
{
public:
    /// `rows` null: records are only counted.
    TopicFeed(std::vector<std::unique_ptr<Source>> sources, std::shared_ptr<RowBuffer> rows,
        std::shared_ptr<MemoryBudget> budget, const Clock& clock, TopicFeedOptions options);
    ~TopicFeed();
    TopicFeed(const TopicFeed&) = delete;
    TopicFeed& operator=(const TopicFeed&) = delete;

    void start(); ///< once
    void stop(); ///< for good
    /// Never null; renewed ten times a second while something changes.
    std::shared_ptr<const TopicFeedSnapshot> snapshot() const;
    std::shared_ptr<const RowStore> rows() const; ///< null where there are none
    /// All latencies since the start in one distribution; the snapshot's percentiles are of the last ten seconds.
    LatencyDistribution totalLatency() const;
    /// Called for every batch, in the order of each partition, on several threads; set before start().
    void setBatchObserver(std::function<void(const RecordBatchPtr&)> observer);

private:
    class State;
    std::shared_ptr<State> m_state;
};

} // namespace weir
