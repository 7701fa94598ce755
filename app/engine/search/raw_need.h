// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <string>
#include <vector>

namespace weir::search {

/// What the bytes of a record must hold for a condition to be true of it. Says "may" too often, never too seldom.
struct RawNeed
{
    enum class Kind : std::uint8_t {
        Nothing, ///< any record may match
        Text, ///< a text in the JSON value, as it stands, or hidden behind an escape
        Digits, ///< the same of an integer, which could also be written with an exponent or in other scripts' digits
        Key, ///< the key is exactly `bytes`
        All, ///< of `parts`
        Any, ///< of `parts`
    };

    Kind kind = Kind::Nothing;
    std::string bytes;
    std::vector<RawNeed> parts;

    bool isNothing() const { return kind == Kind::Nothing; }
    bool mayMatch(const RecordBatch& batch, std::size_t row) const;
};

/// Both have to hold, and one of both; what demands nothing falls away.
RawNeed bothOf(RawNeed left, RawNeed right);
RawNeed eitherOf(RawNeed left, RawNeed right);

/// The longest part of `text` that a JSON value must hold as it stands when a string in it has that text; empty where
/// there is none: numbers and nested values become texts in other words than were written.
std::string plainPart(std::string_view text);

} // namespace weir::search
