// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/accumulators.h"
#include "app/engine/window/keyed_operator.h"
#include "app/engine/window/row_windows.h"

namespace weir::window {

/// The keys of an aggregation: their types and where they stand in the rows.
struct KeyColumns
{
    std::vector<LogicalType> types;
    std::vector<std::size_t> columns;
};

struct OpenWindow
{
    WindowBounds bounds;
    std::uint32_t slot = 0;
    bool updated = false; ///< a row came for its last slice
};

struct OpenWindows
{
    std::vector<OpenWindow> windows; ///< by end, then start
    bool empty() const { return windows.empty(); }
};

/// Aggregation per window and key of rows that come from another operator. A row counts in all its windows that have
/// not fired; it is late when all have. Gives window_start, window_end, window_time, the keys, the calls.
class WindowAggregation final : public KeyedOperator<OpenWindows>
{
public:
    WindowAggregation(RowWindows windows, const KeyColumns& keys, std::vector<CallColumns> calls);

protected:
    void beginBatch(std::size_t port, const EventBatch& batch) override;
    void addRow(const RowVisit& visit, OutputRows& out) override;
    void fire(std::span<const Timer> timers, OutputRows& out) override;
    void endBatch() override { m_accumulators.flush(); }
    std::size_t heldBytes() const override;
    std::size_t bytesOf(const OpenWindows& state) const override;

private:
    OpenWindow& windowOf(const RowVisit& visit, const WindowBounds& bounds);

    RowWindows m_rowWindows;
    Accumulators m_accumulators;
    const EventBatch* m_batch = nullptr;
    std::size_t m_openWindows = 0;
};

/// Appends window_start, window_end and window_time to a row, from column `first` on.
void appendBounds(const WindowBounds& bounds, const WindowZone& zone, std::size_t first, OutputRows& out);

} // namespace weir::window
