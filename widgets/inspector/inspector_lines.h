// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace weir::inspector {

/// Bytes [first, end) of one layer. Empty: the node has no bytes of its own.
struct ByteSpan
{
    qint64 first = 0;
    qint64 end = 0;

    bool isEmpty() const { return end <= first; }
    qint64 length() const { return isEmpty() ? 0 : end - first; }
    bool contains(const ByteSpan& other) const { return first <= other.first && other.end <= end; }
    bool operator==(const ByteSpan&) const = default;
};

/// What a value is to the eye; colours come from the theme.
enum class ValueClass : std::uint8_t { Plain, String, Number, Boolean, Null, Container, Note, Error };

/// One line of a tree in reading order: a node stands in front of its children, which are deeper.
struct InspectorLine
{
    int depth = 0;
    QString key;
    QString type; ///< "long : timestamp-millis"; may be empty
    QString value; ///< display text, as short as the caller likes; copied in full
    ValueClass valueClass = ValueClass::Plain;
    ByteSpan bytes;
    int layer = 0; ///< which buffer `bytes` speaks of: the owner's own numbers (value, key, header 0…)
    bool foldable = false;
    bool folded = false; ///< at first
    bool strong = false; ///< sections: Record, Headers, Key, Value
};

} // namespace weir::inspector
