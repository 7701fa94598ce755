// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/expert/stream_notes.h"

#include <algorithm>

namespace weir::expert {

namespace {

constexpr std::size_t oversizedBytes = 900'000; ///< brokers refuse about 1 MiB unless told otherwise
constexpr std::size_t largeBytes = 64 * 1024; ///< oversized where it is also `timesTheMean`
constexpr std::uint64_t timesTheMean = 100;
constexpr std::uint64_t enoughRecords = 1'000; ///< shares of fewer say nothing
constexpr double hotShare = 0.1; ///< of records with a key
constexpr double skewedFactor = 2; ///< times the mean of partitions
constexpr std::size_t longestKey = 200;
constexpr std::uint64_t poisonAmong = 10; ///< at most one of so many, else the topic is not JSON

std::string countOf(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string counted(std::uint64_t number, const std::string& one, const std::string& several)
{
    return countOf(number) + " " + (number == 1 ? one : several);
}

std::string percent(double share)
{
    const auto tenths = static_cast<std::uint64_t>(share * 1000 + 0.5);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

} // namespace

const char* nameOf(GapReason reason)
{
    switch (reason) {
    case GapReason::Control:
        return "control records";
    case GapReason::Aborted:
        return "aborted transactions";
    case GapReason::Compacted:
        return "compacted";
    case GapReason::Retention:
        return "deleted by retention";
    case GapReason::Undecodable:
        return "damaged";
    case GapReason::Filtered:
        return "filtered";
    case GapReason::Dropped:
        return "dropped";
    case GapReason::NotTold:
        return "not told by the source";
    }
    return "";
}

void StreamNotes::add(const RecordBatchPtr& batch)
{
    Partition& partition = m_partitions[batch->partition()];
    addGaps(*batch);
    for (std::size_t row = 0; row < batch->size(); ++row) {
        addTime(*batch, row, partition);
        addSize(*batch, row);
        addValue(*batch, row, partition);
        if (const auto before = m_duplicates.add(*batch, row))
            placesOf(NoteKind::Duplicate)
                .add({batch->partition(), batch->offset(row), "repeats offset " + std::to_string(*before)});
        if (const auto key = batch->key(row)) {
            ++m_keyed;
            m_keys.add(*batch, row);
            m_frequent.add(key->substr(0, longestKey));
        }
        ++m_records;
    }
    m_counts[batch->partition()] += batch->size();
}

void StreamNotes::addGaps(const RecordBatch& batch)
{
    for (const Gap& gap : batch.gaps()) {
        const auto missing = static_cast<std::uint64_t>(std::max<std::int64_t>(0, gap.end - gap.first));
        m_missing += missing;
        m_missingBy[gap.reason] += missing;
        placesOf(NoteKind::Gap)
            .add({batch.partition(), gap.end,
                counted(missing, "offset", "offsets") + " in front of it, from " + std::to_string(gap.first)
                    + " on: " + nameOf(gap.reason)});
    }
}

void StreamNotes::addTime(const RecordBatch& batch, std::size_t row, Partition& partition)
{
    if (batch.timestampType(row) == TimestampType::NotAvailable)
        return;
    const EpochMs time = batch.timestamp(row);
    if (partition.newestOffset >= 0 && time < partition.newest) {
        const std::int64_t back = partition.newest - time;
        m_largestStepBack = std::max(m_largestStepBack, back);
        placesOf(NoteKind::TimeRegression)
            .add({batch.partition(), batch.offset(row),
                countOf(static_cast<std::uint64_t>(back)) + " ms before offset "
                    + std::to_string(partition.newestOffset)});
        return;
    }
    partition.newest = time;
    partition.newestOffset = batch.offset(row);
}

void StreamNotes::addValue(const RecordBatch& batch, std::size_t row, Partition& partition)
{
    switch (partition.schema.add(batch, row, *m_reader, placesOf(NoteKind::SchemaChange))) {
    case SchemaWatch::Value::Object:
        ++m_objects;
        ++m_json;
        break;
    case SchemaWatch::Value::OtherJson:
        ++m_json;
        break;
    case SchemaWatch::Value::Broken:
        placesOf(NoteKind::Poison).add({batch.partition(), batch.offset(row), "the value is no JSON"});
        break;
    case SchemaWatch::Value::None:
        break;
    }
}

void StreamNotes::addSize(const RecordBatch& batch, std::size_t row)
{
    const std::size_t bytes = batch.recordBytes(row);
    const bool unusual =
        m_records >= enoughRecords && bytes >= largeBytes && bytes > timesTheMean * (m_bytes / m_records);
    if (bytes >= oversizedBytes || unusual)
        placesOf(NoteKind::Oversized).add({batch.partition(), batch.offset(row), countOf(bytes) + " bytes"});
    m_bytes += bytes;
}

void StreamNotes::merge(const StreamNotes& other)
{
    m_records += other.m_records;
    m_bytes += other.m_bytes;
    m_keyed += other.m_keyed;
    m_json += other.m_json;
    m_objects += other.m_objects;
    m_missing += other.m_missing;
    m_largestStepBack = std::max(m_largestStepBack, other.m_largestStepBack);
    for (const auto& [reason, count] : other.m_missingBy)
        m_missingBy[reason] += count;
    for (const auto& [partition, count] : other.m_counts)
        m_counts[partition] += count;
    for (std::size_t i = 0; i < m_places.size(); ++i)
        m_places[i].merge(other.m_places[i]);
    m_keys.merge(other.m_keys);
    m_frequent.merge(other.m_frequent);
}

StreamNote StreamNotes::noteOf(NoteKind kind, NoteLevel level, std::string text) const
{
    const NotedPlaces& noted = placesOf(kind);
    return {kind, level, noted.size(), std::move(text), noted.places(), {}};
}

std::vector<StreamNote> StreamNotes::notes() const
{
    std::vector<StreamNote> notes;
    tellValues(notes);
    tellOrder(notes);
    tellKeys(notes);
    tellLoad(notes);
    std::stable_sort(
        notes.begin(), notes.end(), [](const StreamNote& a, const StreamNote& b) { return a.level < b.level; });
    return notes;
}

void StreamNotes::tellValues(std::vector<StreamNote>& notes) const
{
    const std::uint64_t broken = placesOf(NoteKind::Poison).size();
    if (broken > 0 && broken <= (m_json + broken) / poisonAmong && m_objects > 0)
        notes.push_back(noteOf(NoteKind::Poison, NoteLevel::Error,
            counted(broken, "value is", "values are") + " no JSON, " + countOf(m_json) + " are."));
    const NotedPlaces& changes = placesOf(NoteKind::SchemaChange);
    if (changes.size() > 0)
        notes.push_back(noteOf(NoteKind::SchemaChange, NoteLevel::Warning,
            "Fields came, went or changed their type " + counted(changes.size(), "time", "times")
                + ", counted in each partition."));
    const NotedPlaces& large = placesOf(NoteKind::Oversized);
    if (large.size() > 0)
        notes.push_back(noteOf(NoteKind::Oversized, NoteLevel::Warning,
            counted(large.size(), "record has", "records have") + " over " + countOf(oversizedBytes)
                + " bytes, or over " + countOf(timesTheMean) + " times what records have on the average."));
}

void StreamNotes::tellOrder(std::vector<StreamNote>& notes) const
{
    if (m_missing > 0) {
        std::string reasons;
        for (const auto& [reason, count] : m_missingBy)
            reasons += (reasons.empty() ? "" : ", ") + countOf(count) + " " + nameOf(reason);
        const bool lost = m_missingBy.contains(GapReason::Retention) || m_missingBy.contains(GapReason::Undecodable);
        notes.push_back(noteOf(NoteKind::Gap, lost ? NoteLevel::Warning : NoteLevel::Note,
            counted(m_missing, "offset carries", "offsets carry") + " no record: " + reasons + "."));
    }
    const NotedPlaces& back = placesOf(NoteKind::TimeRegression);
    if (back.size() > 0)
        notes.push_back(noteOf(NoteKind::TimeRegression, NoteLevel::Note,
            counted(back.size(), "record has", "records have")
                + " a timestamp before one in front in its partition, at most "
                + countOf(static_cast<std::uint64_t>(m_largestStepBack)) + " ms."));
    const NotedPlaces& twice = placesOf(NoteKind::Duplicate);
    if (twice.size() > 0)
        notes.push_back(noteOf(NoteKind::Duplicate, NoteLevel::Warning,
            counted(twice.size(), "record repeats", "records repeat")
                + " key, value, headers and timestamp of one in front, among some "
                + countOf(DuplicateWatch::remembered) + " looked at before."));
}

void StreamNotes::tellKeys(std::vector<StreamNote>& notes) const
{
    const std::vector<KeyWatch::Spread> spread = m_keys.spread();
    if (!spread.empty()) {
        StreamNote note{NoteKind::KeyOrder, NoteLevel::Warning, spread.size(),
            counted(spread.size(), "key stands", "keys stand") + " in several partitions, of " + countOf(m_keys.keys())
                + " looked at" + (m_keys.oneOf() > 1 ? " (one of " + countOf(m_keys.oneOf()) + ")" : std::string())
                + ": nothing orders the records of such a key.",
            {}, {}};
        for (const KeyWatch::Spread& one : spread) {
            if (note.places.size() == NotedPlaces::mostPlaces)
                break;
            std::string partitions;
            for (const PartitionId partition : one.partitions)
                partitions += (partitions.empty() ? "" : ", ") + std::to_string(partition.value);
            note.places.push_back({one.partition, one.offset, "key " + one.key + " in partitions " + partitions});
        }
        notes.push_back(std::move(note));
    }
    for (const auto& entry : m_frequent.top()) {
        const double share =
            static_cast<double>(entry.count) / static_cast<double>(std::max<std::uint64_t>(1, m_keyed));
        if (m_keyed < enoughRecords || share < hotShare)
            continue;
        notes.push_back({NoteKind::HotKey, NoteLevel::Note, entry.count,
            "The key " + entry.text + " has at least " + percent(share) + " of the records with a key.", {},
            entry.text});
    }
}

void StreamNotes::tellLoad(std::vector<StreamNote>& notes) const
{
    if (m_records < enoughRecords || m_counts.size() < 2)
        return;
    const double mean = static_cast<double>(m_records) / static_cast<double>(m_counts.size());
    for (const auto& [partition, count] : m_counts) {
        if (static_cast<double>(count) < skewedFactor * mean)
            continue;
        notes.push_back({NoteKind::Skew, NoteLevel::Note, count,
            "Partition " + std::to_string(partition.value) + " has "
                + percent(static_cast<double>(count) / static_cast<double>(m_records)) + " of the records, "
                + countOf(count) + "; " + std::to_string(m_counts.size()) + " partitions have "
                + countOf(static_cast<std::uint64_t>(mean)) + " on the average.",
            {}, {}});
    }
}

} // namespace weir::expert
