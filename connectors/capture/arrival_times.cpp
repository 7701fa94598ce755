// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/arrival_times.h"

#include "connectors/capture/log_cursor.h"

#include <algorithm>

namespace weir::capture {

namespace {

constexpr EpochMs secondMs = 1000;

/// Batches of one partition come with times that grow, as far as the machine's clock did.
std::vector<KnownBatch>::const_iterator firstAfter(const std::vector<KnownBatch>& batches, EpochMs time)
{
    return std::upper_bound(batches.begin(), batches.end(), time,
        [](EpochMs at, const KnownBatch& batch) { return at < batch.receiveTime; });
}

void widen(std::optional<PlaybackSpan>& span, EpochMs first, EpochMs last)
{
    if (!span)
        span = PlaybackSpan{first, last};
    span->begin = std::min(span->begin, first);
    span->end = std::max(span->end, last);
}

/// The highest timestamp of the batch at `offset`, or the next one behind.
Result<std::optional<EpochMs>> timeAt(const FolderPartition& partition, std::int64_t offset)
{
    LogCursor cursor({partition.log, {}, partition.known}, {offset, INT64_MAX, 0}, {});
    const auto found = cursor.look();
    if (!found)
        return found.error();
    return *found ? std::optional(cursor.arrival()) : std::nullopt;
}

Result<void> widenByTimestamps(std::optional<PlaybackSpan>& span, const FolderPartition& partition)
{
    const auto end = partition.log->endOffset();
    if (!end)
        return end.error();
    const std::int64_t begin = partition.log->beginOffset();
    if (*end <= begin)
        return {};
    const auto first = timeAt(partition, begin);
    const auto last = timeAt(partition, *end - 1);
    if (!first || !last)
        return first ? last.error() : first.error();
    if (*first)
        widen(span, **first, last->value_or(**first));
    return {};
}

} // namespace

Result<std::optional<PlaybackSpan>> spanOf(const CaptureFolder& folder)
{
    std::optional<PlaybackSpan> span;
    for (const auto& [name, partition] : folder.partitions) {
        const std::vector<KnownBatch>& known = partition.known->all();
        if (!known.empty()) {
            widen(span, known.front().receiveTime, known.back().receiveTime);
        } else if (auto widened = widenByTimestamps(span, partition); !widened) {
            return widened.error();
        }
    }
    if (span)
        span->end = span->end / secondMs * secondMs + secondMs - 1;
    return span;
}

std::optional<EpochMs> nextArrival(const CaptureFolder& folder, EpochMs after)
{
    std::optional<EpochMs> next;
    for (const auto& [name, partition] : folder.partitions) {
        const auto batch = firstAfter(partition.known->all(), after);
        if (batch != partition.known->all().end() && (!next || batch->receiveTime < *next))
            next = batch->receiveTime;
    }
    return next;
}

std::optional<std::int64_t> endOffsetAt(const FolderPartition& partition, EpochMs time)
{
    const std::vector<KnownBatch>& known = partition.known->all();
    if (known.empty())
        return std::nullopt;
    const auto next = firstAfter(known, time);
    return next == known.begin() ? partition.log->beginOffset() : std::prev(next)->end;
}

std::vector<ArrivedRecords> arrivedRecords(
    const CaptureFolder& folder, const std::string& topic, EpochMs after, EpochMs until)
{
    std::map<EpochMs, std::int64_t> bySecond;
    for (auto at = folder.partitions.lower_bound({topic, {INT32_MIN}});
         at != folder.partitions.end() && at->first.topic == topic; ++at) {
        const std::vector<KnownBatch>& known = at->second.known->all();
        for (auto batch = firstAfter(known, after); batch != known.end() && batch->receiveTime <= until; ++batch)
            bySecond[batch->receiveTime / secondMs * secondMs] += batch->records;
    }
    std::vector<ArrivedRecords> seconds;
    for (const auto& [second, records] : bySecond)
        seconds.push_back({second, records});
    return seconds;
}

} // namespace weir::capture
