// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/byte_buffer.h"
#include "connectors/record/result.h"

#include <optional>
#include <string_view>

namespace weir::capture {

/// How the records of a batch are compressed; the numbers are Kafka's.
enum class Codec : std::uint8_t { None, Gzip, Snappy, Lz4, Zstd };

/// "none", "gzip", "snappy", "lz4", "zstd".
std::string_view codecName(Codec codec);
std::optional<Codec> codecOf(std::string_view name);

/// Appends `bytes` compressed, in the form that Kafka's own clients write and read. Not for Codec::None.
Result<void> compress(Codec codec, std::span<const char> bytes, ByteBuffer& out);

/// Decompressed bytes that are allowed for `compressed` ones: 256 MiB at most, and above 16 MiB no more than 200 times
/// the input.
std::size_t decompressionLimit(std::size_t compressed);

/// Appends what `bytes` were. Trusts no size that they tell: memory grows with what really comes out, to `limit` bytes
/// and no further (ErrorKind::ResourceLimit). Bytes that are no valid stream, or stand behind it: ErrorKind::Corrupt.
Result<void> decompress(Codec codec, std::span<const char> bytes, std::size_t limit, ByteBuffer& out);

} // namespace weir::capture
