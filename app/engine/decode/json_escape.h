// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// The content of a JSON string, without its quotes, as it is meant. Nothing where an escape is none of JSON's. Half a
/// surrogate pair becomes U+003F, as in Flink, whose strings cannot hold it either.
std::optional<std::string> unescapeJson(std::string_view content);

} // namespace weir
