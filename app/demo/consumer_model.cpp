// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/consumer_model.h"

#include "app/demo/order_pipeline.h"

#include <algorithm>

namespace weir::demo {

using namespace std::chrono_literals;

namespace {

// Records that are read but not yet committed, at most.
constexpr std::uint64_t inFlight = 4;

std::chrono::milliseconds scaled(std::chrono::milliseconds time, double scale)
{
    return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) * scale));
}

ConsumerPlan planFor(const char* group, Hop hop)
{
    const TopicPlan& topic = topicPlans[static_cast<std::size_t>(hop)];
    ConsumerPlan plan;
    plan.group = group;
    plan.topic = topic.name;
    plan.partitions = static_cast<std::size_t>(topic.partitions);
    return plan;
}

} // namespace

std::vector<ConsumerPlan> demoConsumers(double scale)
{
    ConsumerPlan billing = planFor("billing", Hop::Orders);
    ConsumerPlan fulfilment = planFor("fulfilment", Hop::Payments);
    // Soon after the start, so that the first look already shows it; far from what the cluster retains.
    fulfilment.stallAfter = scaled(6s, scale);
    fulfilment.stallFor = scaled(40s, scale);
    fulfilment.stallEvery = scaled(120s, scale);
    fulfilment.catchUpPerSecond = 90 / scale;
    ConsumerPlan fraud = planFor("fraud-scoring", Hop::Orders);
    fraud.commitEvery = scaled(5s, scale);
    return {billing, fulfilment, fraud};
}

ConsumerModel::ConsumerModel(ConsumerPlan plan, std::uint64_t seed) : m_plan(std::move(plan)), m_random(seed) { }

bool ConsumerModel::stalled(std::chrono::milliseconds sinceStart) const
{
    if (m_plan.stallEvery <= 0ms || sinceStart < m_plan.stallAfter)
        return false;
    return (sinceStart - m_plan.stallAfter) % m_plan.stallEvery < m_plan.stallFor;
}

std::vector<std::int64_t> ConsumerModel::step(
    std::chrono::milliseconds sinceStart, const std::vector<std::int64_t>& ends)
{
    const bool first = m_positions.empty();
    if (first)
        m_positions = ends; // a group that has been at work before the demo was opened
    m_positions.resize(ends.size(), 0);
    const double passed = static_cast<double>((sinceStart - m_last).count()) / 1000;
    m_last = sinceStart;
    if (stalled(sinceStart))
        return first ? m_positions : std::vector<std::int64_t>();
    const auto most = static_cast<std::int64_t>(m_plan.catchUpPerSecond * passed);
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const auto target = ends[i] - static_cast<std::int64_t>(m_random.below(inFlight + 1));
        m_positions[i] += std::clamp<std::int64_t>(target - m_positions[i], 0, most);
    }
    if (sinceStart < m_nextCommit)
        return {};
    m_nextCommit = sinceStart + m_plan.commitEvery;
    return m_positions;
}

} // namespace weir::demo
