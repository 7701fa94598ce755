// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/session_operator.h"

#include "app/engine/window/time_sum.h"

namespace weir::window {

SessionOperator::SessionOperator(const KeyColumns& keys, const SessionRule& rule)
    : KeyedOperator(keys.types, {keys.columns}, rule.zone), m_rule(rule)
{ }

void SessionOperator::beginBatch(std::size_t, const EventBatch& batch)
{
    m_batch = &batch;
}

void SessionOperator::addRow(const RowVisit& visit, OutputRows&)
{
    const Column& time = m_batch->columns[m_rule.timeColumn];
    if (time.isNull(visit.row))
        fail(nullTime);
    else
        addAt(visit, m_rule.zone.localOf(time.values<Timestamp>()[visit.row].millis));
}

void SessionOperator::addAt(const RowVisit& visit, std::int64_t time)
{
    OpenSession merged{{time, timeSum(time, m_rule.gap)}, visit.number, 0};
    std::vector<OpenSession>& sessions = state(visit.key).sessions;
    const auto first = std::find_if(sessions.begin(), sessions.end(),
        [&](const OpenSession& open) { return open.bounds.end >= merged.bounds.start; });
    auto last = first;
    std::int64_t oldEnd = INT64_MIN;
    for (; last != sessions.end() && last->bounds.start <= merged.bounds.end; ++last) {
        if (last == first)
            merged.slot = last->slot;
        else
            mergeSlots(last->slot, merged.slot);
        oldEnd = last->bounds.end;
        merged.bounds.start = std::min(merged.bounds.start, last->bounds.start);
        merged.bounds.end = std::max(merged.bounds.end, last->bounds.end);
        merged.number = std::min(merged.number, last->number);
    }
    if (hasFired(merged.bounds.end, visit.watermark)) // then it joined nothing: what is open has not fired
        return countLate();
    if (first == last)
        merged.slot = takeSlot();
    m_openSessions += 1 - static_cast<std::size_t>(last - first);
    const auto place = sessions.erase(first, last);
    sessions.insert(place, merged);
    addToSlot(visit.row, merged.slot);
    if (merged.bounds.end != oldEnd)
        addTimer(merged.bounds.end - 1, visit.key, merged.number, visit.watermark);
}

/// A session that grew since leaves timers behind for which there is no session any more.
void SessionOperator::fire(std::span<const Timer> timers, OutputRows& out)
{
    std::vector<Fired> fired;
    for (const Timer& timer : timers) {
        std::vector<OpenSession>& sessions = state(timer.key).sessions;
        const auto found = std::find_if(
            sessions.begin(), sessions.end(), [&](const OpenSession& open) { return open.bounds.end - 1 == timer.at; });
        if (found == sessions.end())
            continue;
        fired.push_back({&timer, *found});
        sessions.erase(found);
        if (sessions.empty())
            sessions.shrink_to_fit();
        countFired();
    }
    m_openSessions -= fired.size();
    if (!fired.empty())
        emitRows(fired, out);
}

SessionAggregation::SessionAggregation(const KeyColumns& keys, const SessionRule& rule, std::vector<CallColumns> calls)
    : SessionOperator(keys, rule), m_accumulators(std::move(calls))
{ }

void SessionAggregation::beginBatch(std::size_t port, const EventBatch& batch)
{
    SessionOperator::beginBatch(port, batch);
    m_accumulators.bind(batch.columns);
}

void SessionAggregation::mergeSlots(std::uint32_t from, std::uint32_t into)
{
    m_accumulators.merge(from, into);
    m_accumulators.release({&from, 1});
}

void SessionAggregation::emitRows(std::span<const Fired> fired, OutputRows& out)
{
    std::vector<std::uint32_t> slots;
    for (const Fired& one : fired)
        slots.push_back(one.session.slot);
    const std::vector<Column> calls = m_accumulators.finish(slots);
    for (std::size_t i = 0; i < fired.size() && !out.stopped(); ++i) {
        setTimerPlace(*fired[i].timer, out);
        appendBounds(fired[i].session.bounds, zone(), 0, out);
        out.append(keyCells(), fired[i].timer->key, 3);
        out.append(calls, i, 3 + keyCells().size());
        out.endRow();
    }
    m_accumulators.release(slots);
}

std::size_t SessionAggregation::bytesOf(const OpenSessions& state) const
{
    return state.sessions.size() * (sizeof(OpenSession) + m_accumulators.slotBytes());
}

SessionRows::SessionRows(const KeyColumns& keys, const SessionRule& rule, const Schema& input)
    : SessionOperator(keys, rule), m_rows(input)
{ }

std::uint32_t SessionRows::takeSlot()
{
    if (m_free.empty()) {
        m_lists.emplace_back();
        return static_cast<std::uint32_t>(m_lists.size() - 1);
    }
    const std::uint32_t slot = m_free.back();
    m_free.pop_back();
    return slot;
}

void SessionRows::addToSlot(std::uint32_t row, std::uint32_t slot)
{
    m_lists[slot].push_back(m_rows.add(batch().columns, row));
}

void SessionRows::mergeSlots(std::uint32_t from, std::uint32_t into)
{
    std::vector<std::uint32_t> rows = std::exchange(m_lists[from], {});
    m_free.push_back(from);
    rows.insert(rows.end(), m_lists[into].begin(), m_lists[into].end());
    std::sort(rows.begin(), rows.end()); // buffers number rows by arrival
    m_lists[into] = std::move(rows);
}

void SessionRows::emitRows(std::span<const Fired> fired, OutputRows& out)
{
    for (const Fired& one : fired) {
        const std::vector<std::uint32_t> rows = std::exchange(m_lists[one.session.slot], {});
        m_free.push_back(one.session.slot);
        m_rows.release(rows.size());
        for (std::size_t i = 0; i < rows.size() && !out.stopped(); ++i) {
            setTimerPlace(*one.timer, out);
            out.append(m_rows.columns(), rows[i]);
            appendBounds(one.session.bounds, zone(), m_rows.columns().size(), out);
            out.endRow();
        }
    }
}

void SessionRows::endBatch()
{
    if (!m_rows.sparse())
        return;
    std::vector<std::pair<std::uint32_t, std::uint32_t*>> kept; // by number, so that they stay in arrival order
    for (std::vector<std::uint32_t>& list : m_lists) {
        for (std::uint32_t& row : list)
            kept.emplace_back(row, &row);
    }
    std::sort(kept.begin(), kept.end());
    const std::vector<Column> old = m_rows.startAnew();
    for (const auto& [row, place] : kept)
        *place = m_rows.add(old, row);
}

std::size_t SessionRows::heldBytes() const
{
    return m_rows.memoryBytes() + sessionBytes() + m_lists.capacity() * sizeof(m_lists[0])
        + m_rows.liveRows() * sizeof(std::uint32_t) * 2;
}

std::size_t SessionRows::bytesOf(const OpenSessions& state) const
{
    std::size_t rows = 0;
    for (const OpenSession& session : state.sessions)
        rows += m_lists[session.slot].size();
    return state.sessions.size() * sizeof(OpenSession) + rows * m_rows.bytesPerRow();
}

} // namespace weir::window
