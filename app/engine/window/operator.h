// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/output_rows.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace weir::window {

/// Rows that come to an operator in arrival order, and the watermark that stood before each: the minimum over all
/// inputs of the operator, which never goes back. An exchange gives the same rows to several operators of one kind;
/// `places` tells which of them are this one's, so that all see the watermark pass at the same places.
struct InputRows
{
    const EventBatch& batch;
    std::span<const std::uint32_t> rows; ///< of `batch`
    std::span<const std::int64_t> watermarks; ///< before each of `rows`
    std::span<const std::uint32_t> places; ///< indexes of `rows`: the operator's own, ascending
    std::int64_t before = INT64_MIN; ///< the watermark as the rows before this call left it
    std::int64_t after = INT64_MIN; ///< the watermark behind the last row
    std::uint64_t firstNumber = 0; ///< rows[i] is number firstNumber + i of all rows of the operator
};

struct KeyUse
{
    std::string key;
    std::size_t bytes = 0;
};

/// What the operators of a query count, beside the rows that they give.
struct OperatorCounts
{
    std::uint64_t lateDropped = 0;
    std::uint64_t fired = 0; ///< windows and sessions, per key
};

/// A step of a query that keeps rows or states of rows. Timers fire between two rows as soon as the watermark passes
/// them, so that neither the cuts of batches nor the times of polling show in the rows. No threads, no clocks: one call
/// at a time.
class Operator
{
public:
    virtual ~Operator() = default;

    virtual void process(std::size_t port, const InputRows& in, OutputRows& out) = 0;

    virtual std::size_t memoryBytes() const = 0;
    virtual std::size_t groupCount() const = 0; ///< keys with state
    virtual std::vector<KeyUse> largestKeys(std::size_t count) const = 0; ///< largest first

    /// Books what the operator holds; false when there is no room. Asked while rows come in: after a refusal the
    /// operator takes no more rows and isFull().
    void setBooking(std::function<bool(std::size_t bytes)> book) { m_book = std::move(book); }
    bool isFull() const { return m_full; }
    const OperatorCounts& counts() const { return m_counts; }
    /// Rows at which Flink's job would fail, since the last call.
    std::vector<std::string> takeFailures() { return std::exchange(m_failures, {}); }

protected:
    /// To be called after every change of what is held; asks only when it grew by a noticeable step.
    bool book()
    {
        const std::size_t bytes = memoryBytes();
        if (bytes <= m_booked + bookingStep && bytes + bookingStep >= m_booked)
            return true;
        return bookExactly(bytes);
    }
    bool bookExactly(std::size_t bytes)
    {
        m_full = m_full || (m_book && !m_book(bytes));
        m_booked = m_full ? m_booked : bytes;
        return !m_full;
    }
    void countLate() { ++m_counts.lateDropped; }
    void countFired() { ++m_counts.fired; }
    void fail(std::string message) { m_failures.push_back(std::move(message)); }

    static constexpr const char* nullTime =
        "RowTime field should not be null, please convert it to a non-null long value.";

private:
    static constexpr std::size_t bookingStep = 64 << 10;

    std::function<bool(std::size_t)> m_book;
    std::size_t m_booked = 0;
    bool m_full = false;
    OperatorCounts m_counts;
    std::vector<std::string> m_failures;
};

} // namespace weir::window
