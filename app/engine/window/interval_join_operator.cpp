// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/interval_join_operator.h"

#include "app/engine/window/time_sum.h"

namespace weir::window {

namespace {

constexpr std::size_t pairsAtOnce = 1024;

} // namespace

IntervalJoinOperator::IntervalJoinOperator(const JoinSpec& spec, const JoinInterval& interval)
    : KeyedOperator(spec.keyTypes, {spec.leftKeys, spec.rightKeys}), m_spec(spec),
      m_pairs(m_spec), m_timeColumns{interval.leftTime, interval.rightTime}, m_reach{interval.upper, -interval.lower},
      m_patience(std::max<std::int64_t>(0, timeSum(interval.upper, -interval.lower) / 2)), m_rows{RowBuffer(spec.left),
                                                                                               RowBuffer(spec.right)}
{ }

std::int64_t IntervalJoinOperator::expiredAt(std::int64_t watermark, std::size_t port) const
{
    return watermark == INT64_MAX ? watermark : timeSum(timeSum(watermark, -m_reach[port]), -1);
}

void IntervalJoinOperator::addRow(const RowVisit& visit, OutputRows& out)
{
    const Column& times = m_batch->columns[m_timeColumns[visit.port]];
    if (times.isNull(visit.row))
        return fail(nullTime);
    const std::int64_t time = times.values<Timestamp>()[visit.row].millis;
    const std::uint32_t row = m_rows[visit.port].add(m_batch->columns, visit.row);
    const bool matched = meet(visit, time, row, out);
    keep(visit, time, {row, matched}, out);
}

/// True when the row found a partner among the kept rows of the other input.
bool IntervalJoinOperator::meet(const RowVisit& visit, std::int64_t time, std::uint32_t row, OutputRows& out)
{
    const std::size_t otherPort = 1 - visit.port;
    IntervalSide& other = state(visit.key).sides[otherPort];
    const std::int64_t last = timeSum(time, m_reach[visit.port]);
    if (other.expired >= last)
        return false;
    other.expired = expiredAt(visit.watermark, otherPort);
    const std::int64_t first = timeSum(time, -m_reach[otherPort]);
    bool matched = false;
    std::vector<IntervalRow*> others;
    const bool matchable = !hasNull(keyCells(), visit.key);
    for (auto entry = other.rows.lower_bound(first); matchable && entry != other.rows.end() && entry->first <= last;
         ++entry) {
        for (IntervalRow& candidate : entry->second) {
            others.push_back(&candidate);
            if (others.size() < pairsAtOnce)
                continue;
            matched = joinWith(visit, row, others, out) || matched;
            others.clear();
        }
    }
    matched = joinWith(visit, row, others, out) || matched;
    dropExpired(other, otherPort, out);
    return matched;
}

bool IntervalJoinOperator::joinWith(
    const RowVisit& visit, std::uint32_t row, std::span<IntervalRow* const> others, OutputRows& out)
{
    const bool fromLeft = visit.port == 0;
    std::vector<Pair> pairs;
    for (const IntervalRow* other : others)
        pairs.push_back(fromLeft ? Pair{row, other->row} : Pair{other->row, row});
    const JoinPairs::Sides sides{m_rows[0].columns(), m_rows[1].columns()};
    std::vector<std::string> failures;
    std::size_t place = 0;
    bool matched = false;
    for (const Pair& pair : m_pairs.matching(pairs, sides, failures)) {
        while (others[place]->row != (fromLeft ? pair.right : pair.left))
            ++place;
        others[place]->matched = true;
        matched = true;
        m_pairs.appendBoth(sides, pair, out);
    }
    for (std::string& failure : failures)
        fail(std::move(failure));
    return matched;
}

void IntervalJoinOperator::keep(const RowVisit& visit, std::int64_t time, IntervalRow row, OutputRows& out)
{
    if (visit.watermark >= timeSum(time, m_reach[visit.port])) { // nobody can come that is not late
        if (!row.matched)
            emitAlone(visit.port, row.row, out);
        m_rows[visit.port].release();
        return;
    }
    IntervalSide& side = state(visit.key).sides[visit.port];
    side.rows[time].push_back(row);
    if (!side.cleanUp)
        setCleanUp(side, visit.port, time, {0, visit.number, visit.key});
}

void IntervalJoinOperator::setCleanUp(IntervalSide& side, std::size_t port, std::int64_t time, const Timer& from)
{
    side.cleanUp = timeSum(timeSum(time, m_reach[port]), timeSum(m_patience, 1));
    addTimer(*side.cleanUp, from.key, from.number, INT64_MIN);
}

void IntervalJoinOperator::dropExpired(IntervalSide& side, std::size_t port, OutputRows& out)
{
    while (!side.rows.empty() && side.rows.begin()->first <= side.expired && !out.stopped()) {
        const auto expired = side.rows.extract(side.rows.begin());
        for (const IntervalRow& row : expired.mapped()) {
            if (!row.matched)
                emitAlone(port, row.row, out);
        }
        m_rows[port].release(expired.mapped().size());
    }
}

void IntervalJoinOperator::emitAlone(std::size_t port, std::uint32_t row, OutputRows& out)
{
    if (port == 0 && m_spec.keepsLeft())
        m_pairs.appendLeft(m_rows[0].columns(), row, out);
    else if (port == 1 && m_spec.keepsRight())
        m_pairs.appendRight(m_rows[1].columns(), row, out);
}

void IntervalJoinOperator::fire(std::span<const Timer> timers, OutputRows& out)
{
    for (const Timer& timer : timers) {
        setTimerPlace(timer, out);
        for (std::size_t port = 0; port < 2; ++port) {
            IntervalSide& side = state(timer.key).sides[port];
            if (side.cleanUp != timer.at)
                continue;
            side.cleanUp.reset();
            side.expired = expiredAt(firingWatermark(), port);
            dropExpired(side, port, out);
            if (!side.rows.empty())
                setCleanUp(side, port, side.rows.begin()->first, timer);
        }
    }
}

void IntervalJoinOperator::endBatch()
{
    moveTogether(0);
    moveTogether(1);
}

void IntervalJoinOperator::moveTogether(std::size_t port)
{
    if (!m_rows[port].sparse())
        return;
    const std::vector<Column> old = m_rows[port].startAnew();
    for (IntervalSides& key : states()) {
        for (auto& [time, rows] : key.sides[port].rows) {
            for (IntervalRow& row : rows)
                row.row = m_rows[port].add(old, row.row);
        }
    }
}

std::size_t IntervalJoinOperator::heldBytes() const
{
    constexpr std::size_t perRow = sizeof(IntervalRow) + 96; // its place in the map
    return m_rows[0].memoryBytes() + m_rows[1].memoryBytes() + (m_rows[0].liveRows() + m_rows[1].liveRows()) * perRow;
}

std::size_t IntervalJoinOperator::bytesOf(const IntervalSides& state) const
{
    std::size_t bytes = 0;
    for (std::size_t port = 0; port < 2; ++port) {
        for (const auto& [time, rows] : state.sides[port].rows)
            bytes += rows.size() * m_rows[port].bytesPerRow();
    }
    return bytes;
}

} // namespace weir::window
