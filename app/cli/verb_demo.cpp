// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/demo/demo.h"

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

void tellAddress(const demo::Demo& running, bool json)
{
    std::string groups;
    for (const std::string& group : demo::Demo::groupNames())
        groups += (groups.empty() ? "" : " ") + group;
    const std::string& address = running.bootstrapServers();
    const std::string line = json ? "{\"brokers\":" + jsonString(address) + "}" : address;
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
    std::fprintf(stderr,
        "An order pipeline runs at %s until Ctrl-C: orders, payments, shipments. Join in:\n"
        "  weir-cli tail orders -b %s --from -3\n"
        "  weir-cli lag %s -b %s\n"
        "  kcat -b %s -C -t orders\n",
        address.c_str(), address.c_str(), groups.c_str(), address.c_str(), address.c_str());
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
    tellAddress(**demo, environment.options.json);
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

void addDemo(CommandLine& line)
{
    const auto options = std::make_shared<Options>();
    VerbOptions verb = line.addVerb("demo", "Run the demo pipeline on an embedded Kafka and print its address",
        [options](Environment& environment) { return runDemo(environment, *options); });
    verb.json("The address as a JSON object");
    verb.number("--rate", options->rate, "Records per second over all topics", {1, demo::Demo::maxRecordsPerSecond});
    verb.number("--seed", options->seed, "The same seed gives the same events");
    verb.number("--seconds", options->seconds, "Stop after so many seconds; 0: at Ctrl-C");
}

} // namespace weir::cli
