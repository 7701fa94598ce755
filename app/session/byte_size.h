// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <cstddef>
#include <string>

namespace weir {

/// Less memory cannot hold a client's queues.
constexpr std::size_t leastMemory = std::size_t{64} << 20;

/// "256MiB", "1 GiB", "64M" (binary), "1048576" -> bytes, `least` or more.
Result<std::size_t> parseByteSize(const std::string& text, std::size_t least = leastMemory);

/// "512 B", "1.5 KiB", "2.0 GiB".
std::string byteSizeText(std::size_t bytes);

} // namespace weir
