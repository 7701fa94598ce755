// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_tokens.h"
#include "app/engine/event/packed_value.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// What became of one value that was read as a column's type or as a part of it.
enum class NestedOutcome : std::uint8_t {
    Stored,
    Null,
    Bad, ///< the type cannot be made of it
    Broken, ///< it is no JSON; the tokens know why
};

/// Reads JSON as one ROW, ARRAY, MAP or MULTISET, or as an element of such, by the rules that hold for whole columns.
/// One thread; holds one value at a time.
class NestedTarget
{
public:
    /// How the elements of a value are read, and whether one of them became NULL since it was bad.
    struct Reading
    {
        JsonTokens& tokens;
        bool ignoreParseErrors = false;
        bool failOnMissingField = false;
        bool repaired = false;
    };

    NestedTarget(const LogicalType& type, TimestampStandard standard);
    NestedTarget(const NestedTarget&) = delete;
    NestedTarget& operator=(const NestedTarget&) = delete;

    void setHeap(const std::shared_ptr<StringHeap>& heap);
    /// `place` is moved behind the value, unless that is broken.
    NestedOutcome read(JsonTokens::Place& place, Reading& reading, int depth);
    /// The value read last, if it was stored and is nested.
    std::string_view bytesIn(StringHeap& heap) const { return m_elements.bytesIn(heap); }
    bool fits() const { return m_elements.fits(); }

private:
    NestedOutcome readScalar(JsonTokens::Place& place, Reading& reading, int depth);
    NestedOutcome readRow(JsonTokens::Place& place, Reading& reading, int depth);
    NestedOutcome readArray(JsonTokens::Place& place, Reading& reading, int depth);
    NestedOutcome readMap(JsonTokens::Place& place, Reading& reading, int depth);
    NestedOutcome readElement(JsonTokens::Place& place, NestedTarget& element, Reading& reading, int depth);
    /// The bytes of the value read last; nothing for NULL.
    std::optional<std::string> element(NestedOutcome outcome) const;
    /// The value read last, or NULL, as an element of the value around it.
    void addTo(PackedBuilder& elements, NestedOutcome outcome) const;

    LogicalType m_type;
    Column m_scalar; ///< one row, for a type that is not nested
    std::optional<ScalarTarget> m_target;
    std::vector<std::unique_ptr<NestedTarget>> m_children; ///< fields of a ROW; else what the elements are
    std::vector<NestedOutcome> m_outcomes; ///< by field of a ROW
    std::map<std::string, std::optional<std::string>, std::less<>> m_pairs; ///< of a MAP, by key: equal ones look alike
    PackedBuilder m_elements;
};

} // namespace weir
