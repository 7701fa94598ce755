// SPDX-License-Identifier: GPL-3.0-or-later
// The part of KafkaSource that tells others how it stands.
#include "connectors/kafka/kafka_source.h"

#include <algorithm>
#include <limits>

namespace weir::kafka {

namespace {

constexpr EpochMs passingMs = 15'000;
constexpr EpochMs graceMs = 2'000;
/// A broker that holds a client to a quota lets single responses pass: those are no end of it.
constexpr EpochMs throttleGraceMs = 5'000;

/// Worst first, as a user would want to read them.
int rankOf(ProblemKind kind)
{
    return static_cast<int>(kind);
}

} // namespace

void KafkaSource::onError(rd_kafka_resp_err_t error, const char* reason)
{
    if (error != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        return; // a single lost connection heals by itself; the watch tells when it does not
    const std::lock_guard lock(m_stateMutex);
    m_state.connection = Connection::Down;
    std::erase_if(m_passing, [](const Passing& one) { return one.problem.kind == ProblemKind::BrokerUnreachable; });
    const EpochMs now = m_settings.clock->wallMs();
    m_passing.push_back({{ProblemKind::BrokerUnreachable,
                             "No broker of " + m_settings.bootstrapServers + " answers (" + reason
                                 + "). Trying again, reading goes on where it stopped.",
                             std::nullopt, now},
        now + passingMs});
}

void KafkaSource::onThrottle(int throttleMs)
{
    const std::lock_guard lock(m_stateMutex);
    if (throttleMs <= 0)
        return;
    const EpochMs now = m_settings.clock->wallMs();
    if (m_throttledUntil <= now)
        m_throttledSince = now;
    m_state.throttle = std::chrono::milliseconds(throttleMs);
    m_throttledUntil = now + throttleMs + throttleGraceMs;
}

void KafkaSource::addPassing(ProblemKind kind, std::string text, std::optional<PartitionId> partition)
{
    const std::lock_guard lock(m_stateMutex);
    const EpochMs now = m_settings.clock->wallMs();
    std::erase_if(
        m_passing, [&](const Passing& one) { return one.problem.kind == kind && one.problem.partition == partition; });
    // What the broker refuses, it refuses until it gives something; all else is over with being told.
    const EpochMs until = kind == ProblemKind::NotAuthorized ? std::numeric_limits<EpochMs>::max() : now + passingMs;
    m_passing.push_back({{kind, std::move(text), partition, now}, until});
}

void KafkaSource::publish()
{
    const auto marks = m_view->watermarks();
    std::map<PartitionId, std::int64_t> next;
    const std::lock_guard lock(m_stateMutex);
    m_state.partitions.resize(m_partitions.size());
    std::size_t i = 0;
    bool heard = false;
    m_state.ended = true;
    for (const auto& [id, partition] : m_partitions) {
        PartitionPosition& position = m_state.partitions[i++];
        heard = heard || position.next != partition.next || position.atEnd != partition.atEnd;
        position.partition = PartitionId{id};
        position.start = partition.range.start;
        position.next = partition.next;
        position.atEnd = partition.atEnd;
        position.ended = partition.ended;
        const auto known = marks.find(PartitionId{id});
        position.low = known == marks.end() ? partition.range.watermarks.low : known->second.low;
        position.high =
            std::max(known == marks.end() ? partition.range.watermarks.high : known->second.high, partition.next);
        m_state.ended = m_state.ended && partition.ended;
        next.emplace(PartitionId{id}, partition.next);
    }
    if (heard) {
        m_state.connection = Connection::Up;
        std::erase_if(m_passing, [](const Passing& one) { return one.problem.kind == ProblemKind::BrokerUnreachable; });
    }
    m_view->setPositions(next);
}

SourceState KafkaSource::state() const
{
    const std::optional<Problem> seenByWatch = m_view->problem();
    const bool watched = !m_view->watermarks().empty();
    const std::lock_guard lock(m_stateMutex);
    SourceState state = m_state;
    const EpochMs now = m_settings.clock->wallMs();
    if (seenByWatch)
        state.problems.push_back(*seenByWatch);
    if (seenByWatch && seenByWatch->kind == ProblemKind::BrokerUnreachable)
        state.connection = Connection::Down;
    else if (watched)
        state.connection = Connection::Up;
    for (const Passing& one : m_passing) {
        const bool brokerIsBack = one.problem.kind == ProblemKind::BrokerUnreachable && watched && !seenByWatch
            && now - one.problem.since > graceMs;
        const bool told = seenByWatch && seenByWatch->kind == one.problem.kind;
        if (one.until > now && !told && !brokerIsBack)
            state.problems.push_back(one.problem);
    }
    if (m_throttledUntil > now)
        state.problems.push_back({ProblemKind::Throttled,
            "The broker throttles this client: " + std::to_string(state.throttle.count())
                + " ms pause imposed by a quota. Records come later, none is lost.",
            std::nullopt, m_throttledSince});
    else
        state.throttle = std::chrono::milliseconds(0);
    std::stable_sort(state.problems.begin(), state.problems.end(),
        [](const Problem& a, const Problem& b) { return rankOf(a.kind) < rankOf(b.kind); });
    return state;
}

} // namespace weir::kafka
