// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"
#include "app/engine/event/timestamp_text.h"

#include <string_view>

namespace weir {

/// What a JSON scalar is, before it becomes a column's value.
enum class JsonScalarKind : std::uint8_t { Number, String, True, False, Container };

struct JsonScalar
{
    JsonScalarKind kind = JsonScalarKind::String;
    std::string_view text; ///< the number's digits, the string's content (unescaped), or a container's compact text
};

/// Puts a scalar into row `row` of `column` the way Flink's JSON format converts it: "12" is an INT, 1.9 as INT is 1,
/// anything but "true" is FALSE as BOOLEAN, a number too wide for its DECIMAL is NULL. False when it cannot be
/// converted. String values are not copied: `scalar.text` must live as long as the column.
bool storeScalar(Column& column, std::size_t row, const JsonScalar& scalar, TimestampStandard standard);

} // namespace weir
