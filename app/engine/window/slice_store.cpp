// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/slice_store.h"

#include "app/engine/aggregate/key_hash.h"

#include <algorithm>

namespace weir::window {

void SliceStore::add(const SliceInput& input, const SlicedRows& rows)
{
    if (rows.rows.empty())
        return;
    aggregate::hashRows(input.keys, rows.rows, m_hashes);
    const std::int64_t first = rows.sliceEnds.front();
    if (std::all_of(rows.sliceEnds.begin(), rows.sliceEnds.end(), [first](std::int64_t end) { return end == first; })) {
        addToSlice(first, input, {rows.rows, m_hashes});
        return;
    }
    split(rows);
    for (std::size_t i = 0; i < m_partCount; ++i)
        addToSlice(m_parts[i].end, input, {m_parts[i].rows, m_parts[i].hashes});
}

/// Rows by slice, in the order of the slices' first rows. Parts are reused, so that nothing is allocated per batch.
void SliceStore::split(const SlicedRows& rows)
{
    m_partCount = 0;
    std::unordered_map<std::int64_t, std::size_t> partOf;
    std::size_t part = 0;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        const std::int64_t end = rows.sliceEnds[i];
        if (m_partCount == 0 || m_parts[part].end != end) {
            part = partOf.try_emplace(end, m_partCount).first->second;
            if (part == m_partCount) {
                ++m_partCount;
                m_parts.resize(std::max(m_parts.size(), m_partCount));
                m_parts[part].end = end;
                m_parts[part].rows.clear();
                m_parts[part].hashes.clear();
            }
        }
        m_parts[part].rows.push_back(rows.rows[i]);
        m_parts[part].hashes.push_back(m_hashes[i]);
    }
}

void SliceStore::addToSlice(std::int64_t end, const SliceInput& input, const HashedRows& rows)
{
    std::unique_ptr<SliceState>& slice = m_slices[end];
    if (!slice)
        slice = std::make_unique<SliceState>(*m_spec);
    else
        m_bytes -= slice->memoryBytes();
    slice->add(input, rows);
    m_bytes += slice->memoryBytes();
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
