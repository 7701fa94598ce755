// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/source_drain.h"
#include "app/engine/profile/topic_profile.h"
#include "connectors/record/cluster.h"

namespace weir {

/// Reads a range of a topic and tells what its records are. All functions from any thread.
class ProfileRun
{
public:
    /// *Blocks*: reads a sample that tells the fields, and opens the sources.
    static Result<std::unique_ptr<ProfileRun>> start(Cluster& cluster, const ReadRequest& request, const Clock& clock);
    ~ProfileRun();

    /// True once nothing is read any more, and profile() is of all that was.
    bool wait(std::chrono::milliseconds timeout);
    void stop() { m_drain->stop(); }
    DrainSnapshot progress() const { return m_drain->snapshot(); }
    std::int64_t missing() const { return m_missing; }
    const std::string& topic() const { return m_topic; }
    /// Of what was read a moment ago. Does not wait.
    std::shared_ptr<const profile::TopicProfile> profile() const;

private:
    /// What belongs to one source and its thread.
    struct Lane
    {
        explicit Lane(const InferredFields& fields) : profile(fields) { }
        std::mutex mutex; ///< guards the profile
        profile::TopicProfile profile;
    };

    ProfileRun(std::string topic, InferredFields fields, const Clock& clock);
    void publish();
    void publishIfDue();

    const std::string m_topic;
    const InferredFields m_fields;
    std::vector<std::unique_ptr<Lane>> m_lanes; ///< by source
    const Clock& m_clock;
    std::chrono::steady_clock::time_point m_publishedAt; ///< the ticking thread's own
    std::atomic<std::int64_t> m_missing{0};
    mutable std::mutex m_mutex; ///< guards what follows
    std::shared_ptr<const profile::TopicProfile> m_published;
    std::unique_ptr<SourceDrain> m_drain; ///< last: its threads use all the rest
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
