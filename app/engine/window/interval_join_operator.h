// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/join_pairs.h"
#include "app/engine/window/keyed_operator.h"
#include "app/engine/window/row_buffer.h"

#include <map>
#include <optional>

namespace weir::window {

/// left time + lower <= right time <= left time + upper, milliseconds.
struct JoinInterval
{
    std::size_t leftTime = 0;
    std::size_t rightTime = 0;
    std::int64_t lower = 0;
    std::int64_t upper = 0;
};

struct IntervalRow
{
    std::uint32_t row = 0;
    bool matched = false;
};

/// The rows of one input that may still find partners.
struct IntervalSide
{
    std::map<std::int64_t, std::vector<IntervalRow>> rows; ///< by time
    std::optional<std::int64_t> cleanUp; ///< the timer that is set
    std::int64_t expired = INT64_MIN; ///< rows up to this time find nobody any more, as last computed
};

struct IntervalSides
{
    IntervalSide sides[2];
    bool empty() const { return sides[0].rows.empty() && sides[1].rows.empty(); }
};

/// Interval join as Flink runs it. Rows are joined as they meet; late rows too, with what is still kept. A row is kept
/// until the watermark shows that no partner in time can come, and a while longer: it goes with a timer half the width
/// of the interval later, or when a row of the other input finds it expired. Only then a row without partner is given,
/// where the kind of join asks for that.
class IntervalJoinOperator final : public KeyedOperator<IntervalSides>
{
public:
    IntervalJoinOperator(const JoinSpec& spec, const JoinInterval& interval);

protected:
    void beginBatch(std::size_t, const EventBatch& batch) override { m_batch = &batch; }
    void addRow(const RowVisit& visit, OutputRows& out) override;
    void fire(std::span<const Timer> timers, OutputRows& out) override;
    void endBatch() override;
    std::size_t heldBytes() const override;
    std::size_t bytesOf(const IntervalSides& state) const override;

private:
    bool meet(const RowVisit& visit, std::int64_t time, std::uint32_t row, OutputRows& out);
    bool joinWith(const RowVisit& visit, std::uint32_t row, std::span<IntervalRow* const> others, OutputRows& out);
    void keep(const RowVisit& visit, std::int64_t time, IntervalRow row, OutputRows& out);
    void dropExpired(IntervalSide& side, std::size_t port, OutputRows& out);
    void emitAlone(std::size_t port, std::uint32_t row, OutputRows& out);
    std::int64_t expiredAt(std::int64_t watermark, std::size_t port) const;
    void setCleanUp(IntervalSide& side, std::size_t port, std::int64_t time, const Timer& from);
    void moveTogether(std::size_t port);

    const JoinSpec m_spec;
    JoinPairs m_pairs;
    std::size_t m_timeColumns[2];
    std::int64_t m_reach[2]; ///< how far after a row's time its partners may come
    std::int64_t m_patience; ///< how much longer rows are kept
    RowBuffer m_rows[2];
    const EventBatch* m_batch = nullptr;
};

} // namespace weir::window
