// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/engine/decode/record_diff.h"
#include "app/session/record_place.h"

#include <cstdio>

namespace weir::cli {

namespace {

struct DiffOptions
{
    std::string topic;
    std::string place;
    std::string other;
    std::string otherTopic;
};

std::string textOf(const DiffLine& line)
{
    switch (line.kind) {
    case DiffKind::Added:
        return "+ " + line.path + ": " + line.after;
    case DiffKind::Removed:
        return "- " + line.path + ": " + line.before;
    default:
        return "  " + line.path + ": " + line.before + " -> " + line.after;
    }
}

std::string jsonOf(const DiffLine& line)
{
    const char* const names[] = {"same", "changed", "added", "removed"};
    std::string json =
        "{\"path\":" + jsonString(line.path) + ",\"kind\":\"" + names[static_cast<int>(line.kind)] + "\"";
    if (line.kind != DiffKind::Added)
        json += ",\"before\":" + jsonString(line.before);
    if (line.kind != DiffKind::Removed)
        json += ",\"after\":" + jsonString(line.after);
    return json + "}";
}

/// The other record, or the one before of the same key.
Result<StoredRow> otherOf(
    Cluster& cluster, const DiffOptions& options, const RecordPlace& place, const StoredRow& record)
{
    if (options.other.empty()) {
        static const std::atomic<bool> goesOn{false};
        return recordBefore(cluster, place, record.batch->key(record.index), goesOn);
    }
    const auto other =
        RecordPlace::parse(options.otherTopic.empty() ? options.topic : options.otherTopic, options.other);
    return other ? readRecord(cluster, *other) : Result<StoredRow>(other.error());
}

ExitCode diff(Environment& environment, const DiffOptions& options)
{
    const auto place = RecordPlace::parse(options.topic, options.place);
    if (!place)
        return refuse(place.error());
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    const auto record = readRecord(*cluster, *place);
    if (!record)
        return refuse(record.error());
    const auto other = otherOf(*cluster, options, *place, *record);
    if (!other)
        return refuse(other.error());
    const auto lines = diffRecords(*other->batch, other->index, *record->batch, record->index);
    DataWriter out;
    for (const DiffLine& line : lines) {
        if (line.kind != DiffKind::Same && !line.container)
            out.line(environment.options.json ? jsonOf(line) : textOf(line));
    }
    const ExitCode code = out.finish(ExitCode::Done);
    const RecordPlace before = placeOf(*other->batch, other->index);
    std::fprintf(stderr, "%zu differences from %s@%lld to %s@%lld.\n", differencesIn(lines),
        before.partition.text().c_str(), static_cast<long long>(before.offset), place->partition.text().c_str(),
        static_cast<long long>(place->offset));
    return code;
}

} // namespace

void addDiff(CommandLine& line)
{
    const auto options = std::make_shared<DiffOptions>();
    VerbOptions verb =
        line.addVerb("diff", "Tell how a record differs from another, or from the one before it with the same key",
            [options](Environment& environment) { return diff(environment, *options); });
    verb.connection("A JSON object for each difference");
    verb.required("topic", options->topic, "Topic of the record");
    verb.required("place", options->place, "Partition and offset of the record: 7@88120314");
    verb.text("--with", options->other, "Place of the record to compare it with; without, the one before of its key");
    verb.text("--with-topic", options->otherTopic, "Topic of that record, if it is another one");
}

} // namespace weir::cli
