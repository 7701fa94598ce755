// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/log_source.h"

#include <thread>

namespace weir::capture {

namespace {

constexpr std::size_t batchesPerPoll = 16;
constexpr auto refreshInterval = std::chrono::milliseconds(250);
constexpr auto playbackInterval = std::chrono::milliseconds(5);

} // namespace

LogSource::LogSource(LogSourceSetup setup) : m_setup(std::move(setup))
{
    if (m_setup.group)
        m_member.emplace(m_setup.group);
    m_state.connection = Connection::Up;
    publish(false);
}

/// As sources of a live cluster do: nothing is read while arenas hold two fifths of the budget.
bool LogSource::hasRoom() const
{
    const MemoryBudget* const budget = m_setup.budget.get();
    return !budget || (budget->used(MemoryUse::Arenas) < budget->limit() / 5 * 2 && budget->used() < budget->limit());
}

Result<std::vector<RecordBatchPtr>> LogSource::poll(std::chrono::milliseconds timeout)
{
    std::vector<RecordBatchPtr> batches;
    Next last = Next::Taken;
    while (last == Next::Taken && batches.size() < batchesPerPoll && hasRoom()) {
        const auto taken = takeNext(batches, timeout);
        if (!taken)
            return taken.error();
        last = *taken;
    }
    // The end is told by itself: others of the group go on when what was handed out before has been passed on.
    const bool atEnd = last == Next::None && (!m_member || batches.empty());
    if (last == Next::None)
        handOutLastGaps(batches);
    if (atEnd && m_member)
        m_member->pass();
    publish(atEnd);
    const bool waited = last == Next::Waits && !m_waits; // for its turn, as long as it may
    if (batches.empty() && !waited && !state().ended) {
        if (auto more = waitForMore(timeout); !more)
            return more.error();
    }
    return batches;
}

Result<LogSource::Turn> LogSource::turn()
{
    Turn turn;
    std::optional<ReadingOrder> first;
    for (LogCursor& cursor : m_setup.cursors) {
        const auto found = cursor.look();
        if (!found)
            return found.error();
        if (!*found)
            continue;
        const ReadingOrder order = cursor.order();
        if (!first || order < *first) {
            turn.before = std::exchange(first, order);
            turn.cursor = &cursor;
        } else if (!turn.before || order < *turn.before) {
            turn.before = order;
        }
    }
    return turn;
}

/// By the capture's time, and by those who read with this one. `isFirst`: nothing was taken yet that others wait for.
bool LogSource::mayTake(const Turn& turn, bool isFirst, std::chrono::milliseconds timeout)
{
    if (m_member) {
        const ReadingOrder order = turn.cursor->order();
        const ArrivalOrder next{order.sequence, order.highest};
        if (isFirst ? !m_member->await(next, timeout) : !m_member->isBeforeOthers(next))
            return false;
    }
    m_waits = m_setup.playback && !m_setup.playback->has(turn.cursor->arrival());
    return !m_waits;
}

/// One batch of the partition whose turn it is.
Result<LogSource::Next> LogSource::takeNext(std::vector<RecordBatchPtr>& batches, std::chrono::milliseconds timeout)
{
    m_waits = false;
    auto next = turn();
    if (!next)
        return next.error();
    if (!next->cursor)
        return Next::None;
    if (!mayTake(*next, batches.empty(), timeout))
        return Next::Waits;
    const std::optional<ArrivalOrder> others = m_member ? m_member->others() : std::nullopt;
    if (const ReadingOrder theirs{others ? others->sequence : 0, others ? others->time : 0, {}, 0};
        others && (!next->before || theirs < *next->before))
        next->before = theirs;
    auto batch = next->cursor->take(m_setup.topic, next->before, m_setup.budget);
    if (!batch)
        return batch.error();
    if (*batch)
        batches.push_back(std::move(*batch));
    return Next::Taken;
}

void LogSource::handOutLastGaps(std::vector<RecordBatchPtr>& batches)
{
    for (LogCursor& cursor : m_setup.cursors) {
        const std::vector<Gap> gaps = cursor.takeGaps();
        if (gaps.empty())
            continue;
        RecordBatchBuilder builder(m_setup.topic, cursor.partition(), {});
        for (const Gap& gap : gaps)
            builder.addGap(gap);
        batches.push_back(builder.finish(0, m_setup.budget));
    }
}

Result<void> LogSource::waitForMore(std::chrono::milliseconds timeout)
{
    std::this_thread::sleep_for(
        std::min<std::chrono::milliseconds>(timeout, m_waits ? playbackInterval : refreshInterval));
    const auto now = m_setup.clock->steady();
    if (!m_setup.follows || now - m_refreshedAt < refreshInterval)
        return {};
    m_refreshedAt = now;
    for (LogCursor& cursor : m_setup.cursors) {
        if (auto refreshed = cursor.refresh(); !refreshed)
            return refreshed;
    }
    return {};
}

/// How it was at the time that is played.
void LogSource::tellConnection(SourceState& state) const
{
    const bool plays = m_setup.playback && m_setup.playback->state() == PlaybackState::Playing;
    const Observation* const then =
        plays && m_setup.observations ? m_setup.observations->connectionAt(m_setup.playback->wallMs()) : nullptr;
    if (!then || then->problem.empty())
        return;
    Problem problem;
    problem.text = "At that time: " + then->problem;
    problem.since = then->groups.time;
    state.problems.push_back(std::move(problem));
}

void LogSource::publish(bool atEnd)
{
    SourceState state;
    state.connection = Connection::Up;
    bool ended = true;
    for (LogCursor& cursor : m_setup.cursors) {
        PartitionPosition position;
        position.partition = cursor.partition();
        position.start = cursor.start();
        position.next = cursor.next();
        position.low = cursor.begin();
        position.high = m_waits ? cursor.next() : cursor.end();
        position.atEnd = atEnd;
        position.ended = cursor.isDone() || (atEnd && !m_setup.follows);
        ended = ended && position.ended;
        state.partitions.push_back(position);
        for (const std::string& damage : cursor.damages()) {
            Problem problem;
            problem.kind = ProblemKind::Other;
            problem.text = "Damaged: " + damage + ". What is intact is shown; weir-cli recover saves it.";
            problem.partition = cursor.partition();
            state.problems.push_back(std::move(problem));
        }
    }
    state.ended = ended;
    tellConnection(state);
    const std::lock_guard lock(m_mutex);
    m_state = std::move(state);
}

SourceState LogSource::state() const
{
    const std::lock_guard lock(m_mutex);
    return m_state;
}

} // namespace weir::capture
