// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record.h"

#include <cstdint>
#include <string>
#include <vector>

namespace weir::expert {

enum class NoteKind : std::uint8_t {
    Poison, ///< values that cannot be decoded among such that can
    Gap, ///< offsets without a record
    Duplicate, ///< the same record twice
    KeyOrder, ///< a key in several partitions: nothing orders its records
    TimeRegression, ///< a timestamp before the one in front
    SchemaChange, ///< a field that came, went, or has another type
    Oversized,
    HotKey,
    Skew, ///< partitions with far more records than others
};

/// Worst first.
enum class NoteLevel : std::uint8_t { Error, Warning, Note };

/// "poison record", "offset gap" …
const char* nameOf(NoteKind kind);
const char* nameOf(NoteLevel level);

/// A record that a note is about.
struct NotePlace
{
    PartitionId partition;
    std::int64_t offset = 0;
    std::string detail; ///< what is to be seen there
};

struct StreamNote
{
    NoteKind kind = NoteKind::Gap;
    NoteLevel level = NoteLevel::Note;
    std::uint64_t count = 0; ///< of what the text counts
    std::string text; ///< a sentence
    std::vector<NotePlace> places; ///< the first of them, by partition and offset
    std::string key; ///< of a hot key
};

/// Counts all, and keeps the first places.
class NotedPlaces
{
public:
    static constexpr std::size_t mostPlaces = 1'000;

    void add(NotePlace place)
    {
        ++m_count;
        if (m_places.size() < mostPlaces)
            m_places.push_back(std::move(place));
    }
    /// Whether the detail of one more place is wanted.
    bool hasRoom() const { return m_places.size() < mostPlaces; }
    void count() { ++m_count; } ///< one more, without its place
    void merge(const NotedPlaces& other);
    std::uint64_t size() const { return m_count; }
    const std::vector<NotePlace>& places() const { return m_places; }

private:
    std::uint64_t m_count = 0;
    std::vector<NotePlace> m_places;
};

} // namespace weir::expert
