// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/demo/order_pipeline.h"
#include "connectors/record/result.h"

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace weir::demo {

struct DemoOptions
{
    double recordsPerSecond = 300; ///< all topics, on average; at most Demo::maxRecordsPerSecond
    std::uint64_t seed = 1;
    const Clock* clock = &SystemClock::instance();
    /// What lies in the topics already when the demo opens, with timestamps of the past.
    std::chrono::milliseconds history{180'000};
    double consumerTimeScale = 1; ///< 0.1: groups fall behind and recover ten times as fast
};

/// What the demo has done so far.
struct DemoSummary
{
    std::array<std::uint64_t, hopCount> records{}; ///< handed to Kafka, by Hop, history included
    std::uint64_t history = 0; ///< of them, written at the start
    std::uint64_t malformed = 0;
    std::uint64_t late = 0;
    std::uint64_t commits = 0; ///< offsets committed
    std::optional<Error> failure; ///< newest trouble with the embedded cluster

    std::uint64_t total() const { return records[0] + records[1] + records[2]; }
};

/// A running order pipeline on an embedded Kafka cluster of its own: services that produce, groups that commit. Two
/// threads. All functions from any thread; none blocks for long but start().
class Demo
{
public:
    /// So that bursts stay under 600 records/s, which the embedded cluster retains for minutes.
    static constexpr double maxRecordsPerSecond = 315;

    /// Starts cluster and traffic; returns before the history is written (well under a second).
    static Result<std::unique_ptr<Demo>> start(const DemoOptions& options);
    ~Demo();
    Demo(const Demo&) = delete;
    Demo& operator=(const Demo&) = delete;

    const std::string& bootstrapServers() const;
    /// The embedded cluster lists no groups: whoever looks must name them.
    static std::vector<std::string> groupNames();
    DemoSummary summary() const;
    /// Ends the traffic; what was produced stays readable until the Demo is destroyed.
    void stop();

private:
    class State;
    explicit Demo(std::shared_ptr<State> state);
    std::shared_ptr<State> m_state;
};

} // namespace weir::demo
