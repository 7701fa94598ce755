// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"
#include "app/engine/event/timestamp_text.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What becomes of a MAP entry whose key is NULL; JSON has none.
enum class NullKey : std::uint8_t { Literal, Drop, Fail };

/// How JSON writes what it has no types for. As it stands: for people and tests, every digit in sight.
struct JsonStyle
{
    bool decimalsAsText = true; ///< "12.50"; else numbers without zeros behind, as Flink's JSON format has them
    bool plainDecimals = false; ///< numbers never with an exponent
    TimestampStandard timestamps = TimestampStandard::Sql;
    bool allDigits = true; ///< of times: as many as their type has; else as many as they need
    bool nullFields = true; ///< of objects: written; else left out
    NullKey nullKey = NullKey::Literal;
    std::string nullKeyName = "null"; ///< Literal
};

/// One value: integers with all digits, NaN and infinities as text, TIMESTAMP_LTZ in UTC with a Z, BYTES as Base64, ROW
/// and MAP as objects, ARRAY as array. False: a MAP has a key that is NULL, and the style says Fail.
bool appendJsonValue(std::string& out, const Column& column, std::size_t row, const JsonStyle& style = {});

/// A name and a column with its values.
struct JsonMember
{
    std::string_view name;
    const Column* column = nullptr;
};

/// One row as an object of these members.
bool appendJsonObject(
    std::string& out, const std::vector<JsonMember>& members, std::size_t row, const JsonStyle& style);

} // namespace weir
