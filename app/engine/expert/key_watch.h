// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir::expert {

/// In which partitions keys stand. Keeps a sample of keys that halves itself when it gets too large, by hash, so that
/// several threads keep the same keys.
class KeyWatch
{
public:
    static constexpr std::size_t mostKeys = 100'000;

    void add(const RecordBatch& batch, std::size_t row);
    void merge(const KeyWatch& other);

    /// A key that stands in more than one partition.
    struct Spread
    {
        std::string key; ///< its first bytes
        std::vector<PartitionId> partitions;
        PartitionId partition; ///< of the record that left the key's first partition
        std::int64_t offset = 0;
    };
    std::vector<Spread> spread() const;
    std::size_t keys() const { return m_keys.size(); } ///< that were looked at
    std::uint64_t oneOf() const { return std::uint64_t{1} << m_halvings; } ///< one key of so many was looked at

private:
    struct First
    {
        EpochMs time = 0;
        std::int64_t offset = 0;
    };
    struct Key
    {
        std::string text;
        std::map<PartitionId, First> partitions; ///< the first record in each
    };
    bool isSampled(std::uint64_t hash) const;
    void halve();

    std::unordered_map<std::uint64_t, Key> m_keys;
    unsigned m_halvings = 0;
};

} // namespace weir::expert
