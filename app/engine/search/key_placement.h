// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <optional>
#include <string>
#include <string_view>

namespace weir::search {

/// How producers turn a key into a partition.
enum class Partitioner : std::uint8_t {
    Murmur2, ///< of the Java clients
    Crc32, ///< of librdkafka, unless told otherwise
};

PartitionId partitionOf(Partitioner partitioner, std::string_view key, std::size_t partitions);

/// Looks at where the keys of a sample lie. One thread.
class KeyPlacement
{
public:
    explicit KeyPlacement(std::size_t partitions) : m_partitions(partitions) { }

    void add(const RecordBatch& batch);
    /// The partitioner by which every key of the sample lies where it lies; nothing where none explains all of them, or
    /// the sample says too little.
    std::optional<Partitioner> partitioner() const;
    std::size_t keys() const { return m_keys; } ///< that were looked at

private:
    static constexpr std::size_t fewest = 24;

    const std::size_t m_partitions;
    std::size_t m_keys = 0;
    std::size_t m_explained[2] = {0, 0};
    std::string m_last; ///< a key that repeats says nothing new
};

} // namespace weir::search
