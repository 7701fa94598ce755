// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/profile_run.h"

#include "app/session/infer_table.h"
#include "app/session/missing_offsets.h"

namespace weir {

namespace {

constexpr std::chrono::milliseconds publishInterval(1000);

} // namespace

ProfileRun::ProfileRun(std::string topic, InferredFields fields, const Clock& clock)
    : m_topic(std::move(topic)), m_fields(std::move(fields)), m_clock(clock), m_publishedAt(clock.steady()),
      m_published(std::make_shared<const profile::TopicProfile>(m_fields))
{ }

ProfileRun::~ProfileRun()
{
    if (m_drain)
        m_drain->stop();
}

Result<std::unique_ptr<ProfileRun>> ProfileRun::start(Cluster& cluster, const ReadRequest& request, const Clock& clock)
{
    auto sample = sampleFields(cluster, request.topic, clock);
    if (!sample)
        return sample.error();
    auto sources = cluster.open(request);
    if (!sources)
        return sources.error();
    if (sources->empty())
        return Error{ErrorKind::NotFound, "there is no partition to read.", "topic " + request.topic};
    std::unique_ptr<ProfileRun> run(new ProfileRun(request.topic, std::move(sample->inferred), clock));
    for (std::size_t i = 0; i < sources->size(); ++i)
        run->m_lanes.push_back(std::make_unique<Lane>(run->m_fields));
    DrainTarget target;
    target.take = [raw = run.get()](std::size_t source, const RecordBatchPtr& batch) {
        raw->m_missing += missingOffsets(*batch);
        Lane& lane = *raw->m_lanes[source];
        const std::lock_guard lock(lane.mutex);
        lane.profile.add(batch);
        return Result<void>();
    };
    target.tick = [raw = run.get()] {
        raw->publishIfDue();
        return Result<void>();
    };
    run->m_drain = std::make_unique<SourceDrain>(std::move(*sources), std::move(target), clock);
    run->m_drain->start();
    return run;
}

void ProfileRun::publishIfDue()
{
    if (m_clock.steady() - m_publishedAt < publishInterval)
        return;
    m_publishedAt = m_clock.steady();
    publish();
}

void ProfileRun::publish()
{
    auto all = std::make_shared<profile::TopicProfile>(m_fields);
    for (const auto& lane : m_lanes) {
        const std::lock_guard lock(lane->mutex);
        all->merge(lane->profile);
    }
    const std::lock_guard lock(m_mutex);
    m_published = std::move(all);
}

std::shared_ptr<const profile::TopicProfile> ProfileRun::profile() const
{
    const std::lock_guard lock(m_mutex);
    return m_published;
}

bool ProfileRun::wait(std::chrono::milliseconds timeout)
{
    if (!m_drain->wait(timeout))
        return false;
    publish();
    return true;
}

} // namespace weir
