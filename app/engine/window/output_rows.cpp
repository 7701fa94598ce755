// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/output_rows.h"

#include <queue>

namespace weir::window {

namespace {

constexpr std::size_t rowsPerBatch = 4096;

} // namespace

OutputRows::OutputRows(const Schema& schema, Flush flush) : m_schema(schema), m_flush(std::move(flush))
{
    startBatch();
}

OutputRows::OutputRows(const Schema& schema) : m_schema(schema), m_keepsOrder(true)
{
    startBatch();
}

void OutputRows::startBatch()
{
    m_rows = {};
    m_rows.batch.schema = m_schema;
    for (const RowField& field : m_schema)
        m_rows.batch.columns.emplace_back(field.type, 0);
}

void OutputRows::append(const std::vector<Column>& from, std::size_t row, std::size_t first)
{
    for (std::size_t i = 0; i < from.size() && first + i < m_rows.batch.columns.size(); ++i)
        m_rows.batch.columns[first + i].appendCopy(from[i], row);
}

void OutputRows::appendNulls(std::size_t first, std::size_t count)
{
    for (std::size_t i = first; i < first + count; ++i) {
        Column& column = m_rows.batch.columns[i];
        const std::size_t row = column.size();
        column.resize(row + 1);
        column.setNull(row);
    }
}

void OutputRows::append(std::size_t index, Timestamp value)
{
    Column& column = m_rows.batch.columns[index];
    column.validity().appendValid(column.size());
    column.values<Timestamp>().push_back(value);
}

void OutputRows::append(std::size_t index, std::int64_t value)
{
    Column& column = m_rows.batch.columns[index];
    column.validity().appendValid(column.size());
    column.values<std::int64_t>().push_back(value);
}

void OutputRows::endRow(RowKind kind)
{
    m_rows.watermarks.push_back(m_watermark);
    const std::size_t row = m_rows.batch.rowCount++;
    if (kind != RowKind::Insert && m_rows.kinds.empty())
        m_rows.kinds.resize(row, RowKind::Insert);
    if (kind != RowKind::Insert || !m_rows.kinds.empty())
        m_rows.kinds.push_back(kind);
    if (m_keepsOrder)
        m_orders.push_back(m_order);
    else if (m_rows.batch.rowCount == rowsPerBatch)
        flush();
}

void OutputRows::flush()
{
    if (m_rows.batch.rowCount == 0)
        return;
    StreamRows rows = std::exchange(m_rows, {});
    startBatch();
    m_stopped = m_stopped || !m_flush(std::move(rows));
}

std::size_t OutputRows::memoryBytes() const
{
    std::size_t bytes = m_orders.capacity() * sizeof(OutputOrder) + m_rows.watermarks.capacity() * sizeof(std::int64_t);
    for (const Column& column : m_rows.batch.columns)
        bytes += column.memoryBytes();
    return bytes;
}

void OutputRows::mergeInto(OutputRows& target, std::vector<OutputRows>& parts)
{
    struct Next
    {
        OutputOrder order;
        std::size_t part = 0;
        std::size_t row = 0;
        bool operator<(const Next& other) const
        {
            return std::tie(other.order, other.part, other.row) < std::tie(order, part, row);
        }
    };
    std::priority_queue<Next> heap;
    const auto offer = [&](std::size_t part, std::size_t row) {
        if (row < parts[part].m_orders.size())
            heap.push({parts[part].m_orders[row], part, row});
    };
    for (std::size_t part = 0; part < parts.size(); ++part)
        offer(part, 0);
    while (!heap.empty() && !target.stopped()) {
        const Next next = heap.top();
        heap.pop();
        const StreamRows& from = parts[next.part].m_rows;
        target.setPlace(next.order, from.watermarks[next.row]);
        target.append(from.batch.columns, next.row);
        target.endRow(from.kinds.empty() ? RowKind::Insert : from.kinds[next.row]);
        offer(next.part, next.row + 1);
    }
}

} // namespace weir::window
