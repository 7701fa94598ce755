// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace weir::capture {

/// CRC-32C (Castagnoli), as in Kafka's record batches: by the processor's own instruction where it has one. `before` is
/// the checksum of what stands in front.
std::uint32_t crc32c(std::span<const char> bytes, std::uint32_t before = 0);

/// The same without that instruction.
std::uint32_t crc32cPortable(std::span<const char> bytes, std::uint32_t before = 0);

} // namespace weir::capture
