// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/cli/read_options.h"
#include "app/session/profile_run.h"

#include <cstdio>

namespace weir::cli {

namespace {

struct ProfileOptions
{
    std::string topic;
    ReadOptions read{"-10000", "end", {}, false};
};

void watch(ProfileRun& run)
{
    ProgressLine line;
    ProblemReporter problems(run.topic());
    while (!run.wait(std::chrono::milliseconds(50))) {
        const DrainSnapshot progress = run.progress();
        problems.report(combined(progress.sources));
        line.show(grouped(progress.records) + " records, " + drainText(progress));
        if (interrupted())
            run.stop();
    }
}

std::string tableOf(const profile::TopicProfile& profile)
{
    std::string text;
    std::string section;
    std::vector<std::vector<std::string>> rows;
    const auto close = [&] {
        if (!rows.empty())
            text += section + "\n" + alignedTable(rows, {false, false, false}) + "\n";
        rows.clear();
    };
    for (const ProfileLine& line : profileLines(profile)) {
        if (line.section != section)
            close();
        section = line.section;
        rows.push_back({"  " + line.name, line.value, line.note});
    }
    close();
    return text;
}

/// How much of what was asked for was looked at.
ExitCode tellCoverage(const ProfileRun& run, const DrainSnapshot& last, const ProfileOptions& options)
{
    const SourceState all = combined(last.sources);
    std::fprintf(stderr, "Profiled %s records of %s, %zu partitions, from %s until %s.\n",
        grouped(last.records).c_str(), options.topic.c_str(), all.partitions.size(), options.read.from.c_str(),
        options.read.until.c_str());
    if (last.failure) {
        complain(last.failure->text());
        return ExitCode::Failed;
    }
    if (std::any_of(last.sources.begin(), last.sources.end(), [](const SourceState& one) { return !one.ended; })) {
        complain("Incomplete: stopped before all of it was read.");
        return ExitCode::Incomplete;
    }
    return tellMissing(options.topic, run.missing());
}

ExitCode profile(Environment& environment, const ProfileOptions& options)
{
    const auto request = requestOf(options.read, options.topic);
    if (!request)
        return refuse(request.error());
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    auto run = ProfileRun::start(*cluster, *request, environment.clock);
    if (!run)
        return refuse(run.error());
    watch(**run);
    const std::shared_ptr<const profile::TopicProfile> told = (*run)->profile();
    DataWriter out;
    out.text(environment.options.json ? profileJson(options.topic, *told) + "\n" : tableOf(*told));
    const ExitCode code = out.finish(tellCoverage(**run, (*run)->progress(), options));
    environment.kept.push_back(std::shared_ptr<ProfileRun>(std::move(*run)));
    return code;
}

} // namespace

void addProfile(CommandLine& line)
{
    const auto options = std::make_shared<ProfileOptions>();
    VerbOptions verb = line.addVerb("profile", "Tell what a topic is made of: sizes, keys, skew, fields, hours",
        [options](Environment& environment) { return profile(environment, *options); });
    verb.connection("A JSON object instead of tables");
    verb.memory();
    verb.required("topic", options->topic, "Topic to look at; a sample of it unless --from beginning");
    addReadOptions(verb, options->read);
}

} // namespace weir::cli
