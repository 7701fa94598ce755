// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/problem_marks.h"

#include "app/engine/pipeline/reaper.h"
#include "app/session/problem_rows.h"

namespace weir {

namespace {

constexpr std::int64_t mostSampled = 400; ///< a scroll bar has fewer pixels to tell apart

} // namespace

ProblemMarks::~ProblemMarks()
{
    forget();
}

void ProblemMarks::forget()
{
    if (m_found)
        Reaper::instance().take(std::exchange(m_found, nullptr));
}

void ProblemMarks::setRows(std::shared_ptr<const RowStore> rows, std::shared_ptr<MemoryBudget> budget)
{
    forget();
    m_rows = std::move(rows);
    m_budget = std::move(budget);
}

void ProblemMarks::look()
{
    if (!m_found && m_rows)
        m_found = std::make_shared<FilteredRows>(m_rows, problemRows(), m_budget);
}

std::vector<std::int64_t> ProblemMarks::sample() const
{
    std::vector<std::int64_t> rows;
    const std::int64_t first = m_found ? m_found->firstRow() : 0;
    const std::int64_t count = m_found ? m_found->endRow() - first : 0;
    const std::int64_t chosen = std::min(count, mostSampled);
    for (std::int64_t i = 0; i < chosen; ++i)
        rows.push_back(m_found->rowOf(first + i * count / chosen));
    return rows;
}

std::vector<std::int64_t> ProblemMarks::times(std::int64_t widthMs) const
{
    std::vector<std::int64_t> times;
    const SeriesSnapshotPtr arrivals = m_found ? m_found->arrivals() : nullptr;
    for (const SeriesLevel& level : arrivals ? arrivals->levels : std::vector<SeriesLevel>()) {
        if (level.widthMs != widthMs)
            continue;
        for (std::size_t i = 0; i < level.bins.size(); ++i) {
            if (level.bins[i].count > 0)
                times.push_back(level.origin + static_cast<std::int64_t>(i) * level.widthMs);
        }
    }
    return times;
}

std::int64_t nextProblem(const FilteredRows& problems, const ShownRows& shown, std::int64_t from, bool forward)
{
    const std::int64_t first = problems.firstRow();
    const std::int64_t end = problems.endRow();
    std::int64_t at = forward ? problems.matchingFrom(from + 1) : problems.matchingFrom(from) - 1;
    for (; at >= first && at < end; at += forward ? 1 : -1) {
        if (const std::int64_t row = shown.fromAll(problems.rowOf(at)); row >= 0)
            return row;
    }
    return -1;
}

} // namespace weir
