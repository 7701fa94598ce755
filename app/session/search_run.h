// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/source_drain.h"
#include "app/session/record_filter.h"
#include "app/session/search_scope.h"

namespace weir {

struct SearchRequest
{
    std::vector<ReadRequest> topics; ///< what of each
    SearchTerms terms; ///< none: every record is a hit
    KeyRouting routing = KeyRouting::Believed;
};

/// What a search reads of one topic.
struct SearchedTopic
{
    std::string topic;
    NarrowedRequest narrowed;
    std::size_t firstSource = 0; ///< of the drain
    std::size_t endSource = 0;
};

struct SearchProgress
{
    DrainSnapshot drain;
    std::uint64_t hits = 0;
    std::uint64_t undecided = 0; ///< records that may match and cannot be decoded
    std::int64_t missing = 0; ///< offsets asked for that are gone
    bool enough = false; ///< the taker of hits wanted no more

    /// Whether every record asked for was looked at, and could be.
    bool isComplete() const;
};

/// Looks through topics at full speed: leaves out what cannot match, and hands over what does. All functions from any
/// thread.
class SearchRun
{
public:
    /// Takes hits, one call at a time, on the drain's threads; false: no more are wanted.
    using Taker = std::function<Result<bool>(const RecordBatchPtr& batch, const search::Selected& selected)>;

    /// *Blocks*: reads samples where SQL is asked, and opens the sources.
    static Result<std::unique_ptr<SearchRun>> start(
        Cluster& cluster, const SearchRequest& request, Taker taker, const Clock& clock);
    ~SearchRun();

    SearchProgress progress() const;
    bool wait(std::chrono::milliseconds timeout) { return m_drain->wait(timeout); }
    void stop() { m_drain->stop(); }
    const std::vector<SearchedTopic>& topics() const { return m_topics; }

private:
    SearchRun() = default;
    Result<void> open(Cluster& cluster, const ReadRequest& topic, const SearchRequest& request, const Clock& clock);
    Result<void> take(std::size_t source, const RecordBatchPtr& batch);

    std::vector<SearchedTopic> m_topics;
    std::vector<std::unique_ptr<Source>> m_sources; ///< until the drain has them
    std::vector<std::unique_ptr<search::RecordFilter>> m_filters; ///< by source
    Taker m_taker;
    std::mutex m_taking;
    std::atomic<bool> m_enough{false};
    std::atomic<std::uint64_t> m_hits{0};
    std::atomic<std::uint64_t> m_undecided{0};
    std::atomic<std::int64_t> m_missing{0};
    std::unique_ptr<SourceDrain> m_drain; ///< last: its threads use all the rest
};

/// What was covered of each topic, a line each: "orders: 6 of 6 partitions, to the end; left out: …".
std::vector<std::string> coverageLines(const SearchRun& run, const SearchProgress& progress);
/// "Complete.", or what stands against it.
std::string completenessText(const SearchProgress& progress);

} // namespace weir
