// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/aggregate_function.h"

#include <memory>
#include <vector>

namespace weir::window {

/// Where the operands of aggregate calls stand in the rows of an operator.
struct CallColumns
{
    aggregate::AggregateSpec spec;
    int argument = -1; ///< column of the rows; -1: COUNT(*)
    int filter = -1; ///< BOOLEAN column of the rows: only TRUE rows count; -1: none
};

/// States of aggregate calls under slot numbers that come and go. Rows are gathered and counted together; whatever asks
/// for a state sees them counted.
class Accumulators
{
public:
    explicit Accumulators(std::vector<CallColumns> calls);

    /// The rows that add() means from now on; `columns` must live until they are counted.
    void bind(const std::vector<Column>& columns);
    std::uint32_t take(); ///< an empty slot
    void release(std::span<const std::uint32_t> slots);
    void add(std::uint32_t row, std::uint32_t slot)
    {
        m_rows.push_back(row);
        m_slots.push_back(slot);
    }
    void merge(std::uint32_t from, std::uint32_t into); ///< `from` stays as it is
    /// Counts the rows added so far: before `columns` change or go away.
    void flush();
    /// One column per call, one row per slot named.
    std::vector<Column> finish(std::span<const std::uint32_t> slots);

    std::size_t callCount() const { return m_calls.size(); }
    std::size_t memoryBytes() const;
    std::size_t slotBytes() const { return m_size == 0 ? 0 : memoryBytes() / m_size; } ///< of one slot, on average

private:
    void grow(std::uint32_t count);

    std::vector<CallColumns> m_calls;
    std::vector<std::unique_ptr<aggregate::AggregateStates>> m_states;
    std::vector<std::uint32_t> m_free;
    std::uint32_t m_size = 0;
    const std::vector<Column>* m_columns = nullptr;
    std::vector<std::uint32_t> m_rows;
    std::vector<std::uint32_t> m_slots;
};

} // namespace weir::window
