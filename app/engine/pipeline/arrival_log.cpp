// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/arrival_log.h"

#include <numeric>

namespace weir::query {

namespace {

constexpr std::size_t maxPending = 256; ///< arrivals under way

} // namespace

ArrivalLog::ArrivalLog(std::size_t workers, std::size_t maxBytes, const Clock& clock)
    : m_maxBytes(maxBytes), m_clock(clock), m_queues(workers)
{ }

void ArrivalLog::start(std::vector<std::size_t> sources)
{
    const std::scoped_lock lock(m_mutex);
    m_sources = std::move(sources);
    for (std::size_t scan = 0; scan < m_sources.size(); ++scan) {
        if (m_sources[scan] == 0)
            logScanEnded(scan);
    }
}

std::size_t ArrivalLog::openSources() const
{
    return std::accumulate(m_sources.begin(), m_sources.end(), std::size_t{0});
}

void ArrivalLog::logScanEnded(std::size_t scan)
{
    Arrival arrival;
    arrival.kind = ArrivalKind::ScanEnded;
    arrival.scan = scan;
    log(std::move(arrival), 0);
}

std::size_t ArrivalLog::indexOf(std::size_t scan, const TopicPartition& partition)
{
    const auto [found, isNew] = m_indexes.try_emplace({scan, partition}, m_partitions.size());
    if (isNew) {
        // A partition that appears later may lie behind what the others have fired.
        m_partitions.push_back({scan, m_clock.steady(), m_first + m_pending.size(), false, false, !m_anyBatch});
        Arrival arrival;
        arrival.kind = ArrivalKind::Partition;
        arrival.scan = scan;
        arrival.partition = found->second;
        arrival.source = partition;
        log(std::move(arrival), 0);
    }
    return found->second;
}

void ArrivalLog::log(Arrival arrival, std::size_t bytes)
{
    arrival.sequence = m_first + m_pending.size();
    const bool work = arrival.kind == ArrivalKind::Batch;
    m_bytes += bytes;
    if (work) {
        m_queues[arrival.partition % m_queues.size()].push_back(arrival);
        arrival.batch.reset();
        m_work.notify_all();
    }
    const bool ready = !work && m_pending.empty();
    m_pending.push_back({std::move(arrival), !work, bytes});
    if (ready)
        m_ready.notify_one();
}

void ArrivalLog::addPartition(std::size_t scan, const TopicPartition& partition)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_stopped)
        indexOf(scan, partition);
}

void ArrivalLog::pushBatch(std::size_t scan, RecordBatchPtr batch)
{
    std::unique_lock lock(m_mutex);
    const auto room = [this] {
        return m_stopped || m_pending.empty() || (m_pending.size() < maxPending && m_bytes < m_maxBytes);
    };
    if (!room()) {
        ++m_waiting;
        m_room.wait(lock, room);
        --m_waiting;
        // Nobody could arrive while this query was the slow one: that is not the silence of a partition.
        for (Partition& partition : m_partitions)
            partition.lastArrival = m_stopped ? partition.lastArrival : m_clock.steady();
    }
    if (m_stopped)
        return;
    const std::size_t index = indexOf(scan, {batch->topic(), batch->partition()});
    Partition& partition = m_partitions[index];
    partition.lastArrival = m_clock.steady();
    partition.idle = false;
    Arrival arrival;
    arrival.scan = scan;
    arrival.partition = index;
    arrival.trustOwn = partition.trustOwn;
    m_anyBatch = true;
    const std::size_t bytes = batch->memoryBytes();
    arrival.batch = std::move(batch);
    log(std::move(arrival), bytes);
}

void ArrivalLog::pushEnded(std::size_t scan, const TopicPartition& partition)
{
    const std::scoped_lock lock(m_mutex);
    if (m_stopped)
        return;
    const std::size_t index = indexOf(scan, partition);
    if (m_partitions[index].ended)
        return;
    m_partitions[index].ended = true;
    Arrival arrival;
    arrival.kind = ArrivalKind::Ended;
    arrival.scan = scan;
    arrival.partition = index;
    log(std::move(arrival), 0);
}

