// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::aggregate {

/// How many different hashes were added, with a standard error of 1.6 % (HyperLogLog, Flajolet et al. 2007, with 4,096
/// registers). Exact to within a hash collision while there are few. Order of adding and merging does not show.
class DistinctSketch
{
public:
    static constexpr double standardError = 0.01625;
    static constexpr std::int64_t exactUpTo = 256; ///< different hashes; half of what the registers take

    void add(std::uint64_t hash);
    void merge(const DistinctSketch& other);
    std::int64_t estimate() const;
    std::size_t memoryBytes() const;

private:
    void addSpread(std::uint64_t hash);
    void addHash(std::uint64_t hash);
    void makeRegisters();

    std::vector<std::uint64_t> m_hashes; ///< sorted; until there are too many
    std::vector<std::uint8_t> m_registers;
};

} // namespace weir::aggregate
