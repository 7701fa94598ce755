// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/batch_decoder.h"

#include "connectors/capture/big_endian.h"
#include "connectors/capture/varint.h"

namespace weir::capture {

namespace {

constexpr EpochMs noTimestamp = -1;

Error broken(const BatchHeader& header, std::string_view what)
{
    return {ErrorKind::Corrupt,
        "the batch at offset " + std::to_string(header.baseOffset)
            + " has the right checksum but broken records: " + std::string(what) + ".",
        {}};
}

/// Walks the records of one batch.
class RecordWalk
{
public:
    /// The records stand in `arena` from `begin` on, up to its end.
    RecordWalk(const BatchHeader& header, std::span<const char> arena, std::size_t begin, OffsetRange range)
        : m_header(header), m_range(range), m_arena(arena.data()),
          m_body(arena.data() + begin, arena.data() + arena.size())
    { }

    /// Null if the records are right; else what is wrong, and the good ones in front of it have been added.
    const char* run(RecordBatchBuilder& builder)
    {
        std::int64_t lastDelta = -1;
        for (std::int32_t i = 0; i < m_header.recordCount; ++i) {
            const std::int32_t length = m_body.length();
            if (m_body.failed() || length < 1)
                return "a length is wrong";
            VarintReader record(m_body.at(), m_body.at() + length);
            m_body.skip(length);
            if (const char* wrong = one(record, lastDelta, builder))
                return wrong;
        }
        return m_body.left() == 0 ? nullptr : "bytes behind the last one";
    }

private:
    RecordBatch::Slice slice(VarintReader& record) const
    {
        const std::int32_t length = record.length();
        const RecordBatch::Slice found{static_cast<std::uint32_t>(record.at() - m_arena), length};
        record.skip(length);
        return found;
    }

    const char* one(VarintReader& record, std::int64_t& lastDelta, RecordBatchBuilder& builder)
    {
        record.skip(1); // attributes
        const std::int64_t timeDelta = record.number();
        const std::int64_t offsetDelta = record.number();
        const RecordBatch::Slice key = slice(record);
        const RecordBatch::Slice value = slice(record);
        const std::int64_t headers = record.number();
        if (record.failed() || headers < 0)
            return "a field is longer than its record";
        if (offsetDelta <= lastDelta || offsetDelta > m_header.lastOffsetDelta)
            return "offsets out of order";
        lastDelta = offsetDelta;
        const std::int64_t offset = m_header.baseOffset + offsetDelta;
        const bool wanted = offset >= m_range.first && offset < m_range.end;
        if (wanted)
            add(builder, timeDelta, offset, {key, value});
        for (std::int64_t h = 0; h < headers; ++h) {
            const RecordBatch::Slice name = slice(record);
            const RecordBatch::Slice header = slice(record);
            if (record.failed() || name.length < 0)
                return "a header is broken";
            if (wanted)
                builder.addPlacedHeader(name, header);
        }
        return record.left() == 0 ? nullptr : "bytes behind a record";
    }

    struct Payload
    {
        RecordBatch::Slice key;
        RecordBatch::Slice value;
    };

    void add(RecordBatchBuilder& builder, std::int64_t timeDelta, std::int64_t offset, const Payload& payload) const
    {
        const bool append = m_header.isLogAppendTime();
        // Wraps where a hostile sum would overflow.
        const auto sum = static_cast<EpochMs>(
            static_cast<std::uint64_t>(m_header.baseTimestamp) + static_cast<std::uint64_t>(timeDelta));
        const EpochMs time = append ? m_header.maxTimestamp : sum;
        const bool none = !append && time == noTimestamp;
        const TimestampType type = append ? TimestampType::LogAppendTime
            : none                        ? TimestampType::NotAvailable
                                          : TimestampType::CreateTime;
        builder.addPlaced(offset, none ? 0 : time, type, payload.key, payload.value);
        if (m_header.leaderEpoch >= 0)
            builder.setLeaderEpoch(m_header.leaderEpoch);
    }

    const BatchHeader& m_header;
    const OffsetRange m_range;
    const char* m_arena;
    VarintReader m_body;
};

Result<void> walk(const BatchHeader& header, std::span<const char> arena, std::size_t begin,
    RecordBatchBuilder& records, OffsetRange range)
{
    if (arena.size() > UINT32_MAX)
        return Error{ErrorKind::ResourceLimit, "the batches of one read are larger than 4 GiB.", {}};
    const std::size_t before = records.size();
    const char* wrong = RecordWalk(header, arena, begin, range).run(records);
    if (!wrong)
        return {};
    records.removeFrom(before);
    return broken(header, wrong);
}

} // namespace

Result<void> placeRecords(
    std::span<const char> arena, std::size_t place, RecordBatchBuilder& records, OffsetRange range)
{
    const BatchHeader header = loadHeader(arena.data() + place);
    return walk(header, arena.first(place + header.totalBytes()), place + batchHeaderBytes, records, range);
}

Result<void> decodeBatch(const BatchHeader& header, std::span<const char> batch, DecodedRecords& out, OffsetRange range)
{
    const std::span<const char> body = batch.subspan(batchHeaderBytes);
    const std::size_t begin = out.arena.size();
    Result<void> decoded;
    if (header.codecNumber() == 0)
        out.arena.append(body);
    else
        decoded =
            decompress(static_cast<Codec>(header.codecNumber()), body, decompressionLimit(body.size()), out.arena);
    if (decoded)
        decoded = walk(header, out.arena.bytes(), begin, out.records, range);
    if (!decoded)
        out.arena.resize(begin);
    return decoded;
}

RecordBatchPtr DecodedRecords::finish(EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget) &&
{
    arena.reserve(1); // a batch of nulls has no bytes, but an arena with its padding
    const ArenaSize size{arena.size(), arena.capacity()};
    return records.finishOver(arena.release(), size, receiveTime, std::move(budget));
}

ControlType controlTypeOf(const BatchHeader& header, std::span<const char> body)
{
    if (header.recordCount < 1 || header.codecNumber() != 0)
        return ControlType::Other;
    VarintReader record(body.data(), body.data() + body.size());
    record.number(); // length
    record.skip(record.left() > 0 ? 1 : 0);
    record.number(); // time
    record.number(); // offset
    const std::int32_t keyLength = record.length();
    if (record.failed() || keyLength < 4)
        return ControlType::Other;
    switch (loadBig<std::int16_t>(record.at() + 2)) { // behind the version
    case 0:
        return ControlType::Abort;
    case 1:
        return ControlType::Commit;
    default:
        return ControlType::Other;
    }
}

} // namespace weir::capture
