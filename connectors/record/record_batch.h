// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/memory_budget.h"
#include "connectors/record/record.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace weir {

/// Why offsets of a requested range carry no record.
enum class GapReason : std::uint8_t { Control, Aborted, Compacted, Retention, Undecodable, Filtered, Dropped, NotTold };

/// Offsets [first, end) of the batch's partition that hold no record here, with the reason.
struct Gap
{
    std::int64_t first = 0;
    std::int64_t end = 0;
    GapReason reason = GapReason::NotTold;
    bool operator==(const Gap&) const = default;
};

class RecordBatch;
using RecordBatchPtr = std::shared_ptr<const RecordBatch>;

/// Records of one partition in offset order. Immutable once built, shared by everyone downstream; owns one arena of
/// bytes with `padding` readable bytes behind the last record (simdjson reads beyond the end of what it parses).
class RecordBatch
{
public:
    static constexpr std::size_t padding = 64;

    /// Where bytes stand in the arena.
    struct Slice
    {
        std::uint32_t position = 0;
        std::int32_t length = -1; ///< -1 is null
    };

    std::size_t size() const { return m_entries.size(); }
    bool empty() const { return m_entries.empty(); }
    const std::string& topic() const { return *m_topic; }
    PartitionId partition() const { return m_partition; }
    /// When this batch left the client library: one reading per poll. 0 when nobody wrote that down, as in a log
    /// folder.
    EpochMs receiveTime() const { return m_receiveTime; }
    std::span<const Gap> gaps() const { return m_gaps; }

    std::int64_t offset(std::size_t i) const { return m_entries[i].offset; }
    EpochMs timestamp(std::size_t i) const { return m_entries[i].timestamp; }
    TimestampType timestampType(std::size_t i) const { return m_entries[i].timestampType; }
    std::optional<std::string_view> key(std::size_t i) const { return view(m_entries[i].key); }
    std::optional<std::string_view> value(std::size_t i) const { return view(m_entries[i].value); }
    /// Unknown on a live Kafka read through librdkafka.
    std::optional<std::int32_t> leaderEpoch(std::size_t i) const
    {
        const std::int32_t epoch = m_entries[i].leaderEpoch;
        return epoch == unknownEpoch ? std::nullopt : std::optional(epoch);
    }
    std::size_t headerCount(std::size_t i) const { return m_entries[i].headerCount; }
    Header header(std::size_t i, std::size_t h) const
    {
        const HeaderEntry& entry = m_headers[m_entries[i].firstHeader + h];
        return {{m_arena.get() + entry.name.position, static_cast<std::size_t>(entry.name.length)}, view(entry.value)};
    }
    /// All of one record; headers are collected, so not for hot loops.
    Record record(std::size_t i) const;

    /// Key, value and header bytes of all records, without `padding`.
    std::size_t payloadBytes() const { return m_payloadBytes; }
    /// Bytes of key, value and headers of one record.
    std::size_t recordBytes(std::size_t i) const;
    /// What the batch holds in memory, book-keeping included.
    std::size_t memoryBytes() const;

private:
    friend class RecordBatchBuilder;
    friend RecordBatchPtr copyOf(const RecordBatch&, std::span<const std::uint32_t>, std::shared_ptr<MemoryBudget>);

    struct Entry
    {
        std::int64_t offset = 0;
        EpochMs timestamp = 0;
        Slice key;
        Slice value;
        std::uint32_t firstHeader = 0;
        std::uint32_t headerCount = 0;
        std::int32_t leaderEpoch = unknownEpoch;
        TimestampType timestampType = TimestampType::NotAvailable;
    };
    struct HeaderEntry
    {
        Slice name;
        Slice value;
    };
    static constexpr std::int32_t unknownEpoch = -1;

    RecordBatch() = default;
    std::optional<std::string_view> view(Slice slice) const
    {
        if (slice.length < 0)
            return std::nullopt;
        return std::string_view(m_arena.get() + slice.position, static_cast<std::size_t>(slice.length));
    }

