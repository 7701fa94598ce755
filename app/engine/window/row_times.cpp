// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/row_times.h"

#include <algorithm>

namespace weir::window {

void PartitionClock::run(const EventBatch& batch, const Column& candidates, std::vector<std::int64_t>& before)
{
    before.resize(batch.rowCount);
    const Timestamp* const values = candidates.values<Timestamp>().data();
    std::int64_t* const out = before.data();
    std::int64_t watermark = m_watermark;
    batch.forEachSelected([&](std::uint32_t row) {
        out[row] = watermark;
        const std::int64_t candidate = values[row].millis;
        if (candidate > watermark && candidate > m_floor && candidates.validity().valid(row))
            watermark = candidate;
    });
    m_watermark = watermark;
}

void sortRows(const EventBatch& batch, const TimeRule& rule, SortedRows& sorted)
{
    sorted.inTime.rows.clear();
    sorted.inTime.sliceEnds.clear();
    sorted.inTime.rows.reserve(batch.selectedCount());
    sorted.inTime.sliceEnds.reserve(batch.selectedCount());
    sorted.doubtful = {};
    sorted.withoutTime.clear();
    const Timestamp* const times = rule.time.values<Timestamp>().data();
    WindowBounds slice{0, 0}; // neighbours mostly share their slice: no division for them
    batch.forEachSelected([&](std::uint32_t row) {
        if (!rule.time.validity().valid(row)) {
            sorted.withoutTime.push_back(row);
            return;
        }
        const std::int64_t time = times[row].millis;
        if (time < slice.start || time >= slice.end)
            slice = rule.slices.sliceOf(time);
        const bool inTime =
            rule.ownWatermark.empty() || (rule.trustOwn && !hasFired(slice.end, rule.ownWatermark[row]));
        SlicedRows& rows = inTime ? sorted.inTime : sorted.doubtful.rows;
        rows.rows.push_back(row);
        rows.sliceEnds.push_back(slice.end);
        if (!inTime)
            sorted.doubtful.ownWatermark.push_back(rule.ownWatermark[row]);
    });
}

} // namespace weir::window
