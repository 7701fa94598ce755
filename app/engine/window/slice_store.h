// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/slice_state.h"

#include <map>
#include <unordered_map>

namespace weir::window {

/// Rows and the end of the slice that each belongs to; same length, rows ascending.
struct SlicedRows
{
    std::vector<std::uint32_t> rows;
    std::vector<std::int64_t> sliceEnds;
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
    void addToSlice(std::int64_t end, const SliceInput& input, const HashedRows& rows);
    void split(const SlicedRows& rows);

    struct Part
    {
        std::int64_t end = 0;
        std::vector<std::uint32_t> rows;
        std::vector<std::uint64_t> hashes;
    };

    std::shared_ptr<const SliceSpec> m_spec;
    std::map<std::int64_t, std::unique_ptr<SliceState>> m_slices;
    std::size_t m_bytes = 0;
    std::vector<std::uint64_t> m_hashes; ///< scratch, as are the next two
    std::vector<Part> m_parts;
    std::size_t m_partCount = 0;
};

} // namespace weir::window
