// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace weir {

/// Number of a partition within its topic. Its own type, so that it is never mixed up with an offset or an index.
struct PartitionId
{
    std::int32_t value = 0;
    auto operator<=>(const PartitionId&) const = default;
};

struct TopicPartition
{
    std::string topic;
    PartitionId partition;
    auto operator<=>(const TopicPartition&) const = default;
    /// "orders/3"
    std::string text() const { return topic + "/" + std::to_string(partition.value); }
};

} // namespace weir

template <>
struct std::hash<weir::PartitionId>
{
    std::size_t operator()(weir::PartitionId id) const noexcept { return std::hash<std::int32_t>()(id.value); }
};

template <>
struct std::hash<weir::TopicPartition>
{
    std::size_t operator()(const weir::TopicPartition& tp) const noexcept
    {
        return std::hash<std::string>()(tp.topic) * 31 + std::hash<weir::PartitionId>()(tp.partition);
    }
};
