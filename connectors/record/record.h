// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"
#include "connectors/record/topic_partition.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace weir {

enum class TimestampType : std::uint8_t { NotAvailable, CreateTime, LogAppendTime };

/// One header; names may repeat, values may be null.
struct Header
{
    std::string_view name;
    std::optional<std::string_view> value;
    bool operator==(const Header&) const = default;
};

/// A view of one record inside a RecordBatch; valid as long as the batch lives. null (nullopt) is not empty.
struct Record
{
    PartitionId partition;
    std::int64_t offset = 0;
    EpochMs timestamp = 0; ///< 0 when `timestampType` is NotAvailable
    TimestampType timestampType = TimestampType::NotAvailable;
    std::optional<std::string_view> key;
    std::optional<std::string_view> value;
    std::vector<Header> headers;
    std::optional<std::int32_t> leaderEpoch; ///< unknown on a live Kafka read through librdkafka

    bool operator==(const Record&) const = default;
};

} // namespace weir
