// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/slice_state.h"

#include <numeric>

namespace weir::window {

namespace {

struct Filtered
{
    std::vector<std::uint32_t> rows;
    std::vector<std::uint32_t> groups;
};

Filtered keepTrue(const Column& filter, const aggregate::GroupedRows& all)
{
    Filtered kept;
    const auto& values = filter.values<std::uint8_t>();
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
        const std::uint32_t row = all.rows[i];
        if (values[row] == 0 || filter.isNull(row))
            continue;
        kept.rows.push_back(row);
        kept.groups.push_back(all.groups[i]);
    }
    return kept;
}

} // namespace

SliceState::SliceState(const SliceSpec& spec, std::size_t usualGroups) : m_groups(spec.keys)
{
    m_groups.reserve(usualGroups);
    m_states.reserve(spec.aggregates.size());
    for (const aggregate::AggregateSpec& aggregate : spec.aggregates)
        m_states.push_back(aggregate::makeStates(aggregate));
}

void SliceState::add(const SliceInput& input, const HashedRows& rows)
{
    m_groups.assign(input.keys, rows.rows, rows.hashes, m_numbers);
    resizeStates();
    const aggregate::GroupedRows all{rows.rows, m_numbers};
    for (std::size_t i = 0; i < m_states.size(); ++i) {
        if (!input.filters[i]) {
            m_states[i]->update(input.arguments[i], all);
            continue;
        }
        const Filtered kept = keepTrue(*input.filters[i], all);
        m_states[i]->update(input.arguments[i], {kept.rows, kept.groups});
    }
}

void SliceState::combine(const SliceState& other)
{
    std::vector<std::uint32_t> theirs(other.groupCount());
    std::iota(theirs.begin(), theirs.end(), 0U);
    m_groups.assign(other.m_groups, theirs, m_numbers);
    resizeStates();
    for (std::size_t i = 0; i < m_states.size(); ++i)
        m_states[i]->combine(*other.m_states[i], {theirs, m_numbers});
}

std::unique_ptr<SliceState> SliceState::only(const SliceState& others, const SliceSpec& spec)
{
    auto part = std::make_unique<SliceState>(spec, others.groupCount());
    std::vector<std::uint32_t> all(others.groupCount());
    std::iota(all.begin(), all.end(), 0U);
    m_groups.assign(others.m_groups, all, m_numbers);
    resizeStates();
    part->m_groups.assign(others.m_groups, all, part->m_numbers);
    part->resizeStates();
    for (std::size_t i = 0; i < m_states.size(); ++i)
        part->m_states[i]->combine(*m_states[i], {m_numbers, part->m_numbers});
    return part;
}

void SliceState::resizeStates()
{
    for (const auto& states : m_states)
        states->resize(m_groups.size());
}

std::vector<Column> SliceState::finish() const
{
    std::vector<Column> columns;
    columns.reserve(m_states.size());
    for (const auto& states : m_states)
        columns.push_back(states->finish());
    return columns;
}

std::size_t SliceState::memoryBytes() const
{
    std::size_t bytes = sizeof(SliceState) + m_groups.memoryBytes();
    for (const auto& states : m_states)
        bytes += states->memoryBytes();
    return bytes;
}

} // namespace weir::window
