// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/report_run.h"

#include "app/session/missing_offsets.h"

namespace weir {

namespace {

constexpr std::chrono::milliseconds publishInterval(1000);

} // namespace

ReportRun::ReportRun(std::string topic, const Clock& clock)
    : m_topic(std::move(topic)), m_clock(clock), m_publishedAt(clock.steady())
{ }

ReportRun::~ReportRun() = default;

Result<void> ReportRun::open(Cluster& cluster, const ReadRequest& request)
{
    auto sources = cluster.open(request);
    if (!sources)
        return sources.error();
    if (sources->empty())
        return Error{ErrorKind::NotFound, "there is no partition to read.", "topic " + m_topic};
    prepare(sources->size());
    DrainTarget target;
    target.take = [this](std::size_t source, const RecordBatchPtr& batch) {
        m_missing += missingOffsets(*batch);
        take(source, batch);
        return Result<void>();
    };
    target.tick = [this] {
        publishIfDue();
        return Result<void>();
    };
    m_drain = std::make_unique<SourceDrain>(std::move(*sources), std::move(target), m_clock);
    m_drain->start();
    return {};
}

void ReportRun::publishIfDue()
{
    if (m_clock.steady() - m_publishedAt < publishInterval)
        return;
    m_publishedAt = m_clock.steady();
    publish();
}

bool ReportRun::wait(std::chrono::milliseconds timeout)
{
    if (!m_drain->wait(timeout))
        return false;
    publish();
    return true;
}

} // namespace weir
