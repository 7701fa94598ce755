// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/profile/topic_profile.h"
#include "app/session/report_run.h"

namespace weir {

/// Tells what the records of a topic are.
class ProfileRun final : public ReportRun
{
public:
    /// *Blocks*: reads a sample that tells the fields, and opens the sources.
    static Result<std::unique_ptr<ProfileRun>> start(Cluster& cluster, const ReadRequest& request, const Clock& clock);
    ~ProfileRun() override { close(); }

    /// Of what was read a moment ago. Does not wait.
    std::shared_ptr<const profile::TopicProfile> profile() const { return m_lanes.published(); }

private:
    ProfileRun(std::string topic, const InferredFields& fields, const Clock& clock);
    void prepare(std::size_t sources) override { m_lanes.open(sources); }
    void take(std::size_t source, const RecordBatchPtr& batch) override { m_lanes.add(source, batch); }
    void publish() override { m_lanes.publish(); }

    ReportLanes<profile::TopicProfile> m_lanes;
};

/// One line of a profile, for the eye.
struct ProfileLine
{
    std::string section; ///< "Records", "Keys", "Values", "Partitions", "Fields", "Hours"
    std::string name;
    std::string value;
    std::string note; ///< how exact it is, or what stands against it; may be empty
};
std::vector<ProfileLine> profileLines(const profile::TopicProfile& profile);
/// The same as one JSON object.
std::string profileJson(const std::string& topic, const profile::TopicProfile& profile);

} // namespace weir
