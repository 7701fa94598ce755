// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"

#include <string>

namespace weir {

/// One value that is not NULL and not nested, for the eye: exact, no quotes, times with all digits of their type.
void appendScalar(std::string& out, const Column& column, std::size_t row);

/// The shortest text that reads back as the same number; JSON-safe for finite values.
void appendNumber(std::string& out, double value);
void appendNumber(std::string& out, float value);

} // namespace weir
