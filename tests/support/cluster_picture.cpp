// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/cluster_picture.h"

#include <map>
#include <sstream>

namespace weir::test {

std::string pictureOf(Cluster& cluster, const std::vector<std::string>& groups)
{
    std::ostringstream picture;
    const auto metadata = cluster.metadata();
    if (!metadata)
        return "no metadata: " + metadata.error().text();
    for (const TopicInfo& topic : metadata->topics) {
        std::vector<TopicPartition> partitions;
        for (const PartitionInfo& partition : topic.partitions)
            partitions.push_back({topic.name, partition.id});
        const auto marks = cluster.watermarks(partitions);
        for (std::size_t i = 0; marks && i < partitions.size() && !topic.internal; ++i)
            picture << partitions[i].text() << ' ' << (*marks)[i].low << ".." << (*marks)[i].high << '\n';
        const auto config = cluster.topicConfig(topic.name);
        for (const auto& [name, value] : config ? *config : std::map<std::string, std::string>{})
            picture << topic.name << ' ' << name << '=' << value << '\n';
    }
    const auto listed = cluster.groups();
    for (const GroupInfo& group : listed ? *listed : std::vector<GroupInfo>{})
        picture << "group " << group.name << ' ' << group.state << ' ' << group.members.value_or(0) << '\n';
    for (const std::string& group : groups) {
        const auto committed = cluster.committedOffsets(group);
        for (const CommittedOffset& one : committed ? *committed : std::vector<CommittedOffset>{})
            picture << group << ' ' << one.partition.text() << ' ' << one.offset << '\n';
    }
    return picture.str();
}

} // namespace weir::test
