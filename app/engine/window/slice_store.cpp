// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/slice_store.h"

#include "app/engine/aggregate/key_hash.h"

#include <algorithm>

namespace weir::window {

namespace {

constexpr std::size_t mostExpectedGroups = 4096; ///< a slice of a few rows shall not hold room for a million keys

} // namespace

std::size_t SlicedRows::numberOf(std::int64_t end)
{
    const auto [known, isNew] = m_numbers.try_emplace(end, m_count);
    if (!isNew)
        return known->second;
    m_slices.resize(std::max(m_slices.size(), m_count + 1));
    m_slices[m_count].end = end;
    m_slices[m_count].rows.clear();
    return m_count++;
}

void SliceStore::add(const SliceInput& input, const SlicedRows& rows)
{
    for (const SlicedRows::Slice& slice : rows.slices())
        addToSlice(slice, input);
}

void SliceStore::addToSlice(const SlicedRows::Slice& rows, const SliceInput& input)
{
    aggregate::hashRows(input.keys, rows.rows, m_hashes);
    std::unique_ptr<SliceState>& slice = m_slices[rows.end];
    if (!slice)
        slice = std::make_unique<SliceState>(*m_spec, m_usualGroups);
    else
        m_bytes -= slice->memoryBytes();
    slice->add(input, {rows.rows, m_hashes});
    m_bytes += slice->memoryBytes();
    m_usualGroups = std::min(slice->groupCount(), mostExpectedGroups);
}

std::unique_ptr<SliceState> SliceStore::take(std::int64_t end)
{
    const auto found = m_slices.find(end);
    if (found == m_slices.end())
        return nullptr;
    std::unique_ptr<SliceState> slice = std::move(found->second);
    m_slices.erase(found);
    m_bytes -= slice->memoryBytes();
    return slice;
}

std::size_t SliceStore::groupCount() const
{
    std::size_t count = 0;
    for (const auto& [end, slice] : m_slices)
        count += slice->groupCount();
    return count;
}

} // namespace weir::window
