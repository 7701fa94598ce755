// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/row_buffer.h"
#include "app/engine/window/window_aggregation.h"

#include <map>

namespace weir::window {

struct OverSpec
{
    KeyColumns keys;
    std::size_t timeColumn = 0;
    bool byRows = false; ///< ROWS; else RANGE
    std::int64_t preceding = -1; ///< rows or milliseconds; -1: UNBOUNDED
    std::vector<CallColumns> calls;
    std::size_t shownColumns = 0; ///< how many of the input's columns are given; those behind are operands of calls
};

/// The frame of one key: two stacks of states. A state of the older stack holds its row and all newer ones of that
/// stack, so the frame's value is the top of the older stack with the running state of the newer one.
struct OverFrame
{
    struct Entry
    {
        std::int64_t time = 0;
        std::uint32_t slot = 0;
    };
    std::vector<Entry> older; ///< the oldest is the last
    std::vector<Entry> newer; ///< the newest is the last
    std::optional<std::uint32_t> running; ///< UNBOUNDED: of all rows; else of `newer`
};

struct OverState
{
    std::map<std::int64_t, std::vector<std::uint32_t>> waiting; ///< rows by time, in arrival order
    OverFrame frame;
    std::optional<std::int64_t> newest; ///< the newest time that was given
    std::optional<std::int64_t> cleanUp; ///< RANGE: when the key is forgotten
    bool empty() const { return waiting.empty() && !frame.running && frame.older.empty() && !newest; }
};

/// Aggregates over the rows before each row. A row waits until the watermark reaches its time. Bounded frames: it is
/// late when the key has given a row of its time or later (times up to 0 always, as in Flink). Unbounded ones: when it
/// is not above the watermark. Gives the shown columns of the input, then the calls.
class OverOperator final : public KeyedOperator<OverState>
{
public:
    OverOperator(const OverSpec& spec, const Schema& input);

protected:
    void beginBatch(std::size_t, const EventBatch& batch) override { m_batch = &batch; }
    void addRow(const RowVisit& visit, OutputRows& out) override;
    void fire(std::span<const Timer> timers, OutputRows& out) override;
    void endBatch() override;
    std::size_t heldBytes() const override;
    std::size_t bytesOf(const OverState& state) const override;

private:
    bool isLate(const OverState& state, std::int64_t time, std::int64_t watermark) const;
    void prepareCleanUp(const RowVisit& visit, std::int64_t time);
    void give(const Timer& timer, OverState& state, OutputRows& out);
    void push(OverFrame& frame, std::int64_t time, std::uint32_t row);
    void dropBefore(OverFrame& frame, std::int64_t time);
    void dropOldest(OverFrame& frame);
    void turnOver(OverFrame& frame);
    std::vector<Column> valueOf(OverFrame& frame);
    void forget(OverState& state);
    bool unbounded() const { return m_spec.preceding < 0; }

    OverSpec m_spec;
    RowBuffer m_rows; ///< that wait
    Accumulators m_accumulators;
    const EventBatch* m_batch = nullptr;
    std::size_t m_frameRows = 0;
};

} // namespace weir::window
