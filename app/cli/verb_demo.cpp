// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/cli/verb.h"
#include "app/demo/demo.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <thread>

namespace weir::cli {

namespace {

struct Options
{
    double rate = 300;
    std::uint64_t seed = 1;
    double seconds = 0;
};

void tellAddress(const demo::Demo& running)
{
    std::string groups;
    for (const std::string& group : demo::Demo::groupNames())
        groups += (groups.empty() ? "" : " ") + group;
    std::printf("%s\n", running.bootstrapServers().c_str());
    std::fflush(stdout);
    std::fprintf(stderr,
        "An order pipeline runs at %s until Ctrl-C: orders, payments, shipments. Join in:\n"
        "  weir-cli tail orders -b %s --from -3\n"
        "  weir-cli lag %s -b %s\n"
        "  kcat -b %s -C -t orders\n",
        running.bootstrapServers().c_str(), running.bootstrapServers().c_str(), groups.c_str(),
        running.bootstrapServers().c_str(), running.bootstrapServers().c_str());
}

ExitCode runDemo(Environment& environment, const Options& options)
{
    demo::DemoOptions demoOptions;
    demoOptions.recordsPerSecond = options.rate;
    demoOptions.seed = options.seed;
    demoOptions.clock = &environment.clock;
    auto demo = demo::Demo::start(demoOptions);
    if (!demo) {
        complain(demo.error().text());
        return ExitCode::Failed;
    }
    tellAddress(**demo);
    const auto start = environment.clock.steady();
    while (!interrupted()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const std::chrono::duration<double> took = environment.clock.steady() - start;
        if (options.seconds > 0 && took.count() >= options.seconds)
            break;
    }
    (*demo)->stop();
    return ExitCode::Done;
}

} // namespace

void addDemo(CLI::App& app, SharedOptions&, Action& chosen)
{
    CLI::App* verb = app.add_subcommand("demo", "Run the demo pipeline on an embedded Kafka and print its address");
    const auto options = std::make_shared<Options>();
    verb->add_option("--rate", options->rate, "Records per second over all topics")
        ->check(CLI::Range(1.0, demo::Demo::maxRecordsPerSecond))
        ->capture_default_str();
    verb->add_option("--seed", options->seed, "The same seed gives the same events")->capture_default_str();
    verb->add_option("--seconds", options->seconds, "Stop after so many seconds; 0: at Ctrl-C")
        ->check(CLI::NonNegativeNumber);
    verb->callback([&chosen, options] {
        chosen = [options](Environment& environment) { return runDemo(environment, *options); };
    });
}

} // namespace weir::cli
