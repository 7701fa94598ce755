// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/row_bits.h"

#include <algorithm>
#include <bit>

namespace weir {

namespace {

std::size_t asIndex(std::int64_t number)
{
    return static_cast<std::size_t>(number);
}

} // namespace

void RowBits::add(std::int64_t first, std::int64_t rows, std::span<const std::uint32_t> chosen)
{
    const std::lock_guard lock(m_mutex);
    const std::int64_t end = first + rows;
    // Blocks that begin behind what was decided so far begin with all that is chosen by then.
    const auto openBlocks = [this](std::int64_t until) {
        while (static_cast<std::int64_t>(m_ranks.size()) * rowsPerBlock < until) {
            m_ranks.push_back(m_count);
            m_words.resize(m_ranks.size() * asIndex(wordsPerBlock));
        }
    };
    for (const std::uint32_t one : chosen) {
        const std::int64_t row = first + one;
        openBlocks(row + 1);
        m_words[asIndex(row / 64)] |= std::uint64_t{1} << (row % 64);
        ++m_count;
    }
    openBlocks(end);
    m_decided = end;
}

std::int64_t RowBits::decided() const
{
    const std::lock_guard lock(m_mutex);
    return m_decided;
}

std::int64_t RowBits::count() const
{
    const std::lock_guard lock(m_mutex);
    return m_count;
}

std::int64_t RowBits::rowOf(std::int64_t index) const
{
    const std::lock_guard lock(m_mutex);
    const auto behind = std::upper_bound(m_ranks.begin(), m_ranks.end(), index);
    const auto block = (behind - m_ranks.begin()) - 1;
    std::int64_t left = index - m_ranks[asIndex(block)];
    std::int64_t word = block * wordsPerBlock;
    for (int bits = std::popcount(m_words[asIndex(word)]); left >= bits; bits = std::popcount(m_words[asIndex(word)])) {
        left -= bits;
        ++word;
    }
    std::uint64_t rest = m_words[asIndex(word)];
    for (; left > 0; --left)
        rest &= rest - 1;
    return word * 64 + std::countr_zero(rest);
}

bool RowBits::contains(std::int64_t row) const
{
    const std::lock_guard lock(m_mutex);
    return row >= 0 && row < m_decided && (m_words[static_cast<std::size_t>(row / 64)] >> (row % 64) & 1) != 0;
}

std::int64_t RowBits::countBefore(std::int64_t row) const
{
    const std::lock_guard lock(m_mutex);
    if (row <= 0)
        return 0;
    if (row >= m_decided)
        return m_count;
    const std::int64_t block = row / rowsPerBlock;
    std::int64_t before = m_ranks[asIndex(block)];
    for (std::int64_t word = block * wordsPerBlock; word < row / 64; ++word)
        before += std::popcount(m_words[asIndex(word)]);
    const std::uint64_t below = (std::uint64_t{1} << (row % 64)) - 1;
    return before + std::popcount(m_words[asIndex(row / 64)] & below);
}

std::size_t RowBits::memoryBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_words.capacity() * sizeof(std::uint64_t) + m_ranks.capacity() * sizeof(std::int64_t);
}

} // namespace weir
