// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/topic_feed_metrics.h"

#include "app/engine/pipeline/json_check.h"

#include <algorithm>
#include <limits>

namespace weir {

namespace {

constexpr EpochMs dayMs = 86'400'000;
constexpr std::int64_t finestBinMs = 100;
constexpr int arrivalLevels = 8;
constexpr std::size_t arrivalBins = 8192; ///< per level

EpochMs binOf(EpochMs time, std::int64_t width)
{
    return time >= 0 ? time / width : (time + 1) / width - 1;
}

} // namespace

void HistoryBorder::learn(const Source& source)
{
    if (m_complete)
        return;
    const SourceState state = source.state();
    m_complete = !state.partitions.empty();
    for (const PartitionPosition& position : state.partitions) {
        if (position.high >= 0)
            m_liveFrom.emplace(position.partition, position.high);
        else
            m_complete = false;
    }
}

std::size_t HistoryBorder::firstLive(const RecordBatch& batch) const
{
    const auto border = m_liveFrom.find(batch.partition());
    if (border == m_liveFrom.end() || batch.empty() || batch.offset(0) >= border->second)
        return 0;
    std::size_t low = 0;
    std::size_t high = batch.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (batch.offset(middle) < border->second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void ValueCheck::add(const RecordBatch& batch)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_notJson)
            return;
    }
    std::uint64_t containers = 0;
    std::uint64_t invalid = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const std::optional<std::string_view> value = batch.value(i);
        if (!value)
            continue;
        const JsonShape shape = jsonShape(*value);
        containers += shape == JsonShape::Container ? 1 : 0;
        invalid += shape == JsonShape::Invalid ? 1 : 0;
    }
    const std::scoped_lock lock(m_mutex);
    const bool decided = m_containers + m_invalid >= trial;
    m_containers += containers;
    m_invalid += invalid;
    if (!decided && m_containers + m_invalid >= trial)
        m_notJson = m_invalid > m_containers;
}

std::uint64_t ValueCheck::undecodable() const
{
    const std::scoped_lock lock(m_mutex);
    const bool decided = m_containers + m_invalid >= trial;
    const bool json = decided ? !m_notJson : m_invalid <= m_containers;
    return json ? m_invalid : 0;
}

void ReadTime::add(const RecordBatch& batch)
{
    if (batch.empty() || batch.timestampType(0) == TimestampType::NotAvailable)
        return;
    const std::scoped_lock lock(m_mutex);
    const EpochMs first = batch.timestamp(0);
    Partition& known =
        m_partitions.try_emplace({batch.topic(), batch.partition()}, Partition{first, first}).first->second;
    known.newest = std::max(known.newest, batch.timestamp(batch.size() - 1));
}

/// A partition that was read from its beginning has nothing before, and one that was read to its end nothing behind.
std::pair<EpochMs, EpochMs> ReadTime::span(const std::vector<std::unique_ptr<Source>>& sources) const
{
    EpochMs from = std::numeric_limits<EpochMs>::min();
    EpochMs to = std::numeric_limits<EpochMs>::max();
    const std::scoped_lock lock(m_mutex);
    for (const auto& source : sources) {
        for (const PartitionPosition& position : source->state().partitions) {
            const bool hasAll = position.start <= position.low && position.low >= 0;
            const bool atEnd = position.high >= 0 && position.next >= position.high;
            const auto known = m_partitions.find({source->topic(), position.partition});
            if (known == m_partitions.end() && !(hasAll && atEnd))
                return {0, 0};
            if (known == m_partitions.end())
                continue;
            from = hasAll ? from : std::max(from, known->second.first);
            to = atEnd ? to : std::min(to, known->second.newest);
        }
    }
    return from < to ? std::pair(from, to) : std::pair<EpochMs, EpochMs>(0, 0);
}

RecentRate::Rates RecentRate::update(
    std::chrono::steady_clock::time_point now, std::uint64_t records, std::uint64_t bytes)
{
    using namespace std::chrono_literals;
    m_samples.push_back({now, records, bytes});
    while (m_samples.size() > 2 && m_samples[1].at <= now - 2s)
        m_samples.pop_front();
    const Sample& oldest = m_samples.front();
    // Right after the start a burst over a few milliseconds is no rate.
    const std::chrono::duration<double> passed = std::max<std::chrono::steady_clock::duration>(now - oldest.at, 500ms);
    return {static_cast<double>(records - oldest.records) / passed.count(),
        static_cast<double>(bytes - oldest.bytes) / passed.count()};
}

