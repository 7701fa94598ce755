// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace weir {

/// What the first JSON value of some bytes is. Syntax alone: no numbers are computed, nothing is allocated.
enum class JsonShape : unsigned char {
    Invalid, ///< no JSON value at the beginning, or nested deeper than 512
    Scalar,
    Container, ///< an object or an array
};

/// Walks the first value; text after it is ignored, as when events are decoded. Linear, for hostile bytes.
JsonShape jsonShape(std::string_view text);

/// One object or array, and nothing behind it but white space.
bool isJsonContainer(std::string_view text);

} // namespace weir
