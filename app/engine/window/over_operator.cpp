// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/over_operator.h"

#include "app/engine/window/time_sum.h"

namespace weir::window {

OverOperator::OverOperator(const OverSpec& spec, const Schema& input)
    : KeyedOperator(spec.keys.types, {spec.keys.columns}), m_spec(spec), m_rows(input), m_accumulators(spec.calls)
{
    m_accumulators.bind(m_rows.columns());
}

bool OverOperator::isLate(const OverState& state, std::int64_t time, std::int64_t watermark) const
{
    return unbounded() ? time <= watermark : time <= state.newest.value_or(0);
}

void OverOperator::addRow(const RowVisit& visit, OutputRows&)
{
    const Column& times = m_batch->columns[m_spec.timeColumn];
    if (times.isNull(visit.row))
        return fail(nullTime);
    const std::int64_t time = times.values<Timestamp>()[visit.row].millis;
    OverState& key = state(visit.key);
    if (isLate(key, time, visit.watermark))
        return countLate();
    const auto [waiting, isNew] = key.waiting.try_emplace(time);
    waiting->second.push_back(m_rows.add(m_batch->columns, visit.row));
    if (isNew)
        addTimer(time, visit.key, visit.number, visit.watermark);
    prepareCleanUp(visit, time);
}

/// A frame of time is empty when the watermark is that far on; Flink then forgets the key, and with it what it has
/// given, half a frame later.
void OverOperator::prepareCleanUp(const RowVisit& visit, std::int64_t time)
{
    if (m_spec.byRows || unbounded())
        return;
    std::optional<std::int64_t>& cleanUp = state(visit.key).cleanUp;
    if (cleanUp && *cleanUp >= timeSum(time, m_spec.preceding + 1))
        return;
    cleanUp = timeSum(time, m_spec.preceding + m_spec.preceding / 2 + 1);
    addTimer(*cleanUp, visit.key, visit.number, visit.watermark);
}

void OverOperator::fire(std::span<const Timer> timers, OutputRows& out)
{
    for (const Timer& timer : timers) {
        OverState& key = state(timer.key);
        if (key.cleanUp && *key.cleanUp <= timer.at)
            forget(key);
        else
            give(timer, key, out);
    }
}

void OverOperator::give(const Timer& timer, OverState& key, OutputRows& out)
{
    const auto found = key.waiting.find(timer.at);
    if (!unbounded())
        key.newest = std::max(key.newest.value_or(timer.at), timer.at);
    if (found == key.waiting.end())
        return;
    const std::vector<std::uint32_t> rows = std::move(found->second);
    key.waiting.erase(found);
    const auto show = [&](std::uint32_t row, const std::vector<Column>& calls) {
        setTimerPlace(timer, out);
        for (std::size_t i = 0; i < m_spec.shownColumns; ++i)
            out.column(i).appendCopy(m_rows.columns()[i], row);
        out.append(calls, 0, m_spec.shownColumns);
        out.endRow();
    };
    if (m_spec.byRows) {
        for (const std::uint32_t row : rows) {
            push(key.frame, timer.at, row);
            show(row, valueOf(key.frame));
        }
    } else {
        dropBefore(key.frame, timeSum(timer.at, unbounded() ? 0 : -m_spec.preceding));
        for (const std::uint32_t row : rows)
            push(key.frame, timer.at, row);
        const std::vector<Column> calls = valueOf(key.frame);
        for (const std::uint32_t row : rows)
            show(row, calls);
    }
    m_accumulators.flush();
    m_rows.release(rows.size());
}

void OverOperator::push(OverFrame& frame, std::int64_t time, std::uint32_t row)
{
    if (!frame.running)
        frame.running = m_accumulators.take();
    m_accumulators.add(row, *frame.running);
    if (unbounded())
        return;
    const std::uint32_t slot = m_accumulators.take();
    m_accumulators.add(row, slot);
    frame.newer.push_back({time, slot});
    ++m_frameRows;
    const auto rows = static_cast<std::int64_t>(frame.older.size() + frame.newer.size());
    if (m_spec.byRows && rows > m_spec.preceding + 1)
        dropOldest(frame);
}

void OverOperator::dropBefore(OverFrame& frame, std::int64_t time)
{
    for (;;) {
        if (frame.older.empty() && frame.newer.empty())
            return;
        const OverFrame::Entry& oldest = frame.older.empty() ? frame.newer.front() : frame.older.back();
        if (oldest.time >= time)
            return;
        dropOldest(frame);
    }
}

void OverOperator::dropOldest(OverFrame& frame)
{
    if (frame.older.empty())
        turnOver(frame);
    m_accumulators.release({&frame.older.back().slot, 1});
    frame.older.pop_back();
    --m_frameRows;
}

/// The newer stack becomes the older one: each state takes in those of the rows after it.
void OverOperator::turnOver(OverFrame& frame)
{
    while (!frame.newer.empty()) {
        if (!frame.older.empty())
            m_accumulators.merge(frame.older.back().slot, frame.newer.back().slot);
        frame.older.push_back(frame.newer.back());
        frame.newer.pop_back();
    }
    m_accumulators.release({&*frame.running, 1});
    frame.running = m_accumulators.take();
}

std::vector<Column> OverOperator::valueOf(OverFrame& frame)
{
    if (frame.older.empty())
        return m_accumulators.finish({&*frame.running, 1});
    const std::uint32_t slot = m_accumulators.take();
    m_accumulators.merge(frame.older.back().slot, slot);
    m_accumulators.merge(*frame.running, slot);
    std::vector<Column> value = m_accumulators.finish({&slot, 1});
    m_accumulators.release({&slot, 1});
    return value;
}

void OverOperator::forget(OverState& key)
{
    for (const auto* stack : {&key.frame.older, &key.frame.newer}) {
        for (const OverFrame::Entry& entry : *stack)
            m_accumulators.release({&entry.slot, 1});
        m_frameRows -= stack->size();
    }
    if (key.frame.running)
        m_accumulators.release({&*key.frame.running, 1});
    for (const auto& [time, rows] : key.waiting)
        m_rows.release(rows.size());
    key = {};
}

void OverOperator::endBatch()
{
    m_accumulators.flush();
    if (!m_rows.sparse())
        return;
    const std::vector<Column> old = m_rows.startAnew();
    for (OverState& key : states()) {
        for (auto& [time, rows] : key.waiting) {
            for (std::uint32_t& row : rows)
                row = m_rows.add(old, row);
        }
    }
}

std::size_t OverOperator::heldBytes() const
{
    constexpr std::size_t perRow = sizeof(std::uint32_t) + 96; // its place in the map
    return m_rows.memoryBytes() + m_rows.liveRows() * perRow + m_accumulators.memoryBytes()
        + m_frameRows * sizeof(OverFrame::Entry) * 2;
}

std::size_t OverOperator::bytesOf(const OverState& state) const
{
    std::size_t rows = 0;
    for (const auto& [time, waiting] : state.waiting)
        rows += waiting.size();
    const std::size_t frame = state.frame.older.size() + state.frame.newer.size() + 1;
    return rows * m_rows.bytesPerRow() + frame * (sizeof(OverFrame::Entry) + m_accumulators.slotBytes());
}

} // namespace weir::window
