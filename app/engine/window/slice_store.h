// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/slice_state.h"

#include <map>
#include <span>
#include <unordered_map>
#include <vector>

namespace weir::window {

/// Rows by the slice that they belong to; those of one slice ascend, and slices stand in the order of their first rows.
/// Keeps its memory when it is cleared.
class SlicedRows
{
public:
    struct Slice
    {
        std::int64_t end = 0;
        std::vector<std::uint32_t> rows;
        bool operator==(const Slice&) const = default;
    };

    bool empty() const { return m_count == 0; }
    std::span<const Slice> slices() const { return {m_slices.data(), m_count}; }

    void clear()
    {
        m_count = 0;
        m_numbers.clear();
    }
    /// The number of the slice that ends at `end`, which is new if need be: at least one row has to be added to it.
    std::size_t numberOf(std::int64_t end);
    /// The rows of that slice, to add to.
    std::vector<std::uint32_t>& rows(std::size_t number) { return m_slices[number].rows; }

private:
    std::vector<Slice> m_slices;
    std::size_t m_count = 0; ///< of slices in use
    std::unordered_map<std::int64_t, std::size_t> m_numbers; ///< of them, by end
};

/// The open slices of one owner, by slice end. One thread at a time.
class SliceStore
{
public:
    explicit SliceStore(std::shared_ptr<const SliceSpec> spec) : m_spec(std::move(spec)) { }

    void add(const SliceInput& input, const SlicedRows& rows);

    const std::map<std::int64_t, std::unique_ptr<SliceState>>& slices() const { return m_slices; }
    /// Takes the slice that ends at `end` out; null if there is none.
    std::unique_ptr<SliceState> take(std::int64_t end);
    /// Bytes of all slices, as of the last add() and take().
    std::size_t memoryBytes() const { return m_bytes; }
    std::size_t groupCount() const;

private:
    void addToSlice(const SlicedRows::Slice& rows, const SliceInput& input);

    std::shared_ptr<const SliceSpec> m_spec;
    std::map<std::int64_t, std::unique_ptr<SliceState>> m_slices;
    std::size_t m_bytes = 0;
    std::size_t m_usualGroups = 0; ///< of the slice that rows were added to last, within reason
    std::vector<std::uint64_t> m_hashes; ///< scratch
};

} // namespace weir::window
