// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/read_options.h"

#include "app/session/position.h"
#include "connectors/record/clock.h"

namespace weir::cli {

void addReadOptions(VerbOptions& verb, ReadOptions& options)
{
    verb.text("--from", options.from,
        "beginning, end, -N (the last N of each partition), @OFFSET, @PARTITION:OFFSET,…, -15m or a time");
    verb.text("--until", options.until,
        "end (as it is now), never (until Ctrl-C), +N (the first N of each partition), @OFFSET, @PARTITION:OFFSET,…, "
        "-15m or a time");
    verb.numbers("--partition", options.partitions, "Only these partitions");
    verb.flag("--committed", options.committed, "Only records of committed transactions");
}

Result<ReadRequest> requestOf(const ReadOptions& options, const std::string& topic)
{
    const EpochMs now = SystemClock::instance().wallMs();
    const auto start = parseStart(options.from, now);
    if (!start)
        return start.error();
    const auto stop = parseStop(options.until, now);
    if (!stop)
        return stop.error();
    ReadRequest request;
    request.topic = topic;
    request.start = *start;
    request.stop = *stop;
    request.isolation = options.committed ? IsolationLevel::ReadCommitted : IsolationLevel::ReadUncommitted;
    for (const int partition : options.partitions)
        request.partitions.push_back(PartitionId{partition});
    return request;
}

Result<std::vector<ReadRequest>> requestsOf(const ReadOptions& options, const std::vector<std::string>& topics)
{
    std::vector<ReadRequest> requests;
    for (const std::string& topic : topics) {
        auto request = requestOf(options, topic);
        if (!request)
            return request.error();
        requests.push_back(std::move(*request));
    }
    return requests;
}

std::string topicsText(const std::vector<std::string>& topics)
{
    return topics.size() == 1 ? topics.front() : std::to_string(topics.size()) + " topics";
}

} // namespace weir::cli
