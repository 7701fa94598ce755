// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/byte_size.h"
#include "app/cli/verb.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <unistd.h>

namespace {

using namespace weir;
using namespace weir::cli;

/// Runs the verb and leaves; comes back only when it could not begin.
int run(const Action& action, const SharedOptions& shared)
{
    const auto memory = parseByteSize(shared.memory);
    if (!memory) {
        complain("--memory: " + memory.error().message);
        return static_cast<int>(ExitCode::Usage);
    }
    catchInterrupts();
    Environment environment{shared, SystemClock::instance(), std::make_shared<MemoryBudget>(*memory)};
    const ExitCode code = action(environment);
    std::fflush(nullptr);
    // Clients are not closed: that can take seconds while a broker is away, and there is nothing in them to save.
    _exit(static_cast<int>(code));
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Weir on the command line: look into event streams without changing them.", "weir-cli"};
    app.set_version_flag("--version", std::string("weir-cli ") + WEIR_VERSION);
    app.require_subcommand(1);
    app.footer("Exit codes: 0 done, 1 failed, 2 usage, 3 done but incomplete.");
    SharedOptions shared;
    Action chosen;
    for (const auto add : {addTopics, addTail, addSql, addLag, addStats, addDemo})
        add(app, shared, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : static_cast<int>(ExitCode::Usage);
    }
    return run(chosen, shared);
}
