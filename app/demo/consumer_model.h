// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/demo/random.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::demo {

/// How a consumer group of the demo behaves.
struct ConsumerPlan
{
    std::string group;
    std::string topic;
    std::size_t partitions = 0;
    /// Commits stand still from `stallAfter` on for `stallFor`, again every `stallEvery`; 0: never.
    std::chrono::milliseconds stallAfter{0};
    std::chrono::milliseconds stallFor{0};
    std::chrono::milliseconds stallEvery{0};
    std::chrono::milliseconds commitEvery{0}; ///< 0: at every step
    double catchUpPerSecond = 500; ///< records per partition that it can process at most
};

/// Where a group has got to, step by step: it reads towards the ends it is told and commits. Pure; time is what the
/// caller says has passed since the start.
class ConsumerModel
{
public:
    ConsumerModel(ConsumerPlan plan, std::uint64_t seed);

    const ConsumerPlan& plan() const { return m_plan; }
    /// Offsets to commit now, by partition; unchanged ones too. Empty when nothing is due.
    std::vector<std::int64_t> step(std::chrono::milliseconds sinceStart, const std::vector<std::int64_t>& ends);
    bool stalled(std::chrono::milliseconds sinceStart) const;

private:
    ConsumerPlan m_plan;
    Random m_random;
    std::vector<std::int64_t> m_positions; ///< empty before the first step
    std::chrono::milliseconds m_last{0};
    std::chrono::milliseconds m_nextCommit{0};
};

/// The demo's groups: one keeps up, one falls behind for 40 s of every 120 s and recovers, one commits in lumps.
/// `scale` 0.1 makes all of it ten times as fast, for tests.
std::vector<ConsumerPlan> demoConsumers(double scale = 1);

} // namespace weir::demo
