// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/profile_run.h"

#include "app/session/infer_table.h"

namespace weir {

ProfileRun::ProfileRun(std::string topic, const InferredFields& fields, const Clock& clock)
    : ReportRun(std::move(topic), clock), m_lanes([fields] { return profile::TopicProfile(fields); })
{ }

Result<std::unique_ptr<ProfileRun>> ProfileRun::start(Cluster& cluster, const ReadRequest& request, const Clock& clock)
{
    auto sample = sampleFields(cluster, request.topic, clock);
    if (!sample)
        return sample.error();
    std::unique_ptr<ProfileRun> run(new ProfileRun(request.topic, sample->inferred, clock));
    if (auto opened = run->open(cluster, request); !opened)
        return opened.error();
    return run;
}

} // namespace weir
