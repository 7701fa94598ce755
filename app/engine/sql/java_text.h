// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace weir::sql {

/// Java's Double.toString and Float.toString: plain from 0.001 to 10,000,000, "1.0E10" beyond, always a digit behind
/// the point.
std::string javaText(double value);
std::string javaText(float value);

} // namespace weir::sql
