// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace weir::sql {

/// A duration as Flink's options write it: "2s", "500 ms", "1 min"; a bare number is milliseconds.
std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);

} // namespace weir::sql
