// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/output_rows.h"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace weir::query {

/// Batches from the thread of one operator to the one that brings the rows of all in order. It holds so many bytes, so
/// that an operator that gives more rows than memory holds waits for those who read them.
class RowChannel
{
public:
    static constexpr std::size_t unlimited = SIZE_MAX; ///< everything may be put in before the first one is taken out

    explicit RowChannel(std::size_t byteLimit) : m_limit(byteLimit) { }

    /// Waits for room; false when nobody reads any more.
    bool push(window::OrderedRows rows);
    void finish(); ///< there will be no more rows
    /// Waits for a batch; nothing behind the last one.
    std::optional<window::OrderedRows> pop();
    void close(); ///< nobody reads any more

private:
    const std::size_t m_limit;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<window::OrderedRows> m_batches;
    std::size_t m_bytes = 0; ///< of them
    bool m_finished = false;
    bool m_closed = false;
};

} // namespace weir::query
