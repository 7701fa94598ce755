// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/logical_type.h"
#include "app/engine/event/timestamp_text.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What a sample of JSON values says about their fields.
struct InferredFields
{
    Schema fields; ///< in the order in which they first appeared; all nullable
    std::string timeField; ///< the field that looks most like the event's time; empty if none does
    TimestampStandard standard = TimestampStandard::Iso8601;
    std::size_t objects = 0; ///< values that were JSON objects
};

/// Integers become BIGINT, plain decimals DECIMAL with room, other numbers DOUBLE, texts that are times TIMESTAMP(3) or
/// TIMESTAMP_LTZ(3), nested values and mixtures STRING. A field that is always null is left out.
InferredFields inferFields(const std::vector<std::string_view>& values);

} // namespace weir
