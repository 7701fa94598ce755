// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/window_aggregation.h"

namespace weir::window {

void appendBounds(const WindowBounds& bounds, const WindowZone& zone, std::size_t first, OutputRows& out)
{
    out.append(first, Timestamp{bounds.start, 0});
    out.append(first + 1, Timestamp{bounds.end, 0});
    out.append(first + 2, Timestamp{zone.instantOf(bounds.end - 1), 0});
}

WindowAggregation::WindowAggregation(RowWindows windows, const KeyColumns& keys, std::vector<CallColumns> calls)
    : KeyedOperator(keys.types, {keys.columns}, windows.zone()), m_rowWindows(std::move(windows)),
      m_accumulators(std::move(calls))
{ }

void WindowAggregation::beginBatch(std::size_t, const EventBatch& batch)
{
    m_batch = &batch;
    m_accumulators.bind(batch.columns);
}

void WindowAggregation::addRow(const RowVisit& visit, OutputRows&)
{
    bool counted = false;
    bool ends = true; // the first window ends with the row's own slice
    const bool timed = m_rowWindows.forEach(*m_batch, visit.row, [&](const WindowBounds& bounds) {
        const bool endsWithSlice = std::exchange(ends, false);
        if (hasFired(bounds.end, visit.watermark))
            return;
        counted = true;
        OpenWindow& window = windowOf(visit, bounds);
        window.updated = window.updated || endsWithSlice;
        m_accumulators.add(visit.row, window.slot);
    });
    if (!timed)
        fail(nullTime);
    else if (!counted)
        countLate();
}

OpenWindow& WindowAggregation::windowOf(const RowVisit& visit, const WindowBounds& bounds)
{
    std::vector<OpenWindow>& windows = state(visit.key).windows;
    const auto before = [](const OpenWindow& open, const WindowBounds& wanted) {
        return std::tie(open.bounds.end, open.bounds.start) < std::tie(wanted.end, wanted.start);
    };
    const auto found = std::lower_bound(windows.begin(), windows.end(), bounds, before);
    if (found != windows.end() && found->bounds.end == bounds.end && found->bounds.start == bounds.start)
        return *found;
    ++m_openWindows;
    addTimer(bounds.end - 1, visit.key, visit.number, visit.watermark);
    return *windows.insert(found, {bounds, m_accumulators.take()});
}

void WindowAggregation::fire(std::span<const Timer> timers, OutputRows& out)
{
    struct Fired
    {
        const Timer* timer;
        WindowBounds bounds;
    };
    std::vector<Fired> fired;
    std::vector<std::uint32_t> slots;
    std::vector<std::uint32_t> unchanged; // since the window before, where that matters
    for (const Timer& timer : timers) {
        std::vector<OpenWindow>& windows = state(timer.key).windows;
        std::erase_if(windows, [&](const OpenWindow& open) {
            if (open.bounds.end - 1 != timer.at)
                return false;
            if (m_rowWindows.onlyUpdated() && !open.updated) {
                unchanged.push_back(open.slot);
                return true;
            }
            fired.push_back({&timer, open.bounds});
            slots.push_back(open.slot);
            return true;
        });
        if (windows.empty())
            windows.shrink_to_fit();
    }
    const std::vector<Column> calls = m_accumulators.finish(slots);
    for (std::size_t i = 0; i < fired.size() && !out.stopped(); ++i) {
        setTimerPlace(*fired[i].timer, out);
        appendBounds(fired[i].bounds, m_rowWindows.zone(), 0, out);
        out.append(keyCells(), fired[i].timer->key, 3);
        out.append(calls, i, 3 + keyCells().size());
        out.endRow();
        countFired();
    }
    m_accumulators.release(slots);
    m_accumulators.release(unchanged);
    m_openWindows -= slots.size() + unchanged.size();
}

std::size_t WindowAggregation::heldBytes() const
{
    return m_accumulators.memoryBytes() + m_openWindows * sizeof(OpenWindow) * 2;
}

std::size_t WindowAggregation::bytesOf(const OpenWindows& state) const
{
    return state.windows.size() * (sizeof(OpenWindow) + m_accumulators.slotBytes());
}

} // namespace weir::window
