// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/byte_size.h"
#include "app/cli/command_line.h"

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
    CommandLine line;
    for (const auto add : {addTopics, addTail, addSearch, addSql, addLag, addStats, addProfile, addNotes, addDiff,
             addCapture, addVerify, addRecover, addExport, addReplay, addDemo})
        add(line);
    if (const auto code = line.parse(argc, argv))
        return static_cast<int>(*code);
    return run(line.chosen(), line.shared());
}
