// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/batch_encoder.h"

#include "connectors/capture/big_endian.h"
#include "connectors/capture/crc32c.h"
#include "connectors/capture/varint.h"

namespace weir::capture {

namespace {

constexpr std::size_t targetBytes = std::size_t{1} << 20;
constexpr EpochMs noTimestamp = -1;
constexpr std::size_t longestVarint = 10;

EpochMs timeOf(const RecordBatch& records, std::size_t row)
{
    return records.timestampType(row) == TimestampType::NotAvailable ? noTimestamp : records.timestamp(row);
}

char* writeBytes(char* out, std::string_view bytes)
{
    if (!bytes.empty())
        std::memcpy(out, bytes.data(), bytes.size());
    return out + bytes.size();
}

char* writeField(char* out, const std::optional<std::string_view>& bytes)
{
    if (!bytes)
        return writeVarint(out, -1);
    return writeBytes(writeVarint(out, static_cast<std::int64_t>(bytes->size())), *bytes);
}

std::size_t fieldSize(const std::optional<std::string_view>& bytes)
{
    return bytes ? varintSize(static_cast<std::int64_t>(bytes->size())) + bytes->size() : varintSize(-1);
}

/// What a record's size in front of it counts.
std::size_t bodySize(const RecordBatch& records, std::size_t row, std::int64_t timeDelta, std::int64_t offsetDelta)
{
    const std::size_t headers = records.headerCount(row);
    std::size_t size = 1 + varintSize(timeDelta) + varintSize(offsetDelta) + fieldSize(records.key(row))
        + fieldSize(records.value(row)) + varintSize(static_cast<std::int64_t>(headers));
    for (std::size_t h = 0; h < headers; ++h) {
        const Header header = records.header(row, h);
        size += fieldSize(header.name) + fieldSize(header.value);
    }
    return size;
}

void appendRecord(
    ByteBuffer& out, const RecordBatch& records, std::size_t row, std::int64_t timeDelta, std::int64_t offsetDelta)
{
    const std::size_t size = bodySize(records, row, timeDelta, offsetDelta);
    char* const begin = out.room(size + longestVarint);
    char* at = writeVarint(begin, static_cast<std::int64_t>(size));
    *at++ = 0; // attributes: none is in use
    at = writeVarint(at, timeDelta);
    at = writeVarint(at, offsetDelta);
    at = writeField(at, records.key(row));
    at = writeField(at, records.value(row));
    const std::size_t headers = records.headerCount(row);
    at = writeVarint(at, static_cast<std::int64_t>(headers));
    for (std::size_t h = 0; h < headers; ++h) {
        const Header header = records.header(row, h);
        at = writeField(at, header.name);
        at = writeField(at, header.value);
    }
    out.commit(static_cast<std::size_t>(at - begin));
}

BatchHeader headerOf(const RecordBatch& records, std::span<const std::uint32_t> rows, Codec codec)
{
    const std::size_t first = rows.front();
    BatchHeader header;
    header.baseOffset = records.offset(first);
    header.lastOffsetDelta = static_cast<std::int32_t>(records.offset(rows.back()) - header.baseOffset);
    header.leaderEpoch = records.leaderEpoch(first).value_or(-1);
    header.attributes = static_cast<std::uint16_t>(codec);
    if (records.timestampType(first) == TimestampType::LogAppendTime)
        header.attributes |= logAppendTimeBit;
    header.baseTimestamp = header.maxTimestamp = timeOf(records, first);
    header.recordCount = static_cast<std::int32_t>(rows.size());
    return header;
}

} // namespace

std::size_t BatchEncoder::rowsOfNext(const RecordBatch& records, std::span<const std::uint32_t> rows)
{
    const std::size_t first = rows.front();
    const TimestampType type = records.timestampType(first);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t row = rows[i];
        bytes += records.recordBytes(row);
        const bool fits = i == 0
            || (bytes <= targetBytes && records.timestampType(row) == type
                && records.leaderEpoch(row) == records.leaderEpoch(first)
                && (type != TimestampType::LogAppendTime || records.timestamp(row) == records.timestamp(first))
                && records.offset(row) - records.offset(first) < INT32_MAX);
        if (!fits)
            return i;
    }
    return rows.size();
}

Result<BatchHeader> BatchEncoder::encode(
    const RecordBatch& records, std::span<const std::uint32_t> rows, ByteBuffer& out, SchemaIds* met)
{
    BatchHeader header = headerOf(records, rows, m_codec);
    const std::size_t begin = out.size();
    out.room(batchHeaderBytes);
    out.commit(batchHeaderBytes);
    m_plain.clear();
    ByteBuffer& body = m_codec == Codec::None ? out : m_plain;
    for (const std::uint32_t row : rows) {
        const EpochMs time = timeOf(records, row);
        header.maxTimestamp = std::max(header.maxTimestamp, time);
        if (met)
            met->add(records, row);
        appendRecord(body, records, row, time - header.baseTimestamp, records.offset(row) - header.baseOffset);
    }
    if (m_codec != Codec::None) {
        if (auto packed = compress(m_codec, m_plain.bytes(), out); !packed)
            return packed.error();
    }
    const std::size_t total = out.size() - begin;
    if (total > longestBatch)
        return Error{ErrorKind::ResourceLimit, "the record is larger than the 256 MiB that a batch can have on disk.",
            records.topic() + "/" + std::to_string(records.partition().value) + " offset "
                + std::to_string(header.baseOffset)};
    header.length = static_cast<std::int32_t>(total - lengthFieldEnd);
    char* const batch = out.data() + begin;
    storeHeader(header, batch);
    header.checksum = crc32c({batch + checkedFrom, total - checkedFrom});
    storeBig(batch + 17, header.checksum);
    return header;
}

} // namespace weir::capture
