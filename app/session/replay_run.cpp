// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/replay_run.h"

#include "app/session/missing_offsets.h"

#include <algorithm>
#include <numeric>

namespace weir {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds acknowledgeTime(60);
constexpr auto markInterval = 1s;
constexpr double longestNapMs = 50;

} // namespace

ReplayRun::ReplayRun(const ReplayRequest& request, Target target, const Clock& clock)
    : m_request(request), m_target(std::move(target)), m_clock(clock), m_markedAt(clock.steady())
{ }

ReplayRun::~ReplayRun()
{
    if (m_drain)
        stop();
}

/// A topic that is not there would be made by a broker that makes topics of what is written to.
Result<void> ReplayRun::checkTopic() const
{
    const auto metadata = m_target.cluster->metadata();
    if (!metadata)
        return metadata.error();
    const auto topic = std::find_if(metadata->topics.begin(), metadata->topics.end(),
        [this](const TopicInfo& info) { return info.name == m_request.topic; });
    const std::string where = "topic " + m_request.topic;
    if (topic == metadata->topics.end())
        return Error{ErrorKind::NotFound, "is not on the cluster that is written to. Weir makes no topics.", where};
    if (m_request.partitions == ReplayPartitions::ByKey)
        return {};
    std::int32_t highest = -1;
    for (const auto& [partition, next] : m_mark.next)
        highest = std::max(highest, partition.value);
    const auto there = static_cast<std::int32_t>(topic->partitions.size());
    if (highest >= there)
        return Error{ErrorKind::InvalidInput,
            "has " + std::to_string(there) + " partitions, and records of partition " + std::to_string(highest)
                + " cannot keep theirs. Let the key decide.",
            where};
    return {};
}

/// Where the mark says, if there is one.
Result<ReadRequest> ReplayRun::whereToBegin() const
{
    ReadRequest what = m_request.what;
    what.instances = 1; // one order of records, and one thread that writes them
    if (m_request.mark.empty())
        return what;
    const auto mark = ReplayMark::load(m_request.mark);
    if (!mark && mark.error().kind == ErrorKind::NotFound)
        return what;
    if (!mark)
        return mark.error();
    if (mark->source != m_mark.source || mark->target != m_mark.target)
        return Error{ErrorKind::InvalidInput,
            "is of another replay, from " + mark->source + " to " + mark->target + ". Name another file.",
            m_request.mark};
    FromOffsets offsets;
    for (const auto& [partition, next] : mark->next)
        offsets.offsets.emplace_back(partition, next);
    what.start = std::move(offsets);
    return what;
}

Result<std::unique_ptr<ReplayRun>> ReplayRun::start(
    Cluster& from, Target target, const ReplayRequest& request, const Clock& clock)
{
    const auto metadata = from.metadata();
    if (!metadata)
        return metadata.error();
    std::unique_ptr<ReplayRun> run(new ReplayRun(request, std::move(target), clock));
    run->m_mark.source = request.what.topic + " of cluster " + metadata->clusterId;
    run->m_mark.target = request.topic + " of cluster " + run->m_target.clusterId;
    const auto what = run->whereToBegin();
    if (!what)
        return what.error();
    if (!request.where.empty()) {
        const auto filter = compileFilter(from, request.what.topic, {request.where, {}}, clock);
        if (!filter)
            return filter.error();
        run->m_filter = (*filter)->make();
    }
    auto sources = from.open(*what);
    if (!sources)
        return sources.error();
    if (sources->empty())
        return Error{ErrorKind::NotFound, "there is no partition to read.", "topic " + request.what.topic};
    for (const PartitionPosition& position : sources->front()->state().partitions)
        run->m_mark.next[position.partition] = position.start;
    if (auto checked = run->checkTopic(); !checked)
        return checked.error();
    DrainTarget drain;
    drain.take = [raw = run.get()](std::size_t, const RecordBatchPtr& batch) { return raw->take(batch); };
    drain.tick = [] { return Result<void>(); };
    run->m_drain = std::make_unique<SourceDrain>(std::move(*sources), std::move(drain), clock);
    run->m_drain->start();
    return run;
}

void ReplayRun::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_change.notify_all();
    m_drain->stop();
}

