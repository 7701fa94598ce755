// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/group_round.h"

#include "app/engine/pipeline/group_watch.h"

namespace weir {

Result<GroupRound> askGroups(
    Cluster& cluster, const std::set<std::string>& named, const std::set<std::string>& topics, const Clock& clock)
{
    const auto listed = listGroups(cluster, named);
    if (!listed)
        return listed.error();
    GroupRound round;
    std::set<TopicPartition> partitions;
    for (const GroupInfo& info : listed->groups) {
        auto committed = cluster.committedOffsets(info.name);
        if (!committed)
            continue; // the others are there all the same
        ObservedGroup group{info, {}};
        for (CommittedOffset& one : *committed) {
            if (!topics.contains(one.partition.topic) || one.error || one.offset < 0)
                continue;
            partitions.insert(one.partition);
            group.committed.push_back(std::move(one));
        }
        if (!group.committed.empty())
            round.groups.push_back(std::move(group));
    }
    if (partitions.empty())
        return round;
    const std::vector<TopicPartition> asked(partitions.begin(), partitions.end());
    const auto ends = cluster.watermarks(asked); // behind the commits, so that none is ahead of its end
    if (!ends)
        return ends.error();
    for (std::size_t i = 0; i < std::min(asked.size(), ends->size()); ++i)
        round.ends.emplace_back(asked[i], (*ends)[i].high);
    round.time = clock.wallMs();
    return round;
}

} // namespace weir
