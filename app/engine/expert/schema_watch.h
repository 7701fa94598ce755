// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_members.h"
#include "app/engine/expert/stream_note.h"
#include "connectors/record/record_batch.h"

#include <map>
#include <string>

namespace weir::expert {

/// Watches the top-level fields of JSON objects in one partition: tells of a field that comes, goes or has another type
/// than before, once the first hundreds of values have shown what is usual.
class SchemaWatch
{
public:
    enum class Value : std::uint8_t { Object, OtherJson, Broken, None };
    /// What the value is; changes that it shows go to `changes`.
    Value add(const RecordBatch& batch, std::size_t row, JsonMembers& reader, NotedPlaces& changes);

private:
    static constexpr std::uint64_t usualAfter = 500; ///< values
    static constexpr std::size_t mostFields = 1'000;

    struct Field
    {
        unsigned types = 0; ///< bits of those that were seen
        std::uint64_t count = 0; ///< values that had it
        std::uint64_t newest = 0; ///< number of the newest value that had it
        bool missed = false; ///< its absence was told
    };

    void look(const std::vector<NamedScalar>& members, const NotePlace& place, NotedPlaces& changes);
    void lookForGone(const NotePlace& place, NotedPlaces& changes);

    std::map<std::string, Field, std::less<>> m_fields;
    std::uint64_t m_objects = 0;
    std::uint64_t m_always = 0; ///< fields that every value has had
};

} // namespace weir::expert
