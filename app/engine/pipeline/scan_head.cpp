// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/scan_head.h"

#include <algorithm>

namespace weir::query {

void ScanHead::addPartition(std::size_t partition, const TopicPartition& source)
{
    m_places[partition] = m_tracker.add(source.partition);
    m_topics.push_back(source.topic);
}

void ScanHead::beginSteps(std::size_t partition, const std::vector<std::int64_t>& ownWatermarks)
{
    m_steps.clear();
    for (const std::int64_t own : ownWatermarks)
        m_steps.push_back(m_tracker.before(placeOf(partition), own));
}

std::int64_t ScanHead::watermarkBefore(std::int64_t end) const
{
    const auto fires = std::partition_point(
        m_steps.begin(), m_steps.end(), [&](std::int64_t step) { return m_zone.progressOf(step) < end - 1; });
    return fires == m_steps.begin() ? m_told : std::max(m_told, *std::prev(fires));
}

void ScanHead::endSteps(std::int64_t watermark)
{
    m_steps.clear();
    m_told = std::max(m_told, watermark);
}

window::StreamRows ScanHead::streamed(std::size_t partition, WorkedBatch& work) const
{
    window::StreamRows rows;
    rows.batch = std::move(work.batch);
    rows.watermarks = std::move(work.ownWatermarks);
    rows.watermarks.resize(rows.batch.rowCount, INT64_MIN);
    const std::size_t place = placeOf(partition);
    std::int64_t own = INT64_MIN;
    std::int64_t watermark = m_tracker.before(place, own);
    rows.batch.forEachSelected([&](std::uint32_t row) {
        if (rows.watermarks[row] != own) { // neighbours mostly share it
            own = rows.watermarks[row];
            watermark = m_tracker.before(place, own);
        }
        rows.watermarks[row] = watermark;
    });
    return rows;
}

} // namespace weir::query
