// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/record_place.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace weir {

namespace {

constexpr std::chrono::milliseconds pollTimeout(100);
constexpr std::int64_t firstStep = 2'000; ///< offsets that are read back at first
constexpr std::int64_t growth = 8; ///< each further step is so much longer
constexpr std::int64_t longestStep = 2'000'000;

template <typename Number>
bool readNumber(std::string_view text, Number& number)
{
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= 0;
}

ReadRequest rangeOf(const TopicPartition& partition, std::int64_t first, std::int64_t end)
{
    ReadRequest request;
    request.topic = partition.topic;
    request.partitions = {partition.partition};
    request.start = FromOffset{first};
    request.stop = UntilOffset{end};
    request.instances = 1;
    return request;
}

Error notThere(const RecordPlace& place, const std::string& what)
{
    return {ErrorKind::NotFound, what, place.partition.text() + "@" + std::to_string(place.offset)};
}

/// Hands every record of a range to `take`, in order, until it gives false. Tells where the partition begins; -1: not
/// known.
template <typename Take>
Result<std::int64_t> readRange(
    Cluster& cluster, const ReadRequest& request, const std::atomic<bool>& cancelled, Take take)
{
    auto sources = cluster.open(request);
    if (!sources)
        return sources.error();
    std::int64_t low = -1;
    for (const auto& source : *sources) {
        do {
            if (cancelled)
                return Error{ErrorKind::Cancelled, "the search for the record was given up.", request.topic};
            const auto batches = source->poll(pollTimeout);
            if (!batches)
                return batches.error();
            for (const RecordBatchPtr& batch : *batches) {
                for (std::size_t i = 0; i < batch->size(); ++i) {
                    if (!take(batch, i))
                        return low;
                }
            }
        } while (!source->state().ended);
        for (const PartitionPosition& position : source->state().partitions)
            low = position.low;
    }
    return low;
}

} // namespace

Result<RecordPlace> RecordPlace::parse(const std::string& topic, const std::string& words)
{
    RecordPlace place{{topic, {}}, 0};
    const std::size_t at = words.find('@');
    if (at == std::string::npos || !readNumber(std::string_view(words).substr(0, at), place.partition.partition.value)
        || !readNumber(std::string_view(words).substr(at + 1), place.offset))
        return Error{ErrorKind::InvalidInput,
            "'" + words + "' is no place of a record. Give partition and offset: 7@88120314.", topic};
    return place;
}

std::string RecordPlace::text() const
{
    return std::to_string(partition.partition.value) + "@" + std::to_string(offset);
}

RecordPlace placeOf(const RecordBatch& batch, std::size_t index)
{
    return {{batch.topic(), batch.partition()}, batch.offset(index)};
}

Result<StoredRow> readRecord(Cluster& cluster, const RecordPlace& place)
{
    const std::atomic<bool> goesOn{false};
    StoredRow found;
    const auto read = readRange(cluster, rangeOf(place.partition, place.offset, place.offset + 1), goesOn,
        [&](const RecordBatchPtr& batch, std::size_t i) {
            if (batch->offset(i) == place.offset)
                found = present(batch, i);
            return !found.isHere();
        });
    if (!read)
        return read.error();
    if (!found.isHere())
        return notThere(place, "there is no record at this offset.");
    return found;
}

Result<StoredRow> recordBefore(
    Cluster& cluster, const RecordPlace& place, std::optional<std::string_view> key, const std::atomic<bool>& cancelled)
{
    if (!key)
        return notThere(place, "the record has no key, so none stands before it.");
    std::int64_t end = place.offset;
    for (std::int64_t step = firstStep; end > 0; step = std::min(step * growth, longestStep)) {
        const std::int64_t first = std::max<std::int64_t>(0, end - step);
        StoredRow newest;
        const auto low = readRange(
            cluster, rangeOf(place.partition, first, end), cancelled, [&](const RecordBatchPtr& batch, std::size_t i) {
                const auto candidate = batch->key(i);
                if (candidate && *candidate == *key && batch->offset(i) < end)
                    newest = present(batch, i);
                return true;
            });
        if (!low)
            return low.error();
        if (newest.isHere())
            return newest;
        if (first <= *low) // nothing is left before
            break;
        end = first;
    }
    return notThere(place, "no record with the same key stands before it in its partition.");
}

std::optional<std::int64_t> findRow(const RowStore& rows, const RecordPlace& place)
{
    const auto near = rows.rowNear(place.partition, place.offset);
    if (!near)
        return std::nullopt;
    const StoredRow found = rows.scan()->at(*near);
    for (std::size_t i = found.index; found.isHere() && i < found.batch->size(); ++i) {
        if (found.batch->offset(i) == place.offset)
            return *near + static_cast<std::int64_t>(i - found.index);
    }
    return std::nullopt;
}

} // namespace weir
