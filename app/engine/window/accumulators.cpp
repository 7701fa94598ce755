// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/accumulators.h"

#include <algorithm>

namespace weir::window {

Accumulators::Accumulators(std::vector<CallColumns> calls) : m_calls(std::move(calls))
{
    for (const CallColumns& call : m_calls)
        m_states.push_back(aggregate::makeStates(call.spec));
}

void Accumulators::bind(const std::vector<Column>& columns)
{
    flush();
    m_columns = &columns;
}

std::uint32_t Accumulators::take()
{
    if (m_free.empty())
        grow(std::max<std::uint32_t>(16, m_size * 2));
    const std::uint32_t slot = m_free.back();
    m_free.pop_back();
    return slot;
}

void Accumulators::grow(std::uint32_t count)
{
    flush();
    for (const auto& states : m_states)
        states->resize(count);
    for (std::uint32_t slot = count; slot-- > m_size;)
        m_free.push_back(slot);
    m_size = count;
}

void Accumulators::release(std::span<const std::uint32_t> slots)
{
    flush();
    for (const auto& states : m_states)
        states->clear(slots);
    m_free.insert(m_free.end(), slots.begin(), slots.end());
}

void Accumulators::merge(std::uint32_t from, std::uint32_t into)
{
    flush();
    for (const auto& states : m_states)
        states->combine(*states, aggregate::GroupPairs{{&from, 1}, {&into, 1}});
}

void Accumulators::flush()
{
    if (m_rows.empty())
        return;
    std::vector<std::uint32_t> rows;
    std::vector<std::uint32_t> slots;
    for (std::size_t i = 0; i < m_calls.size(); ++i) {
        const CallColumns& call = m_calls[i];
        const Column* const argument = call.argument < 0 ? nullptr : &(*m_columns)[std::size_t(call.argument)];
        if (call.filter < 0) {
            m_states[i]->update(argument, {m_rows, m_slots});
            continue;
        }
        rows.clear();
        slots.clear();
        const Column& filter = (*m_columns)[std::size_t(call.filter)];
        for (std::size_t k = 0; k < m_rows.size(); ++k) {
            if (filter.isNull(m_rows[k]) || filter.values<std::uint8_t>()[m_rows[k]] == 0)
                continue;
            rows.push_back(m_rows[k]);
            slots.push_back(m_slots[k]);
        }
        m_states[i]->update(argument, {rows, slots});
    }
    m_rows.clear();
    m_slots.clear();
}

std::vector<Column> Accumulators::finish(std::span<const std::uint32_t> slots)
{
    flush();
    std::vector<Column> columns;
    columns.reserve(m_states.size());
    for (const auto& states : m_states)
        columns.push_back(states->finish(slots));
    return columns;
}

std::size_t Accumulators::memoryBytes() const
{
    std::size_t bytes = (m_free.capacity() + m_rows.capacity() + m_slots.capacity()) * sizeof(std::uint32_t);
    for (const auto& states : m_states)
        bytes += states->memoryBytes();
    return bytes;
}

} // namespace weir::window
