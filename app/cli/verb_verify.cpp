// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/byte_size.h"
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/cli/verify_text.h"
#include "connectors/capture/recover.h"

#include <cstdio>

namespace weir::cli {

namespace {

/// Shows how far it is; Ctrl-C stops it.
capture::VerifyProgress showProgress(ProgressLine& line, const char* verb)
{
    return [&line, verb](std::uint64_t done, std::uint64_t all) {
        line.show(std::string(verb) + " " + byteSizeText(done) + " of " + byteSizeText(all));
        return !interrupted();
    };
}

ExitCode runVerify(Environment& environment, const std::string& folder)
{
    ProgressLine line;
    const auto report = capture::verify(folder, showProgress(line, "verified"));
    if (!report) {
        complain(report.error().text());
        return ExitCode::Failed;
    }
    DataWriter out;
    if (environment.options.json)
        out.line(verifyJson(*report, folder));
    else
        out.text(verifyText(*report, folder));
    return out.finish(report->isIntact() ? ExitCode::Done : ExitCode::Failed);
}

struct RecoverOptions
{
    std::string from;
    std::string to;
};

ExitCode runRecover(Environment& environment, const RecoverOptions& options)
{
    ProgressLine line;
    const auto report = capture::recover(options.from, options.to, environment.clock, showProgress(line, "recovered"));
    if (!report) {
        complain(report.error().text());
        return ExitCode::Failed;
    }
    DataWriter out;
    if (environment.options.json)
        out.line(recoverJson(*report, options.to));
    else
        out.text(recoverText(*report, options.to));
    return out.finish(report->verified.isIntact() ? ExitCode::Done : ExitCode::Failed);
}

} // namespace

void addVerify(CommandLine& line)
{
    const auto folder = std::make_shared<std::string>();
    VerbOptions verb = line.addVerb("verify", "Check every checksum, index and offset of a capture or a log folder",
        [folder](Environment& environment) { return runVerify(environment, *folder); });
    verb.json("The report as a JSON object");
    verb.required("folder", *folder, "A capture, a broker's data folder or the folder of one partition");
}

void addRecover(CommandLine& line)
{
    const auto options = std::make_shared<RecoverOptions>();
    VerbOptions verb = line.addVerb("recover", "Save what is intact of a damaged capture into a new one",
        [options](Environment& environment) { return runRecover(environment, *options); });
    verb.json("The report as a JSON object");
    verb.required("folder", options->from, "The damaged capture, or a log folder; it stays as it is");
    verb.required("-o,--output", options->to, "Folder for the new capture; it must not exist, or be empty");
}

} // namespace weir::cli
