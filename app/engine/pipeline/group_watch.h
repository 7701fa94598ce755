// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/metrics/lag.h"
#include "app/engine/pipeline/topic_watch.h"

namespace weir {

/// What was asked about one group in one round.
struct GroupAnswer
{
    GroupInfo info;
    Result<std::vector<CommittedOffset>> committed;
};

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