SeriesOptions arrivalSeries()
{
    return {finestBinMs, arrivalLevels, arrivalBins};
}

namespace {

template <typename RowOf>
void addRows(Series& arrivals, const RecordBatch& batch, std::size_t count, RowOf rowOf)
{
    const EpochMs latest = batch.receiveTime() == 0 ? INT64_MAX : batch.receiveTime() + dayMs;
    std::size_t i = 0;
    while (i < count) {
        const EpochMs time = batch.timestamp(rowOf(i));
        const EpochMs bin = binOf(time, finestBinMs);
        std::uint64_t run = 0;
        for (; i < count && binOf(batch.timestamp(rowOf(i)), finestBinMs) == bin; ++i)
            run += batch.timestampType(rowOf(i)) != TimestampType::NotAvailable ? 1 : 0;
        // One absurd timestamp ahead would push everything else out of the histogram.
        if (run > 0 && time <= latest)
            arrivals.add(time, 1, run);
    }
}

} // namespace

void addArrivals(Series& arrivals, const RecordBatch& batch)
{
    addRows(arrivals, batch, batch.size(), [](std::size_t i) { return i; });
}

void addArrivals(Series& arrivals, const RecordBatch& batch, std::span<const std::uint32_t> rows)
{
    addRows(arrivals, batch, rows.size(), [rows](std::size_t i) { return rows[i]; });
}

LatencyReader::LatencyReader(const std::string& field)
{
    if (!field.empty())
        m_field.emplace(field);
}

void LatencyReader::add(LatencyTracker& tracker, const RecordBatchPtr& batch, std::size_t first)
{
    // Nobody wrote down when records of a log folder were received.
    if (first >= batch->size() || batch->receiveTime() == 0)
        return;
    m_samples.clear();
    std::uint64_t without = 0;
    // In floating point, because a hostile timestamp overflows the difference.
    const auto received = static_cast<double>(batch->receiveTime());
    const auto* times = m_field ? &m_field->read(batch) : nullptr;
    for (std::size_t i = first; i < batch->size(); ++i) {
        const bool timed = times ? (*times)[i].has_value() : batch->timestampType(i) != TimestampType::NotAvailable;
        if (timed)
            note(received - (times ? *(*times)[i] : static_cast<double>(batch->timestamp(i))));
        else
            ++without;
    }
    tracker.add(batch->receiveTime(), m_samples);
    if (without > 0)
        tracker.addWithoutTimestamp(without);
}

void LatencyReader::note(double latency)
{
    if (!m_samples.empty() && m_samples.back().latencyMs == latency)
        ++m_samples.back().weight;
    else
        m_samples.push_back({latency, 1});
}

SourceState combined(const std::vector<SourceState>& states)
{
    SourceState all;
    all.connection = Connection::Up;
    all.ended = !states.empty();
    for (const SourceState& state : states) {
        if (state.connection == Connection::Down)
            all.connection = Connection::Down;
        else if (state.connection == Connection::Connecting && all.connection == Connection::Up)
            all.connection = Connection::Connecting;
        all.throttle = std::max(all.throttle, state.throttle);
        all.ended = all.ended && state.ended;
        for (const Problem& problem : state.problems) {
            if (std::find(all.problems.begin(), all.problems.end(), problem) == all.problems.end())
                all.problems.push_back(problem);
        }
        all.partitions.insert(all.partitions.end(), state.partitions.begin(), state.partitions.end());
    }
    if (states.empty())
        all.connection = Connection::Connecting;
    std::stable_sort(
        all.problems.begin(), all.problems.end(), [](const Problem& a, const Problem& b) { return a.kind < b.kind; });
    std::sort(all.partitions.begin(), all.partitions.end(),
        [](const PartitionPosition& a, const PartitionPosition& b) { return a.partition < b.partition; });
    return all;
}

} // namespace weir
