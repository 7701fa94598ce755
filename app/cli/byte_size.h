// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <cstddef>
#include <string>

namespace weir::cli {

/// "256MiB", "1 GiB", "64M" (binary), "1048576" -> bytes. At least 64 MiB, since less cannot hold a client's queues.
Result<std::size_t> parseByteSize(const std::string& text);

/// "512 B", "1.5 KiB", "2.0 GiB".
std::string byteSizeText(std::size_t bytes);

} // namespace weir::cli
