// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/group_watch.h"

#include <algorithm>

namespace weir {

Result<ListedGroups> listGroups(Cluster& cluster, const std::set<std::string>& named)
{
    auto told = cluster.groups();
    const bool refused =
        !told && (told.error().kind == ErrorKind::Unsupported || told.error().kind == ErrorKind::NotAuthorized);
    if (!told && !refused)
        return told.error();
    ListedGroups all;
    if (told)
        all.groups = std::move(*told);
    else
        all.refusal = told.error();
    for (const std::string& name : named) {
        const auto same = [&](const GroupInfo& group) { return group.name == name; };
        if (std::none_of(all.groups.begin(), all.groups.end(), same)) {
            all.groups.emplace_back();
            all.groups.back().name = name;
        }
    }
    return all;
}

std::vector<TopicPartition> GroupWatch::questions(const std::vector<GroupAnswer>& answers)
{
    std::set<TopicPartition> partitions;
    for (const GroupAnswer& answer : answers) {
        if (!answer.committed)
            continue;
        for (const CommittedOffset& one : *answer.committed)
            partitions.insert(one.partition);
    }
    return {partitions.begin(), partitions.end()};
}

std::vector<GroupLag> GroupWatch::update(const Clock& clock, const std::vector<GroupAnswer>& answers,
    const std::vector<TopicPartition>& asked, const std::vector<Watermarks>& ends)
{
    Ends highs;
    for (std::size_t i = 0; i < std::min(asked.size(), ends.size()); ++i)
        highs[asked[i]] = ends[i].error ? -1 : ends[i].high;
    std::map<std::string, Watched> kept;
    for (const GroupAnswer& answer : answers) {
        Watched& watched = kept[answer.info.name] = std::move(m_groups[answer.info.name]);
        if (!watched.series)
            watched.series = std::make_unique<PolledSeries>(m_interval, binsFor(answers.size()));
        watched.last.name = answer.info.name;
        watched.last.state = answer.info.state;
        watched.last.remark = answer.info.remark;
        watched.last.error.reset();
        if (answer.committed)
            measure(clock, *answer.committed, highs, watched);
        else
            watched.last.error = answer.committed.error();
        watched.last.lagSeries = watched.series->snapshot();
    }
    m_groups = std::move(kept);
    std::vector<GroupLag> groups;
    for (const auto& [name, watched] : m_groups)
        groups.push_back(watched.last);
    return groups;
}

void GroupWatch::measure(
    const Clock& clock, const std::vector<CommittedOffset>& committed, const Ends& ends, Watched& watched)
{
    GroupLag& group = watched.last;
    group.partitions.clear();
    std::vector<LagReading> readings;
    for (const CommittedOffset& one : committed) {
        const auto end = ends.find(one.partition);
        PartitionLag partition;
        partition.partition = one.partition;
        partition.committed = one.error ? -1 : one.offset;
        partition.high = end == ends.end() ? -1 : end->second;
        partition.lag = lagOf(partition.committed, partition.high);
        if (one.error && !group.error)
            group.error = one.error;
        readings.push_back({partition.partition, partition.committed, partition.high});
        group.partitions.push_back(std::move(partition));
    }
    std::sort(group.partitions.begin(), group.partitions.end(),
        [](const PartitionLag& a, const PartitionLag& b) { return a.partition < b.partition; });
    const LagTotals& totals = watched.meter.update(clock.steady(), readings);
    group.lag = totals.lag;
    group.lagPerSecond = totals.lagPerSecond;
    group.consumedPerSecond = totals.consumedPerSecond;
    if (totals.known > 0)
        watched.series->add(clock.wallMs(), static_cast<double>(totals.lag));
}

} // namespace weir
