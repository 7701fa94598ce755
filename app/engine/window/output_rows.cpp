// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/output_rows.h"

#include <algorithm>
#include <queue>

namespace weir::window {

namespace {

constexpr std::size_t rowsPerBatch = 4096;

} // namespace

OutputRows::OutputRows(const Schema& schema, Flush flush) : m_schema(schema), m_flush(std::move(flush))
{
    startBatch();
}

OutputRows::OutputRows(const Schema& schema, FlushOrdered flush) : m_schema(schema), m_flushOrdered(std::move(flush))
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
    if (m_flushOrdered)
        m_orders.push_back(m_order);
    if (m_rows.batch.rowCount == rowsPerBatch)
        flush();
}

void OutputRows::flush()
{
    if (m_rows.batch.rowCount == 0)
        return;
    StreamRows rows = std::exchange(m_rows, {});
    startBatch();
    const bool goOn =
        m_flushOrdered ? m_flushOrdered({std::move(rows), std::exchange(m_orders, {})}) : m_flush(std::move(rows));
    m_stopped = m_stopped || !goOn;
}

void OutputRows::pass(StreamRows rows)
{
    flush();
    m_stopped = m_stopped || !m_flush(std::move(rows));
}

namespace {

/// Rows of one part, of which those from `row` on are still to come.
struct Part
{
    std::optional<OrderedRows> batch;
    std::size_t row = 0;
};

struct Head
{
    OutputOrder order;
    std::size_t part = 0;
    auto operator<=>(const Head&) const = default;
};

/// Behind the rows of a part that come before the head of another.
std::size_t endOfRun(const Part& part, std::size_t number, const Head& other)
{
    const auto& orders = part.batch->orders;
    const auto comesFirst = [&](const OutputOrder& order) { return Head{order, number} < other; };
    const auto from = orders.begin() + static_cast<std::ptrdiff_t>(part.row);
    return static_cast<std::size_t>(std::partition_point(from, orders.end(), comesFirst) - orders.begin());
}

void take(Part& part, std::size_t end, OutputRows& target)
{
    constexpr std::size_t leastPassed = 512; // fewer rows are worth copying, to make whole batches of them
    if (part.row == 0 && end == part.batch->orders.size() && end >= leastPassed) {
        part.row = end;
        return target.pass(std::move(part.batch->rows));
    }
    const StreamRows& from = part.batch->rows;
    for (; part.row < end && !target.stopped(); ++part.row) {
        target.setPlace(part.batch->orders[part.row], from.watermarks[part.row]);
        target.append(from.batch.columns, part.row);
        target.endRow(from.kinds.empty() ? RowKind::Insert : from.kinds[part.row]);
    }
}

} // namespace

void mergeRows(OutputRows& target, std::size_t parts, const NextRows& next)
{
    std::vector<Part> all(parts);
    std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
    const auto offer = [&](std::size_t number) {
        Part& part = all[number];
        if (!part.batch || part.row == part.batch->orders.size())
            part = {next(number), 0};
        if (part.batch)
            heads.push({part.batch->orders[part.row], number});
    };
    for (std::size_t part = 0; part < parts; ++part)
        offer(part);
    while (!heads.empty() && !target.stopped()) {
        const std::size_t first = heads.top().part;
        heads.pop();
        Part& part = all[first];
        take(part, heads.empty() ? part.batch->orders.size() : endOfRun(part, first, heads.top()), target);
        offer(first);
    }
}

} // namespace weir::window
