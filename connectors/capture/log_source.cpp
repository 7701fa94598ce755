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
    bool more = true;
    while (more && batches.size() < batchesPerPoll && hasRoom()) {
        const auto taken = takeNext(batches);
        if (!taken)
            return taken.error();
        more = *taken;
    }
    if (!more && !m_waits)
        handOutLastGaps(batches);
    publish(!more && !m_waits);
    if (batches.empty() && !state().ended) {
        if (auto waited = waitForMore(timeout); !waited)
            return waited.error();
    }
    return batches;
}

/// One batch of the partition whose turn it is; false when no partition has any more.
Result<bool> LogSource::takeNext(std::vector<RecordBatchPtr>& batches)
{
    LogCursor* next = nullptr;
    std::optional<ReadingOrder> first;
    std::optional<ReadingOrder> second;
    for (LogCursor& cursor : m_setup.cursors) {
        const auto found = cursor.look();
        if (!found)
            return found.error();
        if (!*found)
            continue;
        const ReadingOrder order = cursor.order();
        if (!first || order < *first) {
            second = std::exchange(first, order);
            next = &cursor;
        } else if (!second || order < *second) {
            second = order;
        }
    }
    m_waits = next && m_setup.playback && !m_setup.playback->has(next->arrival());
    if (!next || m_waits)
        return false;
    auto batch = next->take(m_setup.topic, second, m_setup.budget);
    if (!batch)
        return batch.error();
    if (*batch)
        batches.push_back(std::move(*batch));
    return true;
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
    const std::lock_guard lock(m_mutex);
    m_state = std::move(state);
}

SourceState LogSource::state() const
{
    const std::lock_guard lock(m_mutex);
    return m_state;
}

} // namespace weir::capture
