// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/source_drain.h"

#include "app/engine/pipeline/reaper.h"

namespace weir {

namespace {

constexpr std::chrono::milliseconds pollTime(50);
constexpr std::chrono::milliseconds tickTime(50);

} // namespace

std::int64_t DrainSnapshot::behind() const
{
    std::int64_t behind = 0;
    for (const SourceState& source : sources) {
        for (const PartitionPosition& position : source.partitions)
            behind += position.high >= 0 ? std::max<std::int64_t>(0, position.high - position.next) : 0;
    }
    return behind;
}

SourceDrain::SourceDrain(std::vector<std::unique_ptr<Source>> sources, DrainTarget target, const Clock& clock)
    : m_sources(std::move(sources)), m_target(std::move(target)), m_clock(clock)
{ }

SourceDrain::~SourceDrain()
{
    stop();
    m_threads.clear();
    for (std::unique_ptr<Source>& source : m_sources)
        Reaper::instance().take(std::shared_ptr<Source>(std::move(source)));
}

void SourceDrain::start()
{
    m_rate.update(m_clock.steady(), 0, 0);
    m_reading = m_sources.size();
    for (std::size_t i = 0; i < m_sources.size(); ++i)
        m_threads.emplace_back([this, i] { read(i); });
    m_threads.emplace_back([this] { keepTicking(); });
}

void SourceDrain::read(std::size_t index)
{
    Source& source = *m_sources[index];
    while (!m_stopped) {
        Result<std::vector<RecordBatchPtr>> polled = source.poll(pollTime);
        if (!polled) {
            fail(polled.error());
            break;
        }
        for (const RecordBatchPtr& batch : *polled) {
            if (auto taken = m_target.take(index, batch); !taken) {
                fail(taken.error());
                break;
            }
            m_records += batch->size();
            m_bytes += batch->payloadBytes();
        }
        if (source.state().ended)
            break;
    }
    const std::lock_guard lock(m_mutex);
    --m_reading;
    m_change.notify_all();
}

void SourceDrain::keepTicking()
{
    for (bool last = false; !last;) {
        {
            std::unique_lock lock(m_mutex);
            last = m_change.wait_for(lock, tickTime, [this] { return m_reading == 0; });
        }
        if (auto ticked = m_target.tick(); !ticked)
            fail(ticked.error());
    }
    const std::lock_guard lock(m_mutex);
    m_over = true;
    m_change.notify_all();
}

void SourceDrain::fail(const Error& error)
{
    m_stopped = true;
    const std::lock_guard lock(m_mutex);
    if (!m_failure)
        m_failure = error;
}

bool SourceDrain::wait(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    return m_change.wait_for(lock, timeout, [this] { return m_over; });
}

DrainSnapshot SourceDrain::snapshot() const
{
    DrainSnapshot snapshot;
    for (const auto& source : m_sources)
        snapshot.sources.push_back(source->state());
    const std::lock_guard lock(m_mutex);
    snapshot.records = m_records;
    snapshot.bytes = m_bytes;
    const RecentRate::Rates rates = m_rate.update(m_clock.steady(), snapshot.records, snapshot.bytes);
    snapshot.recordsPerSecond = m_over ? 0 : rates.records;
    snapshot.bytesPerSecond = m_over ? 0 : rates.bytes;
    snapshot.failure = m_failure;
    snapshot.ended = m_over;
    return snapshot;
}

} // namespace weir
