// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/window_emitter.h"
#include "app/engine/window/output_rows.h"

namespace weir::query {

/// The first part of a query as the thread sees it that goes through batches in arrival order: the watermark of one
/// scan and the windows that workers fill.
class ScanHead
{
public:
    ScanHead(std::shared_ptr<const QueryProgram> program, std::size_t scan, const Workers& workers,
        std::shared_ptr<MemoryBudget> budget)
        : m_zone(zoneOf(program->scans[scan])), m_windows(std::move(program), scan, workers, std::move(budget))
    { }

    void addPartition(std::size_t partition, const TopicPartition& source);
    std::size_t placeOf(std::size_t partition) const { return m_places.at(partition); }

    window::WatermarkTracker& tracker() { return m_tracker; }
    const window::WatermarkTracker& tracker() const { return m_tracker; }
    /// Of the tracker's partitions, in their order.
    const std::vector<std::string>& topics() const { return m_topics; }
    WindowEmitter& windows() { return m_windows; }
    const WindowEmitter& windows() const { return m_windows; }

    /// A batch begins whose partition's own watermark goes through these values: before observe().
    void beginSteps(std::size_t partition, const std::vector<std::int64_t>& ownWatermarks);
    /// The watermark before the one that fires the window which ends at `end`.
    std::int64_t watermarkBefore(std::int64_t end) const;
    void endSteps(std::int64_t watermark);
    /// Puts the scan's watermark before each row in place of its partition's own: before observe().
    window::StreamRows streamed(std::size_t partition, WorkedBatch& work) const;

    bool& idle() { return m_idle; } ///< as last told

private:
    static window::WindowZone zoneOf(const ScanProgram& scan)
    {
        return scan.aggregation ? scan.aggregation->zone : window::WindowZone();
    }

    window::WindowZone m_zone;
    window::WatermarkTracker m_tracker;
    WindowEmitter m_windows;
    std::map<std::size_t, std::size_t> m_places; ///< number of a partition over all scans -> in the tracker
    std::vector<std::string> m_topics;
    std::vector<std::int64_t> m_steps; ///< ascending
    std::int64_t m_told = INT64_MIN; ///< the last watermark that went on
    bool m_idle = false;
};

} // namespace weir::query
