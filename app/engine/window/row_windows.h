// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"
#include "app/engine/window/slice_assigner.h"
#include "app/engine/window/window_zone.h"

#include <optional>
#include <variant>

namespace weir::window {

/// Columns in which rows carry the bounds of their window.
struct BoundColumns
{
    std::size_t start = 0;
    std::size_t end = 0;
};

/// Calls visit(WindowBounds) for each window that holds `millis`, by ascending end.
template <typename Visit>
void forEachWindow(const SliceAssigner& slices, std::int64_t millis, Visit&& visit)
{
    const std::int64_t first = slices.sliceOf(millis).end;
    const std::int64_t last = slices.lastWindowEnd(first);
    for (std::int64_t end = first;; end += slices.step()) {
        visit(slices.windowOf(end));
        if (end > last - slices.step())
            return;
    }
}

/// The windows in which rows lie: told by the rows, or computed from a time column.
class RowWindows
{
public:
    explicit RowWindows(BoundColumns bounds, WindowZone zone = {}) : m_source(bounds), m_zone(std::move(zone)) { }
    RowWindows(const SliceAssigner& slices, std::size_t timeColumn, WindowZone zone)
        : m_source(Assigned{slices, timeColumn}), m_zone(std::move(zone))
    { }
    const WindowZone& zone() const { return m_zone; }
    bool onlyUpdated() const
    {
        const auto* assigned = std::get_if<Assigned>(&m_source);
        return assigned && assigned->slices.onlyUpdated();
    }

    /// False: the row has no time (or no bounds).
    template <typename Visit>
    bool forEach(const EventBatch& batch, std::uint32_t row, Visit&& visit) const
    {
        if (const auto* bounds = std::get_if<BoundColumns>(&m_source)) {
            const Column& start = batch.columns[bounds->start];
            const Column& end = batch.columns[bounds->end];
            if (start.isNull(row) || end.isNull(row))
                return false;
            visit(WindowBounds{start.values<Timestamp>()[row].millis, end.values<Timestamp>()[row].millis});
            return true;
        }
        const Assigned& assigned = std::get<Assigned>(m_source);
        const Column& time = batch.columns[assigned.timeColumn];
        if (time.isNull(row))
            return false;
        forEachWindow(assigned.slices, m_zone.localOf(time.values<Timestamp>()[row].millis), visit);
        return true;
    }

private:
    struct Assigned
    {
        SliceAssigner slices;
        std::size_t timeColumn = 0;
    };

    std::variant<BoundColumns, Assigned> m_source;
    WindowZone m_zone;
};

} // namespace weir::window