Result<void> ReplayRun::take(const RecordBatchPtr& batch)
{
    if (!m_request.dryRun && !m_target.mayWrite())
        return Error{ErrorKind::Locked, "writing was locked again; what came before is written.",
            "cluster " + m_target.clusterId};
    m_missing += missingOffsets(*batch);
    std::vector<std::uint32_t> rows(batch->size());
    std::iota(rows.begin(), rows.end(), 0U);
    if (m_filter) {
        const search::Selected selected = m_filter->select(batch);
        rows = selected.kept();
        m_unknown += selected.undecided.size();
        m_filtered += batch->size() - rows.size();
    }
    std::int64_t& next = m_mark.next[batch->partition()];
    for (const std::uint32_t row : rows) {
        if (!m_request.dryRun) {
            const auto due = waitUntilDue(batch->timestamp(row));
            if (!due || !*due)
                return due ? Result<void>() : due.error();
            if (auto written = write(*batch, row); !written)
                return written;
        }
        note(*batch, row);
        next = batch->offset(row) + 1;
    }
    if (!batch->empty())
        next = batch->offset(batch->size() - 1) + 1;
    return keepMarkIfDue();
}

/// How long it still is until records of the highest timestamp so far are due, at most a nap.
std::chrono::steady_clock::duration ReplayRun::timeLeft() const
{
    // In floating point, because a hostile timestamp overflows the difference.
    const double ms = (static_cast<double>(m_reached) - static_cast<double>(m_begin->first)) / m_request.speed;
    const std::chrono::duration<double, std::milli> passed = m_clock.steady() - m_begin->second;
    const double left = std::clamp(ms - passed.count(), 0.0, longestNapMs);
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double, std::milli>(left));
}

Result<bool> ReplayRun::waitUntilDue(EpochMs time)
{
    if (m_request.speed <= 0)
        return !m_stopping;
    if (!m_begin) {
        m_begin.emplace(time, m_clock.steady());
        m_reached = time;
    }
    m_reached = std::max(m_reached, time);
    for (auto nap = timeLeft(); nap.count() > 0 && !m_stopping; nap = timeLeft()) {
        {
            std::unique_lock lock(m_mutex);
            m_change.wait_for(lock, nap, [this] { return m_stopping.load(); });
        }
        if (auto kept = keepMarkIfDue(); !kept)
            return kept.error();
    }
    return !m_stopping;
}

Result<void> ReplayRun::write(const RecordBatch& batch, std::uint32_t row)
{
    kafka::OutgoingRecord record;
    if (m_request.partitions == ReplayPartitions::Keep)
        record.partition = batch.partition().value;
    const bool timed = batch.timestampType(row) != TimestampType::NotAvailable;
    if (m_request.timestamps == ReplayTimestamps::Keep && timed)
        record.timestamp = batch.timestamp(row);
    record.key = batch.key(row);
    record.value = batch.value(row);
    for (std::size_t h = 0; h < batch.headerCount(row); ++h)
        record.headers.push_back(batch.header(row, h));
    return m_target.producer->produce(m_request.topic, record);
}

void ReplayRun::note(const RecordBatch& batch, std::uint32_t row)
{
    ++m_records;
    m_bytes += batch.recordBytes(row);
    if (batch.timestampType(row) == TimestampType::NotAvailable)
        return;
    const EpochMs time = batch.timestamp(row);
    const std::lock_guard lock(m_mutex);
    if (!m_span)
        m_span.emplace(time, time);
    m_span->first = std::min(m_span->first, time);
    m_span->second = std::max(m_span->second, time);
}

Result<void> ReplayRun::keepMarkIfDue()
{
    return m_clock.steady() - m_markedAt >= markInterval ? keepMark() : Result<void>();
}

/// What the mark says was written has been acknowledged.
Result<void> ReplayRun::keepMark()
{
    m_markedAt = m_clock.steady();
    if (m_request.dryRun)
        return {};
    if (auto written = m_target.producer->flush(acknowledgeTime); !written)
        return written;
    return m_request.mark.empty() ? Result<void>() : m_mark.save(m_request.mark);
}

ReplayProgress ReplayRun::progress() const
{
    ReplayProgress progress{m_drain->snapshot(), m_records, m_bytes, m_filtered, m_unknown, m_missing, {}};
    const std::lock_guard lock(m_mutex);
    progress.span = m_span;
    return progress;
}

Result<void> ReplayRun::finish()
{
    stop();
    while (!m_drain->wait(100ms)) { }
    if (const auto failure = m_drain->snapshot().failure)
        return *failure; // what it was about may be among what the mark would tell as written
    return keepMark();
}

} // namespace weir
