// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/record/record_batch.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace weir {

namespace {

std::size_t lengthOf(const std::optional<std::string_view>& bytes)
{
    return bytes ? bytes->size() : 0;
}

} // namespace

Record RecordBatch::record(std::size_t i) const
{
    const Entry& entry = m_entries[i];
    Record record;
    record.partition = m_partition;
    record.offset = entry.offset;
    record.timestamp = entry.timestamp;
    record.timestampType = entry.timestampType;
    record.key = view(entry.key);
    record.value = view(entry.value);
    record.headers.reserve(entry.headerCount);
    for (std::size_t h = 0; h < entry.headerCount; ++h)
        record.headers.push_back(header(i, h));
    if (entry.leaderEpoch != unknownEpoch)
        record.leaderEpoch = entry.leaderEpoch;
    return record;
}

std::size_t RecordBatch::recordBytes(std::size_t i) const
{
    std::size_t bytes = lengthOf(key(i)) + lengthOf(value(i));
    for (std::size_t h = 0; h < headerCount(i); ++h) {
        const Header one = header(i, h);
        bytes += one.name.size() + lengthOf(one.value);
    }
    return bytes;
}

std::size_t RecordBatch::memoryBytes() const
{
    return sizeof(RecordBatch) + m_arenaCapacity + padding + m_entries.capacity() * sizeof(Entry)
        + m_headers.capacity() * sizeof(HeaderEntry) + m_gaps.capacity() * sizeof(Gap);
}

RecordBatchBuilder::RecordBatchBuilder(std::shared_ptr<const std::string> topic, PartitionId partition, BatchSize size)
    : m_batch(new RecordBatch)
{
    m_batch->m_topic = std::move(topic);
    m_batch->m_partition = partition;
    m_batch->m_entries.reserve(size.records);
    m_batch->m_headers.reserve(size.headers);
    m_batch->m_arena.reset(new char[size.bytes + RecordBatch::padding]);
    m_batch->m_arenaCapacity = size.bytes;
}

RecordBatchBuilder::~RecordBatchBuilder() = default;
RecordBatchBuilder::RecordBatchBuilder(RecordBatchBuilder&&) noexcept = default;
RecordBatchBuilder& RecordBatchBuilder::operator=(RecordBatchBuilder&&) noexcept = default;

bool RecordBatchBuilder::hasRoomFor(std::size_t bytes) const
{
    return m_batch->m_entries.size() < m_batch->m_entries.capacity()
        && m_batch->m_arenaSize + bytes <= m_batch->m_arenaCapacity;
}

RecordBatch::Slice RecordBatchBuilder::append(std::optional<std::string_view> bytes)
{
    if (!bytes)
        return {};
    assert(m_batch->m_arenaSize + bytes->size() <= m_batch->m_arenaCapacity);
    const RecordBatch::Slice slice{
        static_cast<std::uint32_t>(m_batch->m_arenaSize), static_cast<std::int32_t>(bytes->size())};
    if (!bytes->empty())
        std::memcpy(m_batch->m_arena.get() + m_batch->m_arenaSize, bytes->data(), bytes->size());
    m_batch->m_arenaSize += bytes->size();
    m_batch->m_payloadBytes += bytes->size();
    return slice;
}

void RecordBatchBuilder::add(std::int64_t offset, EpochMs timestamp, TimestampType type,
    std::optional<std::string_view> key, std::optional<std::string_view> value)
{
    RecordBatch::Entry entry;
    entry.offset = offset;
    entry.timestamp = timestamp;
    entry.timestampType = type;
    entry.key = append(key);
    entry.value = append(value);
    entry.firstHeader = static_cast<std::uint32_t>(m_batch->m_headers.size());
    m_batch->m_entries.push_back(entry);
}

void RecordBatchBuilder::addHeader(std::string_view name, std::optional<std::string_view> value)
{
    assert(!m_batch->m_entries.empty());
    const RecordBatch::Slice nameSlice = append(name);
    m_batch->m_headers.push_back({nameSlice, append(value)});
    ++m_batch->m_entries.back().headerCount;
}

void RecordBatchBuilder::addPlaced(
    std::int64_t offset, EpochMs timestamp, TimestampType type, RecordBatch::Slice key, RecordBatch::Slice value)
{
    RecordBatch::Entry entry;
    entry.offset = offset;
    entry.timestamp = timestamp;
    entry.timestampType = type;
    entry.key = key;
    entry.value = value;
    entry.firstHeader = static_cast<std::uint32_t>(m_batch->m_headers.size());
    m_batch->m_entries.push_back(entry);
    m_batch->m_payloadBytes +=
        static_cast<std::size_t>(std::max(key.length, 0)) + static_cast<std::size_t>(std::max(value.length, 0));
}

