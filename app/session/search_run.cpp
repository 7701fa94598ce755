// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/search_run.h"

#include "app/session/grouped_number.h"
#include "app/session/missing_offsets.h"

namespace weir {

bool SearchProgress::isComplete() const
{
    if (!drain.ended || drain.failure || enough || missing > 0 || undecided > 0)
        return false;
    for (const SourceState& source : drain.sources) {
        if (!source.ended)
            return false;
    }
    return true;
}

SearchRun::~SearchRun()
{
    if (m_drain)
        m_drain->stop();
}

Result<void> SearchRun::open(
    Cluster& cluster, const ReadRequest& topic, const SearchRequest& request, const Clock& clock)
{
    std::shared_ptr<const FilterTable> table = FilterTable::of({}, 0);
    if (!request.terms.where.empty()) {
        auto sampled = FilterTable::sampled(cluster, topic.topic, clock);
        if (!sampled)
            return sampled.error();
        table = *sampled;
    }
    const FilterVerdict verdict = judgeFilter(*table, request.terms);
    if (verdict.error)
        return *verdict.error;
    auto narrowed = narrow(cluster, topic, verdict.filter->scope(), table.get(), request.routing);
    if (!narrowed)
        return narrowed.error();
    SearchedTopic searched{topic.topic, std::move(*narrowed), m_sources.size(), m_sources.size()};
    if (searched.narrowed.request) {
        auto sources = cluster.open(*searched.narrowed.request);
        if (!sources)
            return sources.error();
        for (std::unique_ptr<Source>& source : *sources) {
            m_sources.push_back(std::move(source));
            m_filters.push_back(verdict.filter->make());
        }
        searched.endSource = m_sources.size();
    }
    m_topics.push_back(std::move(searched));
    return {};
}

Result<std::unique_ptr<SearchRun>> SearchRun::start(
    Cluster& cluster, const SearchRequest& request, Taker taker, const Clock& clock)
{
    std::unique_ptr<SearchRun> run(new SearchRun);
    run->m_taker = std::move(taker);
    for (const ReadRequest& topic : request.topics) {
        if (auto opened = run->open(cluster, topic, request, clock); !opened)
            return opened.error();
    }
    DrainTarget target;
    target.take = [raw = run.get()](
                      std::size_t source, const RecordBatchPtr& batch) { return raw->take(source, batch); };
    target.tick = [] { return Result<void>(); };
    run->m_drain = std::make_unique<SourceDrain>(std::move(run->m_sources), std::move(target), clock);
    run->m_drain->start();
    return run;
}

Result<void> SearchRun::take(std::size_t source, const RecordBatchPtr& batch)
{
    m_missing += missingOffsets(*batch);
    if (m_enough)
        return {};
    const search::Selected selected = m_filters[source]->select(batch);
    m_undecided += selected.undecided.size();
    if (selected.rows.empty() && selected.undecided.empty())
        return {};
    const std::lock_guard lock(m_taking);
    if (m_enough)
        return {};
    const Result<bool> more = m_taker(batch, selected);
    if (!more)
        return more.error();
    m_hits += selected.rows.size();
    if (!*more) {
        m_enough = true;
        m_drain->stop();
    }
    return {};
}

SearchProgress SearchRun::progress() const
{
    return {m_drain->snapshot(), m_hits, m_undecided, m_missing, m_enough};
}

namespace {

/// Where the sources of a topic stand.
struct Reached
{
    std::size_t partitions = 0;
    std::size_t ended = 0;
    std::int64_t left = 0; ///< offsets in front of the ends as far as they are known
};

Reached reachedOf(const SearchedTopic& topic, const SearchProgress& progress)
{
    Reached reached;
    for (std::size_t i = topic.firstSource; i < topic.endSource; ++i) {
        for (const PartitionPosition& position : progress.drain.sources[i].partitions) {
            ++reached.partitions;
            reached.ended += position.ended ? 1 : 0;
            if (!position.ended && position.high > position.next)
                reached.left += position.high - position.next;
        }
    }
    return reached;
}

} // namespace

std::vector<std::string> coverageLines(const SearchRun& run, const SearchProgress& progress)
{
    std::vector<std::string> lines;
    for (const SearchedTopic& topic : run.topics()) {
        const Reached reached = reachedOf(topic, progress);
        std::string line = topic.topic + ": " + std::to_string(topic.narrowed.partitions) + " of "
            + std::to_string(topic.narrowed.allPartitions) + " partitions";
        if (!topic.narrowed.request)
            line += ", since no record can match";
        else if (reached.ended == reached.partitions)
            line += ", to the end of what was asked for";
        else
            line += ", " + std::to_string(reached.ended) + " of them to their end, about "
                + grouped(static_cast<std::uint64_t>(reached.left)) + " records not reached";
        for (std::size_t i = 0; i < topic.narrowed.reasons.size(); ++i)
            line += (i == 0 ? "; narrowed to " : "; ") + topic.narrowed.reasons[i];
        lines.push_back(line + '.');
    }
    return lines;
}

std::string completenessText(const SearchProgress& progress)
{
    if (progress.isComplete())
        return "Complete: every record asked for was looked at.";
    std::string against;
    const auto add = [&against](const std::string& what) { against += (against.empty() ? "" : "; ") + what; };
    if (progress.drain.failure)
        add(progress.drain.failure->text());
    else if (progress.enough)
        add("ended with the matches that were asked for");
    else if (progress.missing == 0 && progress.undecided == 0)
        add("ended before all was read");
    if (progress.missing > 0)
        add(grouped(static_cast<std::uint64_t>(progress.missing)) + " of the offsets asked for are not there any more");
    if (progress.undecided > 0)
        add(grouped(progress.undecided) + " records that may match could not be decoded");
    return "Incomplete: " + against + '.';
}

} // namespace weir
