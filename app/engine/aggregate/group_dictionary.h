// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"

#include <cstdint>
#include <span>
#include <vector>

namespace weir::aggregate {

/// Gives every different key a dense number, 0, 1, 2, … in order of first sight. A key is one value per column; NULL is
/// a value like others. Keeps copies of the keys. Open addressing over 64-bit hashes; keys are compared column by
/// column for all rows at once. One thread at a time.
class GroupDictionary
{
public:
    explicit GroupDictionary(const std::vector<LogicalType>& keyTypes);

    std::size_t size() const { return m_hashes.size(); }
    /// Makes room for `count` keys.
    void reserve(std::size_t count);
    /// The group of each row in `rows`, new keys added; groups[i] belongs to rows[i], hashes as hashRows() made them.
    void assign(std::span<const Column* const> keys, std::span<const std::uint32_t> rows,
        std::span<const std::uint64_t> hashes, std::vector<std::uint32_t>& groups);
    /// The same for all keys of another dictionary (of the same types); `all` are their numbers, 0, 1, 2, …
    void assign(const GroupDictionary& other, std::span<const std::uint32_t> all, std::vector<std::uint32_t>& groups);

    /// Keys by group, one column per key column.
    const std::vector<Column>& keys() const { return m_keys; }
    std::size_t memoryBytes() const;

private:
    struct Slot
    {
        std::uint32_t group = empty;
        std::uint32_t tag = 0; ///< upper half of the hash: most other keys are told apart without a look at them
    };
    static constexpr std::uint32_t empty = 0xffffffffU;

    std::uint32_t candidate(std::span<const Column* const> keys, std::uint32_t row, std::uint64_t hash);
    std::uint32_t find(std::span<const Column* const> keys, std::uint32_t row, std::uint64_t hash);
    std::uint32_t append(std::span<const Column* const> keys, std::uint32_t row, std::uint64_t hash, std::size_t slot);
    std::uint32_t number(std::uint64_t hash, std::size_t slot);
    template <typename T>
    void assignOne(const Column& key, std::span<const std::uint32_t> rows, std::span<const std::uint64_t> hashes,
        std::vector<std::uint32_t>& groups);
    void resizeSlots(std::size_t count);

    std::vector<Column> m_keys;
    std::vector<std::uint64_t> m_hashes; ///< by group
    std::vector<Slot> m_slots; ///< a power of two, at most a quarter full: few keys meet another one
    std::vector<std::uint8_t> m_wrong; ///< scratch
};

} // namespace weir::aggregate
