// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/states.h"

#include <cassert>

namespace weir::aggregate {

namespace {

/// COUNT(*) and COUNT(x).
class CountStates final : public AggregateStates
{
public:
    explicit CountStates(const AggregateSpec& spec) : m_result(spec.result) { }

    void resize(std::size_t count) override { m_counts.resize(count); }

    void update(const Column* argument, const GroupedRows& in) override
    {
        std::int64_t* const counts = m_counts.data();
        if (argument) {
            forEachValid(*argument, in, [counts](std::uint32_t, std::uint32_t group) { ++counts[group]; });
            return;
        }
        for (const std::uint32_t group : in.groups)
            ++counts[group];
    }

    void combine(const AggregateStates& other, std::span<const std::uint32_t> targets) override
    {
        const auto& from = static_cast<const CountStates&>(other);
        for (std::size_t group = 0; group < targets.size(); ++group)
            m_counts[targets[group]] += from.m_counts[group];
    }

    Column finish() const override
    {
        Column column(m_result, 0);
        column.values<std::int64_t>() = m_counts;
        return column;
    }

    std::size_t memoryBytes() const override { return bytesOf(m_counts); }

private:
    LogicalType m_result;
    std::vector<std::int64_t> m_counts;
};

} // namespace

const char* nameOf(AggregateFunction function)
{
    static constexpr const char* names[] = {"COUNT", "SUM", "AVG", "MIN", "MAX"};
    return names[static_cast<std::size_t>(function)];
}

bool dependsOnOrder(const AggregateSpec& spec)
{
    const bool sums = spec.function == AggregateFunction::Sum || spec.function == AggregateFunction::Avg;
    return sums && spec.argument.isApproximate();
}

bool canAggregate(const AggregateSpec& spec)
{
    if (spec.function == AggregateFunction::Count)
        return spec.argument.kind == TypeKind::Null || physicalTypeOf(spec.argument) != PhysicalType::Nested;
    if (spec.function == AggregateFunction::Sum || spec.function == AggregateFunction::Avg)
        return spec.argument.isNumeric();
    return spec.argument.kind != TypeKind::Null && physicalTypeOf(spec.argument) != PhysicalType::Nested;
}

std::unique_ptr<AggregateStates> makeStates(const AggregateSpec& spec)
{
    assert(canAggregate(spec));
    const bool extreme = spec.function == AggregateFunction::Min || spec.function == AggregateFunction::Max;
    if (spec.distinct && !extreme)
        return makeDistinct(spec);
    switch (spec.function) {
    case AggregateFunction::Sum:
        return makeSum(spec);
    case AggregateFunction::Avg:
        return makeAverage(spec);
    case AggregateFunction::Min:
    case AggregateFunction::Max:
        return makeMinMax(spec);
    case AggregateFunction::Count:
        break;
    }
    return std::make_unique<CountStates>(spec);
}

} // namespace weir::aggregate
