// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/logical_type.h"
#include "app/engine/event/value_types.h"

#include <optional>

namespace weir {

/// An unscaled value with its scale.
struct DecimalValue
{
    Int128 unscaled = 0;
    int scale = 0;
};

/// The exact result, rounded half up to the scale of `type`; nothing when it has more digits than `type` (SQL: NULL).
/// Intermediate values have 256 bits, so only the result counts.
std::optional<Int128> addDecimals(DecimalValue a, DecimalValue b, const LogicalType& type);
/// The scale of `type` is at most the sum of both.
std::optional<Int128> multiplyDecimals(DecimalValue a, DecimalValue b, const LogicalType& type);
std::optional<Int128> divideDecimals(DecimalValue a, DecimalValue b, const LogicalType& type); ///< b is not zero
std::optional<Int128> moduloDecimals(DecimalValue a, DecimalValue b, const LogicalType& type); ///< b is not zero

/// Below 0, 0 or above 0, whatever the scales are.
int compareDecimals(DecimalValue a, DecimalValue b);

/// The nearest DOUBLE.
double decimalToDouble(Int128 unscaled, int scale);

} // namespace weir
