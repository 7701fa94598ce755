// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/row_times.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace weir::window {

void PartitionClock::run(const EventBatch& batch, const Column& candidates, std::vector<std::int64_t>& before)
{
    before.resize(batch.rowCount);
    const Timestamp* const values = candidates.values<Timestamp>().data();
    std::int64_t* const out = before.data();
    std::int64_t watermark = m_watermark;
    const std::int64_t floor = m_floor;
    const auto step = [&](std::uint32_t row) __attribute__((always_inline))
    {
        out[row] = watermark;
        const std::int64_t candidate = values[row].millis > floor ? values[row].millis : watermark;
        watermark = std::max(watermark, candidate);
    };
    if (candidates.validity().allValid()) {
        batch.forEachSelected(step);
    } else {
        batch.forEachSelected([&](std::uint32_t row) {
            if (candidates.validity().valid(row))
                step(row);
            else
                out[row] = watermark;
        });
    }
    m_watermark = watermark;
}

namespace {

/// Rows before and from `boundary` on, without a jump that nobody could foretell.
void divide(const Timestamp* times, std::int64_t boundary, std::vector<std::uint32_t>& before,
    std::vector<std::uint32_t>& behind)
{
    std::size_t early = 0;
    std::size_t late = 0;
    const auto count = static_cast<std::uint32_t>(before.size());
    for (std::uint32_t row = 0; row < count; ++row) {
        const bool isEarly = times[row].millis < boundary;
        before[early] = row;
        behind[late] = row;
        early += isEarly ? 1 : 0;
        late += isEarly ? 0 : 1;
    }
    before.resize(early);
    behind.resize(late);
}

/// The usual batch: all of its rows are in time and belong to one slice or to two neighbours. False for others.
bool sortWhole(const EventBatch& batch, const TimeRule& rule, SlicedRows& sorted)
{
    if (!batch.selection.all || batch.rowCount == 0 || !rule.time.validity().allValid())
        return false;
    const Timestamp* const times = rule.time.values<Timestamp>().data();
    std::int64_t first = times[0].millis;
    std::int64_t last = first;
    for (std::size_t row = 1; row < batch.rowCount; ++row) {
        first = std::min(first, times[row].millis);
        last = std::max(last, times[row].millis);
    }
    const WindowBounds slice = rule.slices.sliceOf(first);
    // A watermark never falls: the last one is the highest.
    if (!rule.ownWatermark.empty() && (!rule.trustOwn || hasFired(slice.end, rule.ownWatermark[batch.rowCount - 1])))
        return false;
    if (slice.holds(last)) {
        std::vector<std::uint32_t>& rows = sorted.rows(sorted.numberOf(slice.end));
        rows.resize(batch.rowCount);
        std::iota(rows.begin(), rows.end(), 0U);
        return true;
    }
    const WindowBounds next = rule.slices.sliceOf(last);
    if (next.start != slice.end)
        return false;
    const std::size_t firstNumber = sorted.numberOf(slice.holds(times[0].millis) ? slice.end : next.end);
    const std::size_t before = sorted.numberOf(slice.end);
    const std::size_t behind = firstNumber == before ? sorted.numberOf(next.end) : firstNumber;
    sorted.rows(before).resize(batch.rowCount);
    sorted.rows(behind).resize(batch.rowCount);
    divide(times, slice.end, sorted.rows(before), sorted.rows(behind));
    return true;
}

} // namespace

void sortRows(const EventBatch& batch, const TimeRule& rule, SortedRows& sorted)
{
    sorted.inTime.clear();
    sorted.doubtful = {};
    sorted.withoutTime.clear();
    if (sortWhole(batch, rule, sorted.inTime))
        return;
    struct Slice
    {
        WindowBounds bounds;
        std::optional<std::size_t> number{}; ///< in sorted.inTime, once it has rows
    };
    const Timestamp* const times = rule.time.values<Timestamp>().data();
    const Validity& validity = rule.time.validity();
    Slice slice; // neighbours mostly share their slice, or go to and fro between two: no division for them
    Slice other;
    batch.forEachSelected([&](std::uint32_t row) __attribute__((always_inline)) {
        if (!validity.valid(row)) {
            sorted.withoutTime.push_back(row);
            return;
        }
        const std::int64_t time = times[row].millis;
        if (!slice.bounds.holds(time)) {
            std::swap(slice, other);
            if (!slice.bounds.holds(time))
                slice = {rule.slices.sliceOf(time)};
        }
        const std::int64_t end = slice.bounds.end;
        if (rule.ownWatermark.empty() || (rule.trustOwn && !hasFired(end, rule.ownWatermark[row]))) {
            if (!slice.number)
                slice.number = sorted.inTime.numberOf(end);
            sorted.inTime.rows(*slice.number).push_back(row);
        } else {
            sorted.doubtful.rows.push_back(row);
            sorted.doubtful.sliceEnds.push_back(end);
            sorted.doubtful.ownWatermark.push_back(rule.ownWatermark[row]);
        }
    });
}

} // namespace weir::window
