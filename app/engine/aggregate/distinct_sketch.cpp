// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/distinct_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace weir::aggregate {

namespace {

constexpr int indexBits = 12;
constexpr std::size_t registers = std::size_t{1} << indexBits;

/// Spreads what little differs between the hashes of similar keys over all bits (the finalizer of MurmurHash 3): the
/// registers look at leading bits, where one multiplication leaves traces of the keys.
std::uint64_t spread(std::uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 33;
    hash *= 0xc4ceb9fe1a85ec53ULL;
    return hash ^ (hash >> 33);
}

} // namespace

void DistinctSketch::add(std::uint64_t raw)
{
    addSpread(spread(raw));
}

void DistinctSketch::addSpread(std::uint64_t hash)
{
    if (!m_registers.empty())
        return addHash(hash);
    const auto place = std::lower_bound(m_hashes.begin(), m_hashes.end(), hash);
    if (place != m_hashes.end() && *place == hash)
        return;
    m_hashes.insert(place, hash);
    if (m_hashes.size() > static_cast<std::size_t>(exactUpTo))
        makeRegisters();
}

void DistinctSketch::makeRegisters()
{
    m_registers.assign(registers, 0);
    for (const std::uint64_t hash : m_hashes)
        addHash(hash);
    m_hashes = std::vector<std::uint64_t>(); // gives the memory back, too
}

/// The register of the hash's upper bits holds the longest run of zeros, plus one, seen in the lower bits.
void DistinctSketch::addHash(std::uint64_t hash)
{
    const std::uint64_t rest = (hash << indexBits) | (std::uint64_t{1} << (indexBits - 1)); // ends the run
    const auto rank = static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
    std::uint8_t& kept = m_registers[hash >> (64 - indexBits)];
    kept = std::max(kept, rank);
}

void DistinctSketch::merge(const DistinctSketch& other)
{
    if (other.m_registers.empty()) {
        for (const std::uint64_t hash : other.m_hashes)
            addSpread(hash);
        return;
    }
    if (m_registers.empty())
        makeRegisters();
    for (std::size_t i = 0; i < registers; ++i)
        m_registers[i] = std::max(m_registers[i], other.m_registers[i]);
}

std::int64_t DistinctSketch::estimate() const
{
    if (m_registers.empty())
        return static_cast<std::int64_t>(m_hashes.size());
    constexpr double m = registers;
    constexpr double alpha = 0.7213 / (1 + 1.079 / m);
    double sum = 0;
    std::size_t zeros = 0;
    for (const std::uint8_t rank : m_registers) {
        sum += std::ldexp(1.0, -rank);
        zeros += rank == 0 ? 1 : 0;
    }
    const double raw = alpha * m * m / sum;
    // Below 2.5 m the empty registers tell more than the full ones.
    if (raw <= 2.5 * m && zeros > 0)
        return std::llround(m * std::log(m / static_cast<double>(zeros)));
    return std::llround(raw);
}

std::size_t DistinctSketch::memoryBytes() const
{
    return m_hashes.capacity() * sizeof(std::uint64_t) + m_registers.capacity();
}

} // namespace weir::aggregate