void RecordBatchBuilder::addPlacedHeader(RecordBatch::Slice name, RecordBatch::Slice value)
{
    assert(!m_batch->m_entries.empty());
    m_batch->m_headers.push_back({name, value});
    ++m_batch->m_entries.back().headerCount;
    m_batch->m_payloadBytes +=
        static_cast<std::size_t>(name.length) + static_cast<std::size_t>(std::max(value.length, 0));
}

void RecordBatchBuilder::removeFrom(std::size_t count)
{
    RecordBatch& batch = *m_batch;
    const auto bytesOf = [](const RecordBatch::Slice& slice) {
        return static_cast<std::size_t>(std::max(slice.length, 0));
    };
    while (batch.m_entries.size() > count) {
        const RecordBatch::Entry& last = batch.m_entries.back();
        batch.m_payloadBytes -= bytesOf(last.key) + bytesOf(last.value);
        for (; batch.m_headers.size() > last.firstHeader; batch.m_headers.pop_back())
            batch.m_payloadBytes -= bytesOf(batch.m_headers.back().name) + bytesOf(batch.m_headers.back().value);
        batch.m_entries.pop_back();
    }
}

void RecordBatchBuilder::setLeaderEpoch(std::int32_t epoch)
{
    m_batch->m_entries.back().leaderEpoch = epoch;
}

void RecordBatchBuilder::addGap(Gap gap)
{
    m_batch->m_gaps.push_back(gap);
}

/// A batch may be held for long: what is left over of a guess leaves. A little is not worth a copy.
void RecordBatchBuilder::giveBack()
{
    RecordBatch& batch = *m_batch;
    if (isWasteful(batch.m_entries.size(), batch.m_entries.capacity()))
        batch.m_entries.shrink_to_fit();
    if (!isWasteful(batch.m_arenaSize, batch.m_arenaCapacity))
        return;
    std::unique_ptr<char[]> exact(new char[batch.m_arenaSize + RecordBatch::padding]);
    std::memcpy(exact.get(), batch.m_arena.get(), batch.m_arenaSize);
    batch.m_arena = std::move(exact);
    batch.m_arenaCapacity = batch.m_arenaSize;
}

RecordBatchPtr RecordBatchBuilder::handOver(EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget)
{
    std::memset(m_batch->m_arena.get() + m_batch->m_arenaSize, 0, RecordBatch::padding);
    m_batch->m_receiveTime = receiveTime;
    const std::size_t bytes = m_batch->memoryBytes();
    m_batch->m_lease = MemoryLease(std::move(budget), MemoryUse::Arenas, bytes);
    return std::move(m_batch);
}

RecordBatchPtr RecordBatchBuilder::finish(EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget)
{
    giveBack();
    return handOver(receiveTime, std::move(budget));
}

RecordBatchPtr RecordBatchBuilder::finishOver(
    std::unique_ptr<char[]> arena, ArenaSize size, EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget)
{
    m_batch->m_arena = std::move(arena);
    m_batch->m_arenaSize = size.used;
    m_batch->m_arenaCapacity = size.capacity;
    giveBack();
    return handOver(receiveTime, std::move(budget));
}

RecordBatchPtr RecordBatchBuilder::finishCopy(
    std::span<const char> bytes, std::size_t from, EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget)
{
    const auto move = [from](RecordBatch::Slice& slice) {
        slice.position = slice.length > 0 ? slice.position - static_cast<std::uint32_t>(from) : 0;
    };
    for (RecordBatch::Entry& entry : m_batch->m_entries) {
        move(entry.key);
        move(entry.value);
    }
    for (RecordBatch::HeaderEntry& header : m_batch->m_headers) {
        move(header.name);
        move(header.value);
    }
    std::unique_ptr<char[]> arena(new char[bytes.size() + RecordBatch::padding]);
    std::memcpy(arena.get(), bytes.data(), bytes.size());
    return finishOver(std::move(arena), {bytes.size(), bytes.size()}, receiveTime, std::move(budget));
}

RecordBatchPtr copyOf(
    const RecordBatch& batch, std::span<const std::uint32_t> rows, std::shared_ptr<MemoryBudget> budget)
{
    BatchSize size{rows.size(), 0, 0};
    for (const std::uint32_t row : rows) {
        size.headers += batch.headerCount(row);
        size.bytes += batch.recordBytes(row);
    }
    RecordBatchBuilder builder(batch.m_topic, batch.partition(), size);
    for (const std::uint32_t row : rows) {
        builder.add(
            batch.offset(row), batch.timestamp(row), batch.timestampType(row), batch.key(row), batch.value(row));
        for (std::size_t h = 0; h < batch.headerCount(row); ++h) {
            const Header header = batch.header(row, h);
            builder.addHeader(header.name, header.value);
        }
        if (const auto epoch = batch.leaderEpoch(row))
            builder.setLeaderEpoch(*epoch);
    }
    return builder.finish(batch.receiveTime(), std::move(budget));
}

} // namespace weir