void ArrivalLog::sourceDone(std::size_t scan, std::optional<Error> failure)
{
    const std::scoped_lock lock(m_mutex);
    --m_sources[scan];
    if (!failure && !m_stopped && m_sources[scan] == 0)
        logScanEnded(scan);
    if (failure && !m_stopped) {
        if (!m_failure)
            m_failure = std::move(failure);
        Arrival arrival;
        arrival.kind = ArrivalKind::Failed;
        log(std::move(arrival), 0);
    }
    m_work.notify_all();
    m_ready.notify_one();
}

std::optional<Arrival> ArrivalLog::take(std::size_t worker)
{
    std::unique_lock lock(m_mutex);
    std::deque<Arrival>& queue = m_queues[worker];
    m_work.wait(lock, [&] { return m_stopped || !queue.empty() || openSources() == 0; });
    if (m_stopped || queue.empty())
        return std::nullopt;
    Arrival arrival = std::move(queue.front());
    queue.pop_front();
    return arrival;
}

void ArrivalLog::done(std::uint64_t sequence)
{
    const std::scoped_lock lock(m_mutex);
    if (m_stopped)
        return;
    m_pending[sequence - m_first].done = true;
    if (sequence == m_first)
        m_ready.notify_one();
}

void ArrivalLog::waitForTurn(std::uint64_t sequence)
{
    std::unique_lock lock(m_mutex);
    m_room.wait(lock, [&] { return m_stopped || m_handled >= sequence; });
}

std::optional<Arrival> ArrivalLog::next(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    if (m_handled < m_first) { // who asks for the next one is done with the one before
        m_handled = m_first;
        m_room.notify_all();
    }
    m_ready.wait_for(lock, timeout,
        [this] { return m_stopped || (m_pending.empty() ? openSources() == 0 : m_pending.front().done); });
    if (m_stopped || m_pending.empty() || !m_pending.front().done)
        return std::nullopt;
    Pending front = std::move(m_pending.front());
    m_pending.pop_front();
    ++m_first;
    m_bytes -= front.bytes;
    return std::move(front.arrival);
}

void ArrivalLog::markIdle(std::span<const std::chrono::milliseconds> timeouts)
{
    const std::scoped_lock lock(m_mutex);
    if (m_stopped || m_waiting > 0)
        return;
    const auto now = m_clock.steady();
    for (std::size_t index = 0; index < m_partitions.size(); ++index) {
        Partition& partition = m_partitions[index];
        const std::chrono::milliseconds timeout = timeouts[partition.scan];
        if (timeout.count() <= 0 || partition.idle || partition.ended || now - partition.lastArrival < timeout)
            continue;
        partition.idle = true;
        partition.trustOwn = false;
        partition.leftOutAt = m_first + m_pending.size();
        Arrival arrival;
        arrival.kind = ArrivalKind::Idle;
        arrival.scan = partition.scan;
        arrival.partition = index;
        log(std::move(arrival), 0);
    }
}

void ArrivalLog::trustAgain(std::size_t partition, std::uint64_t sequence)
{
    const std::scoped_lock lock(m_mutex);
    if (sequence > m_partitions[partition].leftOutAt)
        m_partitions[partition].trustOwn = true;
}

bool ArrivalLog::finished() const
{
    const std::scoped_lock lock(m_mutex);
    return openSources() == 0 && m_pending.empty();
}

std::optional<Error> ArrivalLog::failure() const
{
    const std::scoped_lock lock(m_mutex);
    return m_failure;
}

void ArrivalLog::stop()
{
    const std::scoped_lock lock(m_mutex);
    m_stopped = true;
    for (auto& queue : m_queues)
        queue.clear();
    m_pending.clear();
    m_room.notify_all();
    m_work.notify_all();
    m_ready.notify_all();
}

bool ArrivalLog::stopped() const
{
    const std::scoped_lock lock(m_mutex);
    return m_stopped;
}

} // namespace weir::query
