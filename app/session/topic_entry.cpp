// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/topic_entry.h"

#include <algorithm>

namespace weir {

capture::TopicEntry topicEntryOf(const std::string& topic, const std::vector<std::unique_ptr<Source>>& sources)
{
    capture::TopicEntry entry;
    entry.name = topic;
    for (const auto& source : sources) {
        for (const PartitionPosition& position : source->state().partitions)
            entry.partitions.push_back({position.partition, {}, {}});
    }
    std::sort(entry.partitions.begin(), entry.partitions.end(),
        [](const capture::PartitionEntry& a, const capture::PartitionEntry& b) { return a.id < b.id; });
    return entry;
}

} // namespace weir
