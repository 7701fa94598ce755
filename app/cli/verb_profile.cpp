// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/cli/read_options.h"
#include "app/cli/report_coverage.h"
#include "app/session/profile_run.h"

namespace weir::cli {

namespace {

struct ProfileOptions
{
    std::string topic;
    ReadOptions read{"-10000", "end", {}, false};
};

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

ExitCode profile(Environment& environment, const ProfileOptions& options)
{
    return report<ProfileRun>(environment, {options.topic, options.read, "Profiled"}, [&](const ProfileRun& run) {
        const std::shared_ptr<const profile::TopicProfile> told = run.profile();
        return environment.options.json ? profileJson(options.topic, *told) + "\n" : tableOf(*told);
    });
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
