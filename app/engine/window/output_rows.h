// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"

#include <functional>
#include <optional>
#include <tuple>

namespace weir::window {

/// Rows of one batch on their way from one operator to the next.
struct StreamRows
{
    EventBatch batch;
    std::vector<std::int64_t> watermarks; ///< before each row of the batch; only selected ones mean something
    std::vector<RowKind> kinds; ///< of each row of the batch; empty: all Insert
};

/// Where a row stands in the output of an operator, however its keys are spread: rows that a passing watermark brought
/// forth come before the row that brought it.
struct OutputOrder
{
    std::size_t place = 0; ///< into InputRows::rows, one past the end for what the last watermark brings
    bool direct = false; ///< comes from the row itself, not from a timer
    std::int64_t due = 0; ///< of the timer
    std::int64_t at = 0; ///< its time
    std::uint64_t number = 0; ///< tells timers of one time apart by arrival
    auto operator<=>(const OutputOrder&) const = default;
};

/// Rows of one of several operators that share the keys, and where each stands in the output of all.
struct OrderedRows
{
    StreamRows rows;
    std::vector<OutputOrder> orders;
};

/// Rows that an operator gives, gathered into batches. A row is made by appending one cell to each column, then
/// endRow().
class OutputRows
{
public:
    /// Takes a full batch; false: nothing more is wanted.
    using Flush = std::function<bool(StreamRows)>;
    using FlushOrdered = std::function<bool(OrderedRows)>;

    OutputRows(const Schema& schema, Flush flush);
    OutputRows(const Schema& schema, FlushOrdered flush);

    void setPlace(const OutputOrder& order, std::int64_t watermark)
    {
        m_order = order;
        m_watermark = watermark;
    }
    Column& column(std::size_t index) { return m_rows.batch.columns[index]; }
    /// Row `row` of these columns is appended from column `first` on.
    void append(const std::vector<Column>& from, std::size_t row, std::size_t first = 0);
    void appendNulls(std::size_t first, std::size_t count);
    void append(std::size_t index, Timestamp value);
    void append(std::size_t index, std::int64_t value);
    void endRow(RowKind kind = RowKind::Insert);
    /// A batch as it is, behind the rows gathered so far.
    void pass(StreamRows rows);

    bool stopped() const { return m_stopped; } ///< nothing more is wanted
    void flush(); ///< what is left

private:
    void startBatch();

    Schema m_schema;
    Flush m_flush; ///< one of the two
    FlushOrdered m_flushOrdered;
    bool m_stopped = false;
    OutputOrder m_order;
    std::int64_t m_watermark = INT64_MIN;
    StreamRows m_rows;
    std::vector<OutputOrder> m_orders;
};

/// The rows of several operators in the one order. `next(part)` gives the next batch of one, nothing behind its last.
using NextRows = std::function<std::optional<OrderedRows>(std::size_t part)>;
void mergeRows(OutputRows& target, std::size_t parts, const NextRows& next);

} // namespace weir::window
