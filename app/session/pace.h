// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <string>

namespace weir {

/// "original" (1), "flat" out (0), or a factor such as "2" or "0.5x".
Result<double> parsePace(const std::string& text);

} // namespace weir
