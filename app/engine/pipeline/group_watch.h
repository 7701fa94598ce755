// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/metrics/lag.h"
#include "app/engine/pipeline/topic_watch.h"

#include <set>

namespace weir {

/// What was asked about one group in one round.
struct GroupAnswer
{
    GroupInfo info;
    Result<std::vector<CommittedOffset>> committed;
};

struct ListedGroups
{
    std::vector<GroupInfo> groups;
    std::optional<Error> refusal; ///< set: the cluster lists none, these are the named ones
};

/// *Blocks.* The groups that a cluster lists, and those that the user named. An Error when it could list them and did
/// not this time: then nothing is known about who is gone.
Result<ListedGroups> listGroups(Cluster& cluster, const std::set<std::string>& named);

/// Lag of all groups of a cluster over time. One thread.
class GroupWatch
{
public:
    explicit GroupWatch(std::chrono::milliseconds interval) : m_interval(interval) { }

    /// Partitions for which any group has committed: their ends are asked for after the commits, so that no commit is
    /// ahead of its end.
    static std::vector<TopicPartition> questions(const std::vector<GroupAnswer>& answers);
    /// `ends` has the order of `asked`. A group whose offsets were not told keeps its last ones, with the error. Groups
    /// that are gone are forgotten.
    std::vector<GroupLag> update(const Clock& clock, const std::vector<GroupAnswer>& answers,
        const std::vector<TopicPartition>& asked, const std::vector<Watermarks>& ends);

private:
    struct Watched
    {
        LagMeter meter;
        std::unique_ptr<PolledSeries> series;
        GroupLag last;
    };
    using Ends = std::map<TopicPartition, std::int64_t>;

    void measure(const Clock& clock, const std::vector<CommittedOffset>& committed, const Ends& ends, Watched& watched);

    std::chrono::milliseconds m_interval;
    std::map<std::string, Watched> m_groups;
};

} // namespace weir
