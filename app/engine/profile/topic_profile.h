// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/quantile_sketch.h"
#include "app/engine/decode/infer_fields.h"
#include "app/engine/decode/json_decoder.h"
#include "app/engine/profile/field_profile.h"

#include <map>

namespace weir::profile {

/// Sizes of a part of records, in bytes. Quantiles are within QuantileSketch::relativeError.
struct SizeProfile
{
    std::uint64_t nulls = 0;
    std::uint64_t empties = 0;
    std::uint64_t bytes = 0;
    std::uint64_t largest = 0;
    std::uint64_t present = 0; ///< not null
    aggregate::QuantileSketch quantiles; ///< of those that are not null

    void add(const std::optional<std::string_view>& part);
    void merge(const SizeProfile& other);
};

/// What the records of a topic are. One thread adds; several are merged.
class TopicProfile
{
public:
    /// The fields are those to look at in JSON values; none for values of another kind.
    explicit TopicProfile(const InferredFields& fields);

    void add(const RecordBatchPtr& batch);
    void merge(const TopicProfile& other); ///< of the same fields

    std::uint64_t records() const { return m_records; }
    const SizeProfile& keys() const { return m_keys; }
    const SizeProfile& values() const { return m_values; }
    std::uint64_t withHeaders() const { return m_withHeaders; }
    std::int64_t distinctKeys() const { return m_distinctKeys.estimate(); }
    const aggregate::FrequentValues& topKeys() const { return m_topKeys; }
    const std::map<PartitionId, std::uint64_t>& partitions() const { return m_partitions; } ///< records by partition
    /// Most records that a partition has, to the mean of all; 1 is even, 0 without records.
    double skew() const;
    /// Records by the hour of their timestamp: hours since 1970. Bounded: the oldest leave.
    const std::map<std::int64_t, std::uint64_t>& hours() const { return m_hours; }
    std::uint64_t withoutTime() const { return m_withoutTime; }
    std::uint64_t regressions() const { return m_regressions; } ///< timestamps before the one in front, in a partition
    std::uint64_t undecodable() const { return m_undecodable; } ///< values that are no JSON
    const std::vector<FieldProfile>& fields() const { return m_fields; }
    static constexpr std::size_t topKeyCount = 10;

private:
    void addTime(const RecordBatch& batch, std::size_t row);
    void addFields(const RecordBatchPtr& batch);

    std::uint64_t m_records = 0;
    std::uint64_t m_withHeaders = 0;
    std::uint64_t m_withoutTime = 0;
    std::uint64_t m_regressions = 0;
    std::uint64_t m_undecodable = 0;
    SizeProfile m_keys;
    SizeProfile m_values;
    aggregate::DistinctSketch m_distinctKeys;
    aggregate::FrequentValues m_topKeys{topKeyCount};
    std::map<PartitionId, std::uint64_t> m_partitions;
    std::map<PartitionId, EpochMs> m_newest;
    std::map<std::int64_t, std::uint64_t> m_hours;
    std::vector<FieldProfile> m_fields;
    std::optional<JsonDecoder> m_decoder;
};

} // namespace weir::profile
