// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/group_dictionary.h"
#include "app/engine/aggregate/key_hash.h"
#include "app/engine/window/key_text.h"
#include "app/engine/window/timer_queue.h"
#include "app/engine/window/window_zone.h"

#include <numeric>

namespace weir::window {

/// One row as an operator meets it.
struct RowVisit
{
    std::size_t port = 0;
    std::uint32_t row = 0; ///< in the batch
    std::uint32_t key = 0; ///< number of its key
    std::int64_t watermark = INT64_MIN; ///< before the row
    std::uint64_t number = 0; ///< arrival number
};

/// The one loop of all operators that keep a State per key: rows and timers in the order of the watermark, keys as
/// dense numbers. State has `bool empty()`: a key without state may be forgotten and begins anew.
template <typename State>
class KeyedOperator : public Operator
{
public:
    /// `keys`: the key columns of each port's rows. With a zone, timers and the watermark that rows see are local
    /// times.
    KeyedOperator(std::vector<LogicalType> keyTypes, std::vector<std::vector<std::size_t>> keys, WindowZone zone = {})
        : m_keyTypes(std::move(keyTypes)), m_keyColumns(std::move(keys)), m_zone(std::move(zone)), m_keys(m_keyTypes)
    { }

    void process(std::size_t port, const InputRows& in, OutputRows& out) final
    {
        if (isFull())
            return;
        forgetEmptyKeys();
        assignKeys(port, in);
        const std::span<const std::int64_t> progress = progressOf(in.watermarks);
        beginBatch(port, in.batch);
        for (std::size_t i = 0; i < in.places.size() && !isFull(); ++i) {
            const std::size_t place = in.places[i];
            fireUntil(progress[place], progress, in, out);
            const std::uint64_t number = in.firstNumber + place;
            out.setPlace({place, true, 0, 0, number}, in.watermarks[place]);
            addRow({port, in.rows[place], m_numbers[i], progress[place], number}, out);
            book();
        }
        fireUntil(m_zone.progressOf(in.after), progress, in, out);
        endBatch();
        bookExactly(memoryBytes());
    }

    std::size_t groupCount() const final
    {
        return static_cast<std::size_t>(
            std::count_if(m_states.begin(), m_states.end(), [](const State& state) { return !state.empty(); }));
    }

    std::size_t memoryBytes() const final
    {
        return sizeof(*this) + m_keys.memoryBytes() + m_states.capacity() * sizeof(State) + m_timers.memoryBytes()
            + heldBytes();
    }

    std::vector<KeyUse> largestKeys(std::size_t count) const final
    {
        return largestOf(m_keys.keys(), count, [this](std::size_t key) { return bytesOf(m_states[key]); });
    }

protected:
    virtual void beginBatch(std::size_t /*port*/, const EventBatch& /*batch*/) { }
    virtual void addRow(const RowVisit& visit, OutputRows& out) = 0;
    /// Timers of one due time, in their order; setTimerPlace() before each row that is given.
    virtual void fire(std::span<const Timer> timers, OutputRows& out) = 0;
    virtual void endBatch() { }
    virtual std::size_t heldBytes() const = 0; ///< beside keys, states and timers
    virtual std::size_t bytesOf(const State& state) const = 0; ///< about, all that belongs to one key

    State& state(std::uint32_t key) { return m_states[key]; }
    std::vector<State>& states() { return m_states; }
    const std::vector<Column>& keyCells() const { return m_keys.keys(); } ///< by number
    void addTimer(std::int64_t at, std::uint32_t key, std::uint64_t number, std::int64_t watermark)
    {
        m_timers.add({at, number, key}, watermark);
    }
    void setTimerPlace(const Timer& timer, OutputRows& out) const
    {
        OutputOrder order = m_firing;
        order.at = timer.at;
        order.number = timer.number;
        out.setPlace(order, m_firingWatermark);
    }
    std::int64_t firingWatermark() const { return m_reached; } ///< the one that made the timers fire

private:
    static constexpr std::uint32_t gone = UINT32_MAX;
    static constexpr std::size_t leastKeys = 1024;

    void assignKeys(std::size_t port, const InputRows& in)
    {
        m_numbers.clear();
        if (in.places.empty()) // a watermark alone has no columns
            return;
        m_rows.clear();
        for (const std::uint32_t place : in.places)
            m_rows.push_back(in.rows[place]);
        std::vector<const Column*> columns;
        for (const std::size_t column : m_keyColumns[port])
            columns.push_back(&in.batch.columns[column]);
        aggregate::hashRows(columns, m_rows, m_hashes);
        m_keys.assign(columns, m_rows, m_hashes, m_numbers);
        m_states.resize(m_keys.size());
    }

    std::span<const std::int64_t> progressOf(std::span<const std::int64_t> watermarks)
    {
        if (!m_zone.shifts())
            return watermarks;
        m_progress.clear();
        for (const std::int64_t watermark : watermarks)
            m_progress.push_back(m_zone.progressOf(watermark));
        return m_progress;
    }

    void fireUntil(std::int64_t watermark, std::span<const std::int64_t> progress, const InputRows& in, OutputRows& out)
    {
        while (m_timers.anyDue(watermark) && !out.stopped()) {
            const auto [due, timers] = m_timers.take();
            const auto place =
                static_cast<std::size_t>(std::lower_bound(progress.begin(), progress.end(), due) - progress.begin());
            m_firing = {place, false, due, 0, 0};
            m_firingWatermark = place == 0 ? in.before : in.watermarks[place - 1];
            m_reached = place == in.watermarks.size() ? in.after : in.watermarks[place];
            fire(timers, out);
        }
    }

    /// Keeps the keys that have state when the others are the greater part.
    void forgetEmptyKeys()
    {
        if (m_states.size() < m_nextLook)
            return;
        std::vector<std::uint32_t> kept;
        for (std::uint32_t key = 0; key < m_states.size(); ++key) {
            if (!m_states[key].empty())
                kept.push_back(key);
        }
        m_nextLook = std::max(leastKeys, kept.size() * 2);
        if (kept.size() * 2 > m_states.size())
            return;
        const aggregate::GroupDictionary old = std::exchange(m_keys, aggregate::GroupDictionary(m_keyTypes));
        std::vector<const Column*> columns;
        for (const Column& column : old.keys())
            columns.push_back(&column);
        aggregate::hashRows(columns, kept, m_hashes);
        m_keys.assign(columns, kept, m_hashes, m_numbers);
        std::vector<State> states(kept.size());
        std::vector<std::uint32_t> numbers(m_states.size(), gone);
        for (std::size_t i = 0; i < kept.size(); ++i) {
            states[m_numbers[i]] = std::move(m_states[kept[i]]);
            numbers[kept[i]] = m_numbers[i];
        }
        m_states = std::move(states);
        m_timers.renumber(numbers, gone);
    }

    std::vector<LogicalType> m_keyTypes;
    std::vector<std::vector<std::size_t>> m_keyColumns; ///< by port
    WindowZone m_zone;
    aggregate::GroupDictionary m_keys;
    std::vector<State> m_states; ///< by key number
    TimerQueue m_timers;
    std::size_t m_nextLook = leastKeys;
    OutputOrder m_firing;
    std::int64_t m_firingWatermark = INT64_MIN;
    std::int64_t m_reached = INT64_MIN;
    std::vector<std::int64_t> m_progress; ///< scratch, as are the next three
    std::vector<std::uint32_t> m_rows;
    std::vector<std::uint64_t> m_hashes;
    std::vector<std::uint32_t> m_numbers;
};

} // namespace weir::window
