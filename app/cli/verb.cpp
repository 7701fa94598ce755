// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/verb.h"

#include "app/session/pace.h"
#include "connectors/capture/folder_cluster.h"
#include "connectors/kafka/kafka_cluster.h"

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

std::shared_ptr<Cluster> openCluster(Environment& environment)
{
    if (!environment.options.capture.empty()) {
        const auto pace = parsePace(environment.options.speed);
        if (!pace) {
            complain(pace.error().text());
            return nullptr;
        }
        environment.playback = std::make_shared<capture::Playback>(environment.clock, *pace > 0);
        const std::shared_ptr<Cluster> folder = capture::openFolder(
            {environment.options.capture, environment.budget, &environment.clock, environment.playback});
        if (const auto opened = folder->metadata(); !opened) {
            complain(opened.error().text());
            return nullptr;
        }
        environment.playback->play(*pace);
        return folder;
    }
    if (environment.options.speed != "flat") {
        complain("--speed: only a capture has a pace. Give --capture, or leave it out.");
        return nullptr;
    }
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

ExitCode refuse(const Error& error)
{
    complain(error.text());
    return error.kind == ErrorKind::InvalidInput ? ExitCode::Usage : ExitCode::Failed;
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
