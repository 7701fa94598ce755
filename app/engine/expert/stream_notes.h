// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/frequent_values.h"
#include "app/engine/expert/duplicate_watch.h"
#include "app/engine/expert/key_watch.h"
#include "app/engine/expert/schema_watch.h"

#include <array>

namespace weir::expert {

/// What is remarkable about the records of a topic. One thread adds, each partition in its order; several are merged.
class StreamNotes
{
public:
    void add(const RecordBatchPtr& batch);
    void merge(const StreamNotes& other); ///< of other partitions; nothing is added afterwards

    std::uint64_t records() const { return m_records; }
    /// Worst first; nothing where all is well.
    std::vector<StreamNote> notes() const;

private:
    /// What is remembered of a partition.
    struct Partition
    {
        std::uint64_t records = 0;
        EpochMs newest = 0; ///< timestamp
        std::int64_t newestOffset = -1;
        SchemaWatch schema;
    };

    void addGaps(const RecordBatch& batch);
    void addTime(const RecordBatch& batch, std::size_t row, Partition& partition);
    void addValue(const RecordBatch& batch, std::size_t row, Partition& partition);
    void addSize(const RecordBatch& batch, std::size_t row);
    StreamNote noteOf(NoteKind kind, NoteLevel level, std::string text) const;
    const NotedPlaces& placesOf(NoteKind kind) const { return m_places[static_cast<std::size_t>(kind)]; }
    NotedPlaces& placesOf(NoteKind kind) { return m_places[static_cast<std::size_t>(kind)]; }
    void tellValues(std::vector<StreamNote>& notes) const;
    void tellOrder(std::vector<StreamNote>& notes) const;
    void tellKeys(std::vector<StreamNote>& notes) const;
    void tellLoad(std::vector<StreamNote>& notes) const;

    std::uint64_t m_records = 0;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_keyed = 0;
    std::uint64_t m_json = 0; ///< values that are JSON
    std::uint64_t m_objects = 0; ///< of these, objects
    std::uint64_t m_missing = 0; ///< offsets
    std::int64_t m_largestStepBack = 0; ///< ms
    std::map<GapReason, std::uint64_t> m_missingBy;
    std::map<PartitionId, Partition> m_partitions;
    std::map<PartitionId, std::uint64_t> m_counts; ///< records by partition
    std::array<NotedPlaces, static_cast<std::size_t>(NoteKind::Skew) + 1> m_places;
    DuplicateWatch m_duplicates;
    KeyWatch m_keys;
    aggregate::FrequentValues m_frequent{5};
    std::unique_ptr<JsonMembers> m_reader = std::make_unique<JsonMembers>();
};

/// "compacted", "not told by the source" …
const char* nameOf(GapReason reason);

} // namespace weir::expert
