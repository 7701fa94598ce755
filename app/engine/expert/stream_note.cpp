// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/expert/stream_note.h"

#include <algorithm>

namespace weir::expert {

const char* nameOf(NoteKind kind)
{
    switch (kind) {
    case NoteKind::Poison:
        return "poison record";
    case NoteKind::Gap:
        return "offset gap";
    case NoteKind::Duplicate:
        return "duplicate";
    case NoteKind::KeyOrder:
        return "key order";
    case NoteKind::TimeRegression:
        return "timestamp regression";
    case NoteKind::SchemaChange:
        return "schema change";
    case NoteKind::Oversized:
        return "oversized record";
    case NoteKind::HotKey:
        return "hot key";
    case NoteKind::Skew:
        return "partition skew";
    }
    return "";
}

const char* nameOf(NoteLevel level)
{
    return level == NoteLevel::Error ? "error" : level == NoteLevel::Warning ? "warning" : "note";
}

void NotedPlaces::merge(const NotedPlaces& other)
{
    m_count += other.m_count;
    m_places.insert(m_places.end(), other.m_places.begin(), other.m_places.end());
    std::stable_sort(m_places.begin(), m_places.end(), [](const NotePlace& a, const NotePlace& b) {
        return std::pair(a.partition, a.offset) < std::pair(b.partition, b.offset);
    });
    if (m_places.size() > mostPlaces)
        m_places.resize(mostPlaces);
}

} // namespace weir::expert
