// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/top_n_operator.h"

namespace weir::window {

TopNOperator::TopNOperator(const TopNSpec& spec, const Schema& input)
    : KeyedOperator(spec.keys.types, {spec.keys.columns}, spec.zone), m_spec(spec), m_rowWindows(spec.bounds),
      m_rows(input)
{ }

void TopNOperator::addRow(const RowVisit& visit, OutputRows&)
{
    const bool timed = m_rowWindows.forEach(*m_batch, visit.row, [&](const WindowBounds& bounds) {
        if (hasFired(bounds.end, visit.watermark))
            return countLate();
        insert(windowOf(visit, bounds).rows, m_rows.add(m_batch->columns, visit.row));
    });
    if (!timed)
        fail(nullTime);
}

RankedWindow& TopNOperator::windowOf(const RowVisit& visit, const WindowBounds& bounds)
{
    std::vector<RankedWindow>& windows = state(visit.key).windows;
    const auto before = [](const RankedWindow& open, const WindowBounds& wanted) {
        return std::tie(open.bounds.end, open.bounds.start) < std::tie(wanted.end, wanted.start);
    };
    const auto found = std::lower_bound(windows.begin(), windows.end(), bounds, before);
    if (found != windows.end() && found->bounds.end == bounds.end && found->bounds.start == bounds.start)
        return *found;
    ++m_openWindows;
    addTimer(bounds.end - 1, visit.key, visit.number, visit.watermark);
    return *windows.insert(found, {bounds, {}});
}

/// `row` is the newest: it stands behind its equals, or before them.
void TopNOperator::insert(std::vector<std::uint32_t>& rows, std::uint32_t row)
{
    const auto less = [this](std::uint32_t left, std::uint32_t right) {
        return standsBefore(m_rows.columns(), m_spec.order, left, right);
    };
    const auto place = m_spec.lastOfEquals ? std::lower_bound(rows.begin(), rows.end(), row, less)
                                           : std::upper_bound(rows.begin(), rows.end(), row, less);
    rows.insert(place, row);
    if (std::int64_t(rows.size()) <= m_spec.last)
        return;
    rows.pop_back();
    m_rows.release();
}

void TopNOperator::fire(std::span<const Timer> timers, OutputRows& out)
{
    const std::size_t width = m_rows.columns().size();
    const auto emit = [&](const Timer& timer, const std::vector<std::uint32_t>& rows) {
        for (std::size_t i = 0; i < rows.size() && !out.stopped(); ++i) {
            const auto number = static_cast<std::int64_t>(i + 1);
            if (number < m_spec.first)
                continue;
            setTimerPlace(timer, out);
            out.append(m_rows.columns(), rows[i]);
            out.append(width, number);
            out.endRow();
        }
    };
    for (const Timer& timer : timers) {
        std::vector<RankedWindow>& windows = state(timer.key).windows;
        for (const RankedWindow& window : windows) {
            if (window.bounds.end - 1 != timer.at)
                continue;
            emit(timer, window.rows);
            m_rows.release(window.rows.size());
            --m_openWindows;
            countFired();
        }
        std::erase_if(windows, [&](const RankedWindow& window) { return window.bounds.end - 1 == timer.at; });
        if (windows.empty())
            windows.shrink_to_fit();
    }
}

void TopNOperator::endBatch()
{
    if (!m_rows.sparse())
        return;
    const std::vector<Column> old = m_rows.startAnew();
    for (RankedWindows& key : states()) {
        for (RankedWindow& window : key.windows) {
            for (std::uint32_t& row : window.rows)
                row = m_rows.add(old, row);
        }
    }
}

std::size_t TopNOperator::heldBytes() const
{
    return m_rows.memoryBytes() + m_openWindows * sizeof(RankedWindow) * 2
        + m_rows.liveRows() * sizeof(std::uint32_t) * 2;
}

std::size_t TopNOperator::bytesOf(const RankedWindows& state) const
{
    std::size_t rows = 0;
    for (const RankedWindow& window : state.windows)
        rows += window.rows.size();
    return state.windows.size() * sizeof(RankedWindow) + rows * m_rows.bytesPerRow();
}

} // namespace weir::window
