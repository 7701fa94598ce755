// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/join_pairs.h"
#include "app/engine/window/row_buffer.h"
#include "app/engine/window/window_aggregation.h"

namespace weir::window {

struct JoinedWindow
{
    WindowBounds bounds;
    std::vector<std::uint32_t> left; ///< rows, in arrival order
    std::vector<std::uint32_t> right;
};

struct JoinedWindows
{
    std::vector<JoinedWindow> windows; ///< by end, then start
    bool empty() const { return windows.empty(); }
};

/// Joins the rows of two inputs that have the same window and key, when the window fires.
class WindowJoinOperator final : public KeyedOperator<JoinedWindows>
{
public:
    /// `left` and `right` tell where each input's bounds stand.
    WindowJoinOperator(const JoinSpec& spec, const RowWindows& left, const RowWindows& right);

protected:
    void beginBatch(std::size_t, const EventBatch& batch) override { m_batch = &batch; }
    void addRow(const RowVisit& visit, OutputRows& out) override;
    void fire(std::span<const Timer> timers, OutputRows& out) override;
    void endBatch() override;
    std::size_t heldBytes() const override;
    std::size_t bytesOf(const JoinedWindows& state) const override;

private:
    JoinedWindow& windowOf(const RowVisit& visit, const WindowBounds& bounds);
    void join(const JoinedWindow& window, bool matchable, OutputRows& out);
    void joinLeftRow(const JoinedWindow& window, std::uint32_t left, std::vector<bool>& rightMatched, OutputRows& out);
    void moveTogether(RowBuffer& buffer, std::vector<std::uint32_t> JoinedWindow::*rows);

    const JoinSpec m_spec;
    JoinPairs m_pairs;
    std::vector<RowWindows> m_rowWindows; ///< by port
    RowBuffer m_left;
    RowBuffer m_right;
    const EventBatch* m_batch = nullptr;
    std::size_t m_openWindows = 0;
};

} // namespace weir::window
