// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/playback.h"
#include "connectors/record/cluster.h"
#include "connectors/record/memory_budget.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir::cli {

/// What a process says by its exit code.
enum class ExitCode : int { Done = 0, Failed = 1, Usage = 2, Incomplete = 3 };

/// Options that several verbs share.
struct SharedOptions
{
    std::string brokers;
    std::string capture; ///< a folder to read from instead
    std::string speed = "flat"; ///< at which a capture comes
    bool json = false;
    std::string memory = "1GiB";
};

/// What verbs run with. Owned by main.
struct Environment
{
    SharedOptions options;
    const Clock& clock;
    std::shared_ptr<MemoryBudget> budget;
    /// Clients live until the process leaves: closing one can take seconds, and nothing waits for it.
    std::vector<std::shared_ptr<void>> kept{};
    /// The time of the capture that was opened; null where none was.
    std::shared_ptr<capture::Playback> playback{};
};

/// The verb that was chosen on the command line, ready to run.
using Action = std::function<ExitCode(Environment&)>;

class CommandLine;

/// Each verb adds itself, with its options and what to do.
void addTopics(CommandLine& line);
void addTail(CommandLine& line);
void addSearch(CommandLine& line);
void addSql(CommandLine& line);
void addLag(CommandLine& line);
void addStats(CommandLine& line);
void addCapture(CommandLine& line);
void addVerify(CommandLine& line);
void addRecover(CommandLine& line);
void addExport(CommandLine& line);
void addProfile(CommandLine& line);
void addNotes(CommandLine& line);
void addDiff(CommandLine& line);
void addReplay(CommandLine& line);
void addDemo(CommandLine& line);

/// The cluster, capture or log folder that the options name; tells on stderr when it cannot be opened.
std::shared_ptr<Cluster> openCluster(Environment& environment);

/// "weir-cli: <text>" on stderr.
void complain(const std::string& text);
/// Complains of what could not be begun: by the user's words, or for another reason.
ExitCode refuse(const Error& error);

/// True once Ctrl-C (or SIGTERM) came; verbs end cleanly then.
bool interrupted();
void catchInterrupts();

} // namespace weir::cli
