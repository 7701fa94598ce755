// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/codec.h"
#include "connectors/record/record.h"

#include <cstdint>
#include <optional>
#include <span>

namespace weir::capture {

/// Sizes of Kafka's record batch, format version 2 (bytes).
constexpr std::size_t batchHeaderBytes = 61;
constexpr std::size_t lengthFieldEnd = 12; ///< base offset and length: what `BatchHeader::length` does not count
constexpr std::size_t checkedFrom = 21; ///< the checksum covers what stands from here on
/// A batch that says it is longer is none. Kafka's own limit is a setting of the topic, 1 MiB where nobody changed it.
constexpr std::size_t longestBatch = std::size_t{256} << 20;

/// The front of a record batch. Nothing in it is believed until the checksum has been compared; base offset and leader
/// epoch stand outside of that.
struct BatchHeader
{
    std::int64_t baseOffset = 0;
    std::int32_t length = 0; ///< bytes behind the length field
    std::int32_t leaderEpoch = -1; ///< -1: unknown
    std::int8_t magic = 2;
    std::uint32_t checksum = 0;
    std::uint16_t attributes = 0;
    std::int32_t lastOffsetDelta = 0;
    EpochMs baseTimestamp = 0;
    EpochMs maxTimestamp = 0;
    std::int64_t producerId = -1;
    std::int16_t producerEpoch = -1;
    std::int32_t baseSequence = -1;
    std::int32_t recordCount = 0;

    std::size_t totalBytes() const { return lengthFieldEnd + static_cast<std::size_t>(length); }
    std::int64_t lastOffset() const { return baseOffset + lastOffsetDelta; }
    std::int64_t endOffset() const { return lastOffset() + 1; }
    std::uint8_t codecNumber() const { return attributes & 7; }
    bool isLogAppendTime() const { return (attributes & 8) != 0; }
    bool isTransactional() const { return (attributes & 16) != 0; }
    bool isControl() const { return (attributes & 32) != 0; }
};

constexpr std::uint16_t logAppendTimeBit = 8;

/// Reads the front of a batch; `bytes` has at least batchHeaderBytes.
BatchHeader loadHeader(const char* bytes);
void storeHeader(const BatchHeader& header, char* bytes);

/// Whether a header can be one at all: version, lengths and counts within what the format allows.
bool isPlausible(const BatchHeader& header);

/// Whether the checksum holds. `batch` is the whole batch.
bool isIntact(const BatchHeader& header, std::span<const char> batch);

/// Checksum of the bytes before checkedFrom, with which a capture vouches for base offset and leader epoch too.
std::uint32_t frontChecksum(const char* bytes);

} // namespace weir::capture
