// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/logical_type.h"
#include "app/engine/event/value_types.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir {

/// One bit per row, set = valid. No words at all means that every row is valid, which most columns are.
class Validity
{
public:
    bool allValid() const { return m_words.empty(); }
    bool valid(std::size_t row) const { return m_words.empty() || ((m_words[row / 64] >> (row % 64)) & 1U) != 0; }
    /// `size` is the number of rows of the column: the bitmap comes into being with the first NULL.
    void setNull(std::size_t row, std::size_t size)
    {
        ensure(size);
        m_words[row / 64] &= ~(std::uint64_t{1} << (row % 64));
    }
    /// A row appended behind the others; costs nothing while no row is NULL.
    void appendValid(std::size_t row)
    {
        if (m_words.empty())
            return;
        ensure(row + 1);
        m_words[row / 64] |= std::uint64_t{1} << (row % 64);
    }
    void clear() { m_words.clear(); }

private:
    void ensure(std::size_t size)
    {
        const std::size_t words = (size + 63) / 64;
        if (m_words.size() < words)
            m_words.resize(words, ~std::uint64_t{0});
    }

    std::vector<std::uint64_t> m_words;
};

/// Owns the bytes of strings that are not slices of a record's payload (unescaped JSON, results of functions). Grows in
/// blocks, so views stay valid as long as the heap lives. Not thread-safe while it grows.
class StringHeap
{
public:
    std::string_view add(std::string_view bytes);
    /// Room for `size` bytes to write into; the caller makes the view.
    char* allocate(std::size_t size);
    std::size_t bytes() const { return m_bytes; }

private:
    static constexpr std::size_t blockSize = 16 * 1024;

    std::vector<std::unique_ptr<char[]>> m_blocks;
    std::size_t m_left = 0;
    char* m_next = nullptr;
    std::size_t m_bytes = 0;
};

/// Values of one type for all rows of a batch. The vector for the type's PhysicalType holds `size()` elements; elements
/// of NULL rows are there but mean nothing.
class Column
{
public:
    using Values = std::variant<std::vector<std::uint8_t>, std::vector<std::int64_t>, std::vector<float>,
        std::vector<double>, std::vector<Int128>, std::vector<std::string_view>, std::vector<Timestamp>>;

    Column() = default;
    /// `size` rows of zeros, all valid.
    Column(const LogicalType& type, std::size_t size);

    const LogicalType& type() const { return m_type; }
    void setType(const LogicalType& type) { m_type = type; } ///< same physical type (asserted)
    std::size_t size() const;
    void resize(std::size_t size);

    template <typename T>
    std::vector<T>& values()
    {
        return std::get<std::vector<T>>(m_values);
    }
    template <typename T>
    const std::vector<T>& values() const
    {
        return std::get<std::vector<T>>(m_values);
    }

    Validity& validity() { return m_validity; }
    const Validity& validity() const { return m_validity; }
    bool isNull(std::size_t row) const { return !m_validity.valid(row); }
    void setNull(std::size_t row) { m_validity.setNull(row, size()); }

    /// Bytes that string values may point into; shared so that a projected column keeps them alive.
    std::shared_ptr<StringHeap>& heap() { return m_heap; }
    const std::shared_ptr<StringHeap>& heap() const { return m_heap; }
    StringHeap& ownHeap(); ///< creates it on first use

    /// Row `row` of `from` (same physical type) is appended; strings are copied into the own heap.
    void appendCopy(const Column& from, std::size_t row);
    std::size_t memoryBytes() const;

private:
    LogicalType m_type;
    Values m_values;
    Validity m_validity;
    std::shared_ptr<StringHeap> m_heap;
};

} // namespace weir