    std::shared_ptr<const std::string> m_topic;
    PartitionId m_partition;
    EpochMs m_receiveTime = 0;
    std::vector<Entry> m_entries;
    std::vector<HeaderEntry> m_headers;
    std::vector<Gap> m_gaps;
    std::unique_ptr<char[]> m_arena;
    std::size_t m_arenaSize = 0; ///< used
    std::size_t m_payloadBytes = 0;
    std::size_t m_arenaCapacity = 0; ///< without padding
    MemoryLease m_lease;
};

/// These rows of a batch as one of its own, with nothing between them said of. `budget` may be null.
RecordBatchPtr copyOf(
    const RecordBatch& batch, std::span<const std::uint32_t> rows, std::shared_ptr<MemoryBudget> budget);

/// What a builder reserves before the first byte is copied. Exact sizes make one allocation do; with a generous guess,
/// finish() gives back what was not needed.
struct BatchSize
{
    std::size_t records = 0;
    std::size_t headers = 0;
    std::size_t bytes = 0; ///< keys, values, header names and values together; less than 4 GiB
};

/// How much of an arena is in use, and how much there is without padding.
struct ArenaSize
{
    std::size_t used = 0;
    std::size_t capacity = 0;
};

/// Copies records into one arena. Sizes are reserved up front; going beyond them is a programming error (asserted for
/// bytes, harmless for counts). Use once.
class RecordBatchBuilder
{
public:
    RecordBatchBuilder(std::shared_ptr<const std::string> topic, PartitionId partition, BatchSize size);
    ~RecordBatchBuilder();
    RecordBatchBuilder(RecordBatchBuilder&&) noexcept;
    RecordBatchBuilder& operator=(RecordBatchBuilder&&) noexcept;

    /// Whether one more record of `bytes` fits into what was reserved.
    bool hasRoomFor(std::size_t bytes) const;

    /// Header names and values are added to the record that add() added last.
    void add(std::int64_t offset, EpochMs timestamp, TimestampType type, std::optional<std::string_view> key,
        std::optional<std::string_view> value);
    void addHeader(std::string_view name, std::optional<std::string_view> value);
    void setLeaderEpoch(std::int32_t epoch);
    void addGap(Gap gap);

    /// Hands the batch over; `budget` may be null, otherwise the batch's memory is booked until it dies.
    RecordBatchPtr finish(EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget);

    /// For a reader that has the bytes already: where they stand in the arena that finishOver() takes over.
    void addPlaced(
        std::int64_t offset, EpochMs timestamp, TimestampType type, RecordBatch::Slice key, RecordBatch::Slice value);
    void addPlacedHeader(RecordBatch::Slice name, RecordBatch::Slice value);
    void reserve(std::size_t records) { m_batch->m_entries.reserve(records); }
    std::size_t size() const { return m_batch->m_entries.size(); }
    std::int64_t offset(std::size_t i) const { return m_batch->m_entries[i].offset; }
    bool hasGaps() const { return !m_batch->m_gaps.empty(); }
    /// Takes the newest records back: size() is `count` afterwards. For records added by addPlaced() alone.
    void removeFrom(std::size_t count);
    /// `arena` has `capacity` bytes and `RecordBatch::padding` more; the first `used` of them are read.
    RecordBatchPtr finishOver(
        std::unique_ptr<char[]> arena, ArenaSize size, EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget);
    /// Whether finishOver() would take over bytes most of which no record needs.
    static bool isWasteful(std::size_t used, std::size_t capacity) { return used < capacity - capacity / 4; }
    /// Instead of finishOver(), where the arena is needed further: the records stand in `bytes`, which begin at
    /// position `from` of it, and are copied.
    RecordBatchPtr finishCopy(
        std::span<const char> bytes, std::size_t from, EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget);

private:
    RecordBatch::Slice append(std::optional<std::string_view> bytes);
    RecordBatchPtr handOver(EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget);
    void giveBack();

    std::shared_ptr<RecordBatch> m_batch;
};

} // namespace weir
