// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace weir {

/// Which rows of a store are chosen: one bit per row, found by rank and by number without walking. Thread-safe: one
/// adds, any ask.
class RowBits
{
public:
    /// The rows [first, first + rows) are decided: of these, `chosen` (counted from `first`, ascending). `first` is not
    /// before the end of what was decided before; rows that are left out are not chosen.
    void add(std::int64_t first, std::int64_t rows, std::span<const std::uint32_t> chosen);

    std::int64_t decided() const; ///< one past the last row that was
    std::int64_t count() const; ///< of chosen rows
    /// The chosen row that has so many chosen ones before it; `index` is below count().
    std::int64_t rowOf(std::int64_t index) const;
    bool contains(std::int64_t row) const;
    /// How many chosen rows stand before `row`.
    std::int64_t countBefore(std::int64_t row) const;
    std::size_t memoryBytes() const;

private:
    static constexpr std::int64_t wordsPerBlock = 64;
    static constexpr std::int64_t rowsPerBlock = wordsPerBlock * 64;

    mutable std::mutex m_mutex; ///< guards what follows
    std::vector<std::uint64_t> m_words;
    std::vector<std::int64_t> m_ranks; ///< chosen rows before each block
    std::int64_t m_decided = 0;
    std::int64_t m_count = 0;
};

} // namespace weir
