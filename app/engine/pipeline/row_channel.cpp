// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/row_channel.h"

namespace weir::query {

namespace {

std::size_t bytesOf(const window::OrderedRows& rows)
{
    std::size_t bytes = rows.orders.capacity() * sizeof(window::OutputOrder)
        + rows.rows.watermarks.capacity() * sizeof(std::int64_t) + rows.rows.kinds.capacity();
    for (const Column& column : rows.rows.batch.columns)
        bytes += column.memoryBytes();
    return bytes;
}

} // namespace

bool RowChannel::push(window::OrderedRows rows)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_closed || m_bytes < m_limit; });
    if (m_closed)
        return false;
    m_bytes += bytesOf(rows);
    m_batches.push_back(std::move(rows));
    m_changed.notify_all();
    return true;
}

void RowChannel::finish()
{
    const std::scoped_lock lock(m_mutex);
    m_finished = true;
    m_changed.notify_all();
}

std::optional<window::OrderedRows> RowChannel::pop()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_finished || !m_batches.empty(); });
    if (m_batches.empty())
        return std::nullopt;
    std::optional<window::OrderedRows> rows = std::move(m_batches.front());
    m_batches.pop_front();
    m_bytes -= bytesOf(*rows);
    m_changed.notify_all();
    return rows;
}

void RowChannel::close()
{
    const std::scoped_lock lock(m_mutex);
    m_closed = true;
    m_changed.notify_all();
}

} // namespace weir::query
