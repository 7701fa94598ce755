// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/key_placement.h"

#include <cstring>
#include <zlib.h>

namespace weir::search {

namespace {

/// MurmurHash 2 of 32 bits with Kafka's seed.
std::uint32_t murmur2(std::string_view key)
{
    constexpr std::uint32_t multiplier = 0x5bd1e995;
    std::uint32_t hash = 0x9747b28cU ^ static_cast<std::uint32_t>(key.size());
    std::size_t at = 0;
    for (; at + 4 <= key.size(); at += 4) {
        std::uint32_t word = 0;
        for (std::size_t i = 0; i < 4; ++i)
            word |= static_cast<std::uint32_t>(static_cast<unsigned char>(key[at + i])) << (8 * i);
        word *= multiplier;
        word ^= word >> 24;
        word *= multiplier;
        hash = (hash * multiplier) ^ word;
    }
    for (std::size_t rest = key.size() - at; rest > 0; --rest) {
        hash ^= static_cast<std::uint32_t>(static_cast<unsigned char>(key[at + rest - 1])) << (8 * (rest - 1));
        if (rest == 1)
            hash *= multiplier;
    }
    hash ^= hash >> 13;
    hash *= multiplier;
    hash ^= hash >> 15;
    return hash;
}

std::uint32_t hashOf(Partitioner partitioner, std::string_view key)
{
    if (partitioner == Partitioner::Murmur2)
        return murmur2(key) & 0x7fffffffU;
    return static_cast<std::uint32_t>(
        ::crc32(0, reinterpret_cast<const unsigned char*>(key.data()), static_cast<unsigned>(key.size())));
}

} // namespace

PartitionId partitionOf(Partitioner partitioner, std::string_view key, std::size_t partitions)
{
    return PartitionId{static_cast<std::int32_t>(hashOf(partitioner, key) % partitions)};
}

void KeyPlacement::add(const RecordBatch& batch)
{
    for (std::size_t row = 0; m_partitions > 0 && row < batch.size(); ++row) {
        const auto key = batch.key(row);
        if (!key || key->empty() || *key == m_last)
            continue;
        m_last = *key;
        ++m_keys;
        for (const Partitioner one : {Partitioner::Murmur2, Partitioner::Crc32})
            m_explained[static_cast<std::size_t>(one)] += partitionOf(one, *key, m_partitions) == batch.partition();
    }
}

std::optional<Partitioner> KeyPlacement::partitioner() const
{
    for (const Partitioner one : {Partitioner::Murmur2, Partitioner::Crc32}) {
        if (m_keys >= fewest && m_partitions > 1 && m_explained[static_cast<std::size_t>(one)] == m_keys)
            return one;
    }
    return std::nullopt;
}

} // namespace weir::search
