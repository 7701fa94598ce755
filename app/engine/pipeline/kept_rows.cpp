// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/kept_rows.h"

namespace weir::query {

namespace {

ResultBatch emptyRows(const Schema& schema)
{
    ResultBatch rows;
    rows.schema = schema;
    for (const RowField& field : schema)
        rows.columns.emplace_back(field.type, 0);
    return rows;
}

} // namespace

void appendRows(ResultBatch& to, const ResultBatch& from, std::size_t first)
{
    if (to.columns.empty() && !from.columns.empty())
        to = emptyRows(from.schema);
    for (std::size_t i = 0; i < to.columns.size(); ++i) {
        for (std::size_t row = first; row < from.rowCount; ++row)
            to.columns[i].appendCopy(from.columns[i], row);
    }
    if (!from.kinds.empty()) {
        to.kinds.resize(to.rowCount, RowKind::Insert);
        to.kinds.insert(to.kinds.end(), from.kinds.begin() + static_cast<std::ptrdiff_t>(first), from.kinds.end());
    }
    to.rowCount += from.rowCount - first;
    if (!to.kinds.empty())
        to.kinds.resize(to.rowCount, RowKind::Insert);
}

KeptRows::KeptRows(const Schema& schema, std::size_t maxRows, std::shared_ptr<MemoryBudget> budget)
    : m_rows(emptyRows(schema)), m_maxRows(maxRows), m_budget(std::move(budget)),
      m_lease(m_budget, MemoryUse::Results, 0)
{ }

void KeptRows::append(const ResultBatch& rows)
{
    if (rows.rowCount == 0)
        return;
    m_published.reset();
    appendRows(m_rows, rows);
    const std::size_t kept = m_rows.rowCount - m_first;
    if (kept > m_maxRows)
        dropOldest(kept - m_maxRows);
    m_lease.resize(memoryBytes());
    // At the limit of the budget results give back first: half of what is kept, until little is.
    if (m_budget && m_budget->used() > m_budget->limit() && m_rows.rowCount - m_first > 1000) {
        dropOldest((m_rows.rowCount - m_first) / 2);
        m_lease.resize(memoryBytes());
    }
}

void KeptRows::dropOldest(std::size_t count)
{
    m_first += count;
    m_dropped += count;
    if (m_first * 2 < m_rows.rowCount)
        return; // copied only when half of the memory is idle: constant cost per row
    ResultBatch rest = emptyRows(m_rows.schema);
    appendRows(rest, m_rows, m_first);
    m_rows = std::move(rest);
    m_first = 0;
}

std::shared_ptr<const ResultBatch> KeptRows::publish()
{
    if (m_published)
        return m_published;
    auto rows = std::make_shared<ResultBatch>(emptyRows(m_rows.schema));
    appendRows(*rows, m_rows, m_first);
    m_published = std::move(rows);
    return m_published;
}

std::size_t KeptRows::memoryBytes() const
{
    std::size_t bytes = 0;
    for (const Column& column : m_rows.columns)
        bytes += column.memoryBytes();
    return bytes * 2; // what is published is a copy
}

} // namespace weir::query
