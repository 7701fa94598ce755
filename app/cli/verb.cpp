// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/verb.h"

#include "connectors/kafka/kafka_cluster.h"

#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>

namespace weir::cli {

namespace {

// A signal handler may touch nothing but this.
std::atomic<bool> interruptSeen{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void onInterrupt(int)
{
    // The second Ctrl-C ends the process the hard way.
    if (interruptSeen.exchange(true))
        std::signal(SIGINT, SIG_DFL);
}

} // namespace

void addConnectionOptions(CLI::App& verb, SharedOptions& shared)
{
    verb.add_option("-b,--brokers", shared.brokers, "Bootstrap servers, host:port, comma separated")->required();
    verb.add_flag("--json", shared.json, "JSON Lines instead of a table");
}

void addMemoryOption(CLI::App& verb, SharedOptions& shared)
{
    verb.add_option("--memory", shared.memory, "Memory budget, such as 256MiB or 1GiB")->capture_default_str();
}

std::shared_ptr<Cluster> openCluster(Environment& environment)
{
    kafka::KafkaSettings settings;
    settings.bootstrapServers = environment.options.brokers;
    settings.budget = environment.budget;
    settings.clock = &environment.clock;
    auto cluster = kafka::openCluster(settings);
    if (!cluster) {
        complain(cluster.error().text());
        return nullptr;
    }
    environment.kept.push_back(*cluster);
    return *cluster;
}

void complain(const std::string& text)
{
    std::fprintf(stderr, "weir-cli: %s\n", text.c_str());
}

bool interrupted()
{
    return interruptSeen.load();
}

void catchInterrupts()
{
    std::signal(SIGINT, onInterrupt);
    std::signal(SIGTERM, onInterrupt);
    // A closed pipe shows as a failed write, which ends the verb with its counters told.
    std::signal(SIGPIPE, SIG_IGN);
}

} // namespace weir::cli
