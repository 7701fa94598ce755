// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/batch_header.h"

#include "connectors/capture/big_endian.h"
#include "connectors/capture/crc32c.h"

namespace weir::capture {

BatchHeader loadHeader(const char* bytes)
{
    BatchHeader header;
    header.baseOffset = loadBig<std::int64_t>(bytes);
    header.length = loadBig<std::int32_t>(bytes + 8);
    header.leaderEpoch = loadBig<std::int32_t>(bytes + 12);
    header.magic = static_cast<std::int8_t>(bytes[16]);
    header.checksum = loadBig<std::uint32_t>(bytes + 17);
    header.attributes = loadBig<std::uint16_t>(bytes + 21);
    header.lastOffsetDelta = loadBig<std::int32_t>(bytes + 23);
    header.baseTimestamp = loadBig<std::int64_t>(bytes + 27);
    header.maxTimestamp = loadBig<std::int64_t>(bytes + 35);
    header.producerId = loadBig<std::int64_t>(bytes + 43);
    header.producerEpoch = loadBig<std::int16_t>(bytes + 51);
    header.baseSequence = loadBig<std::int32_t>(bytes + 53);
    header.recordCount = loadBig<std::int32_t>(bytes + 57);
    return header;
}

void storeHeader(const BatchHeader& header, char* bytes)
{
    storeBig(bytes, header.baseOffset);
    storeBig(bytes + 8, header.length);
    storeBig(bytes + 12, header.leaderEpoch);
    bytes[16] = static_cast<char>(header.magic);
    storeBig(bytes + 17, header.checksum);
    storeBig(bytes + 21, header.attributes);
    storeBig(bytes + 23, header.lastOffsetDelta);
    storeBig(bytes + 27, header.baseTimestamp);
    storeBig(bytes + 35, header.maxTimestamp);
    storeBig(bytes + 43, header.producerId);
    storeBig(bytes + 51, header.producerEpoch);
    storeBig(bytes + 53, header.baseSequence);
    storeBig(bytes + 57, header.recordCount);
}

bool isPlausible(const BatchHeader& header)
{
    constexpr std::int32_t fixed = batchHeaderBytes - lengthFieldEnd;
    return header.magic == 2 && header.length >= fixed && header.totalBytes() <= longestBatch && header.baseOffset >= 0
        && header.lastOffsetDelta >= 0 && header.baseOffset <= INT64_MAX - header.lastOffsetDelta - 1
        && header.recordCount >= 0 && header.recordCount <= header.lastOffsetDelta + std::int64_t{1}
    && header.codecNumber() <= static_cast<std::uint8_t>(Codec::Zstd);
}

bool isIntact(const BatchHeader& header, std::span<const char> batch)
{
    return crc32c(batch.subspan(checkedFrom)) == header.checksum;
}

std::uint32_t frontChecksum(const char* bytes)
{
    return crc32c({bytes, checkedFrom});
}

} // namespace weir::capture
