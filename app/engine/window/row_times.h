// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"
#include "app/engine/window/slice_assigner.h"
#include "app/engine/window/slice_store.h"

namespace weir::window {

/// The own watermark of one partition: running maximum of the WATERMARK expression. A candidate counts from the next
/// row on; NULL candidates and those at or below `floor` do not count.
class PartitionClock
{
public:
    /// Flink's watermark operator starts at 0 (floor 0), watermarks inside the Kafka source at the lowest long.
    explicit PartitionClock(std::int64_t floor) : m_floor(floor) { }

    /// before[row] is the watermark before each selected row of `batch`; other rows hold anything. The clock moves on.
    void run(const EventBatch& batch, const Column& candidates, std::vector<std::int64_t>& before);
    std::int64_t watermark() const { return m_watermark; }

private:
    std::int64_t m_floor;
    std::int64_t m_watermark = INT64_MIN;
};

/// Rows whose slice may have fired, with their own partition's watermark before each.
struct DoubtfulRows
{
    std::vector<std::uint32_t> rows;
    std::vector<std::int64_t> sliceEnds;
    std::vector<std::int64_t> ownWatermark;
};

struct SortedRows
{
    SlicedRows inTime;
    DoubtfulRows doubtful;
    std::vector<std::uint32_t> withoutTime; ///< NULL in the time column: in neither
};

/// What sortRows() needs beside the rows.
struct TimeRule
{
    const SliceAssigner& slices;
    const Column& time; ///< Timestamp
    std::span<const std::int64_t> ownWatermark; ///< before each row; empty: there is no watermark, nothing is late
    bool trustOwn = true; ///< false: the partition may lie behind the query's watermark, so that every row is doubtful
};

/// Tells rows that are certainly in time from those that other partitions decide.
void sortRows(const EventBatch& batch, const TimeRule& rule, SortedRows& sorted);

} // namespace weir::window
