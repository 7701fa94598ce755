// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <random>
#include <string>

namespace weir::test {

/// How the records of a test look.
struct RecordShape
{
    bool gaps = true; ///< jumps between offsets, told or not
    bool appendTime = true; ///< some batches have log append time
    bool noTime = false; ///< some records have no timestamp
    bool epochs = false; ///< some batches have a leader epoch
    std::size_t largest = 300; ///< bytes of most values
};

/// Makes batches of one partition, offsets going on from batch to batch: nulls, empties, bytes of all kinds, headers
/// that repeat, times that go back. The same seed gives the same ones.
class RandomRecords
{
public:
    RandomRecords(std::uint32_t seed, std::string topic, int partition, RecordShape shape = {});

    RecordBatchPtr next(std::size_t count);
    std::int64_t nextOffset() const { return m_offset; }

private:
    int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(m_random); }
    std::string bytes(std::size_t size);
    std::optional<std::string> field(std::size_t largest);
    void addOne(RecordBatchBuilder& builder, EpochMs time, TimestampType type);

    std::mt19937 m_random;
    std::shared_ptr<const std::string> m_topic;
    PartitionId m_partition;
    RecordShape m_shape;
    std::int64_t m_offset = 0;
    EpochMs m_time = 1'700'000'000'000;
};

/// All records of some batches by offset, owned by themselves.
struct KeptRecord
{
    std::int64_t offset = 0;
    EpochMs timestamp = 0;
    TimestampType type = TimestampType::NotAvailable;
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
    std::optional<std::int32_t> epoch;
    bool operator==(const KeptRecord&) const = default;
};

void keep(const RecordBatch& batch, std::vector<KeptRecord>& into);

} // namespace weir::test
