// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/engine/metrics/lag.h"

#include <cstdio>

namespace weir::cli {

namespace {

struct PartitionLine
{
    TopicPartition partition;
    std::int64_t committed = -1;
    std::int64_t high = -1;
    std::int64_t lag = -1;
};

struct GroupReport
{
    GroupInfo group;
    std::vector<PartitionLine> partitions;
    std::optional<Error> error;
};

Result<std::vector<GroupInfo>> groupsToShow(Cluster& cluster, const std::vector<std::string>& named)
{
    auto listed = cluster.groups();
    if (named.empty()) {
        if (!listed && listed.error().kind == ErrorKind::Unsupported)
            return Error{ErrorKind::Unsupported,
                "this cluster lists no groups. Name them: weir-cli lag GROUP… -b HOST:PORT", {}};
        return listed;
    }
    std::vector<GroupInfo> groups;
    for (const std::string& name : named) {
        GroupInfo info;
        info.name = name;
        bool isListed = false;
        for (const GroupInfo& known : listed ? *listed : std::vector<GroupInfo>{}) {
            if (known.name == name) {
                info = known;
                isListed = true;
            }
        }
        if (listed && !isListed)
            complain(name + ": the cluster lists no group of this name. Without one, weir-cli lag shows all groups.");
        groups.push_back(info);
    }
    return groups;
}

GroupReport reportOn(Cluster& cluster, const GroupInfo& group)
{
    GroupReport report{group, {}, std::nullopt};
    auto committed = cluster.committedOffsets(group.name);
    if (!committed) {
        report.error = committed.error();
        return report;
    }
    std::vector<TopicPartition> partitions;
    for (const CommittedOffset& one : *committed)
        partitions.push_back(one.partition);
    auto watermarks = cluster.watermarks(partitions);
    if (!watermarks) {
        report.error = watermarks.error();
        return report;
    }
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        const std::int64_t offset = (*committed)[i].offset;
        const std::int64_t high = (*watermarks)[i].high;
        report.partitions.push_back({partitions[i], offset, high, lagOf(offset, high)});
    }
    return report;
}

std::string numberOr(std::int64_t number, const char* otherwise)
{
    return number < 0 ? otherwise : std::to_string(number);
}

void printJson(const std::vector<GroupReport>& reports, DataWriter& out)
{
    for (const GroupReport& report : reports) {
        const std::string head =
            "{\"group\":" + jsonString(report.group.name) + ",\"state\":" + jsonString(report.group.state);
        if (report.error)
            out.line(head + ",\"error\":" + jsonString(report.error->text()) + "}");
        else if (report.partitions.empty())
            out.line(head + ",\"committed\":null}");
        for (const PartitionLine& lag : report.partitions)
            out.line(head + ",\"topic\":" + jsonString(lag.partition.topic) + ",\"partition\":"
                + std::to_string(lag.partition.partition.value) + ",\"committed\":" + numberOr(lag.committed, "null")
                + ",\"high\":" + numberOr(lag.high, "null") + ",\"lag\":" + numberOr(lag.lag, "null") + "}");
    }
}

void printTable(const std::vector<GroupReport>& reports, DataWriter& out)
{
    std::vector<std::vector<std::string>> rows{{"group", "state", "topic", "part.", "committed", "end", "lag"}};
    for (const GroupReport& report : reports) {
        for (const PartitionLine& lag : report.partitions)
            rows.push_back({report.group.name, report.group.state, lag.partition.topic,
                std::to_string(lag.partition.partition.value), numberOr(lag.committed, "not committed"),
                numberOr(lag.high, "unknown"), lag.lag < 0 ? "unknown" : grouped(lag.lag)});
        if (report.partitions.empty() && !report.error)
            rows.push_back({report.group.name, report.group.state, "nothing committed", "", "", "", ""});
    }
    out.text(alignedTable(rows, {false, false, false, true, true, true, true}));
}

ExitCode showLag(Environment& environment, const std::vector<std::string>& named)
{
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    auto groups = groupsToShow(*cluster, named);
    if (!groups) {
        complain(groups.error().text());
        return ExitCode::Failed;
    }
    std::vector<GroupReport> reports;
    for (const GroupInfo& group : *groups)
        reports.push_back(reportOn(*cluster, group));
    ExitCode code = ExitCode::Done;
    for (const GroupReport& report : reports) {
        if (report.error) {
            complain(report.group.name + ": " + report.error->text());
            code = ExitCode::Failed;
        }
        if (!report.group.remark.empty())
            complain(report.group.name + ": " + report.group.remark);
    }
    DataWriter out;
    if (environment.options.json)
        printJson(reports, out);
    else
        printTable(reports, out);
    return out.finish(code);
}

} // namespace

void addLag(CommandLine& line)
{
    const auto named = std::make_shared<std::vector<std::string>>();
    VerbOptions verb = line.addVerb("lag", "Committed offset against end offset, per group and partition",
        [named](Environment& environment) { return showLag(environment, *named); });
    verb.connection("JSON Lines instead of a table");
    verb.texts("group", *named, "Groups to show; all that the cluster lists when none is named");
}

} // namespace weir::cli
