// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/row_buffer.h"
#include "app/engine/window/row_order.h"
#include "app/engine/window/window_aggregation.h"

namespace weir::window {

struct TopNSpec
{
    KeyColumns keys;
    BoundColumns bounds;
    WindowZone zone = {};
    std::vector<OrderColumn> order;
    std::int64_t first = 1; ///< row numbers first to last
    std::int64_t last = 1;
    bool lastOfEquals = false; ///< of rows that are equal in the order the newest stands first, not the oldest
};

struct RankedWindow
{
    WindowBounds bounds;
    std::vector<std::uint32_t> rows; ///< in their order, not more than can be shown
};

struct RankedWindows
{
    std::vector<RankedWindow> windows; ///< by end, then start
    bool empty() const { return windows.empty(); }
};

/// The first rows of each window and key. Gives the input's columns and the row number.
class TopNOperator final : public KeyedOperator<RankedWindows>
{
public:
    TopNOperator(const TopNSpec& spec, const Schema& input);

protected:
    void beginBatch(std::size_t, const EventBatch& batch) override { m_batch = &batch; }
    void addRow(const RowVisit& visit, OutputRows& out) override;
    void fire(std::span<const Timer> timers, OutputRows& out) override;
    void endBatch() override;
    std::size_t heldBytes() const override;
    std::size_t bytesOf(const RankedWindows& state) const override;

private:
    RankedWindow& windowOf(const RowVisit& visit, const WindowBounds& bounds);
    void insert(std::vector<std::uint32_t>& rows, std::uint32_t row);

    TopNSpec m_spec;
    RowWindows m_rowWindows;
    RowBuffer m_rows;
    const EventBatch* m_batch = nullptr;
    std::size_t m_openWindows = 0;
};

} // namespace weir::window
