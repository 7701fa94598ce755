// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"

#include <utility>

namespace weir::window {

/// Rows that an operator keeps, as columns. add() gives a row its number. Rows that were released stay until the owner
/// takes startAnew() and adds those that it still wants again; sparse() tells when that pays.
class RowBuffer
{
public:
    explicit RowBuffer(Schema schema) : m_schema(std::move(schema)) { clear(); }

    std::uint32_t add(const std::vector<Column>& from, std::size_t row)
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            m_columns[i].appendCopy(from[i], row);
        return m_count++;
    }
    void release(std::size_t count = 1) { m_released += static_cast<std::uint32_t>(count); }
    bool sparse() const { return m_released > leastReleased && m_released > m_count / 2; }
    /// Empties the buffer and gives what it held.
    std::vector<Column> startAnew()
    {
        std::vector<Column> old = std::move(m_columns);
        clear();
        return old;
    }

    const std::vector<Column>& columns() const { return m_columns; }
    std::size_t liveRows() const { return m_count - m_released; }
    std::size_t bytesPerRow() const { return m_count == 0 ? 0 : memoryBytes() / m_count; } ///< on average
    std::size_t memoryBytes() const
    {
        std::size_t bytes = 0;
        for (const Column& column : m_columns)
            bytes += column.memoryBytes();
        return bytes;
    }

private:
    static constexpr std::uint32_t leastReleased = 512;

    void clear()
    {
        m_columns.clear();
        for (const RowField& field : m_schema)
            m_columns.emplace_back(field.type, 0);
        m_count = 0;
        m_released = 0;
    }

    Schema m_schema;
    std::vector<Column> m_columns;
    std::uint32_t m_count = 0;
    std::uint32_t m_released = 0;
};

} // namespace weir::window
