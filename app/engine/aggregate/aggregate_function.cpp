// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/states.h"

#include <cassert>
#include <numeric>

namespace weir::aggregate {

namespace {

/// COUNT(*) and COUNT(x).
class CountStates final : public AggregateStates
{
public:
    explicit CountStates(const AggregateSpec& spec) : m_result(spec.result) { }

    void resize(std::size_t count) override { m_counts.resize(count); }
    std::size_t size() const override { return m_counts.size(); }

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

    void combine(const AggregateStates& other, const GroupPairs& pairs) override
    {
        const auto& from = static_cast<const CountStates&>(other);
        for (std::size_t i = 0; i < pairs.into.size(); ++i)
            m_counts[pairs.into[i]] += from.m_counts[pairs.from[i]];
    }

    void clear(std::span<const std::uint32_t> groups) override { clearGroups(m_counts, groups); }

    Column finish(std::span<const std::uint32_t> groups) const override
    {
        Column column(m_result, groups.size());
        auto& values = column.values<std::int64_t>();
        for (std::size_t i = 0; i < groups.size(); ++i)
            values[i] = m_counts[groups[i]];
        return column;
    }

    std::size_t memoryBytes() const override { return bytesOf(m_counts); }

private:
    LogicalType m_result;
    std::vector<std::int64_t> m_counts;
};

std::vector<std::uint32_t> firstNumbers(std::size_t count)
{
    std::vector<std::uint32_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0U);
    return numbers;
}

} // namespace

Column AggregateStates::finish() const
{
    return finish(firstNumbers(size()));
}

const char* nameOf(AggregateFunction function)
{
    static constexpr const char* names[] = {"COUNT", "SUM", "AVG", "MIN", "MAX", "STDDEV_POP", "STDDEV_SAMP", "VAR_POP",
        "VAR_SAMP", "FIRST_VALUE", "LAST_VALUE", "LISTAGG", "PERCENTILE", "APPROX_PERCENTILE", "APPROX_COUNT_DISTINCT",
        "APPROX_TOP_K"};
    return names[static_cast<std::size_t>(function)];
}

bool dependsOnOrder(const AggregateSpec& spec)
{
    switch (spec.function) {
    case AggregateFunction::Sum:
    case AggregateFunction::Avg:
    case AggregateFunction::StddevPop:
    case AggregateFunction::StddevSamp:
    case AggregateFunction::VarPop:
    case AggregateFunction::VarSamp:
        return spec.argument.isApproximate();
    case AggregateFunction::FirstValue:
    case AggregateFunction::LastValue:
    case AggregateFunction::ListAgg:
    case AggregateFunction::ApproxTopK:
        return true;
    default:
        return false;
    }
}

bool canAggregate(const AggregateSpec& spec)
{
    const bool typed = spec.argument.kind != TypeKind::Null;
    const bool flat = typed && !spec.argument.isNested();
    switch (spec.function) {
    case AggregateFunction::Count:
        return true;
    case AggregateFunction::FirstValue:
    case AggregateFunction::LastValue:
        return typed;
    case AggregateFunction::Min:
    case AggregateFunction::Max:
    case AggregateFunction::ApproxCountDistinct:
    case AggregateFunction::ApproxTopK:
        return flat;
    case AggregateFunction::ListAgg:
        return spec.argument.isString();
    default:
        return spec.argument.isNumeric();
    }
}

std::unique_ptr<AggregateStates> makeStates(const AggregateSpec& spec)
{
    assert(canAggregate(spec));
    const bool extreme = spec.function == AggregateFunction::Min || spec.function == AggregateFunction::Max;
    if (spec.distinct && !extreme)
        return makeDistinct(spec);
    switch (spec.function) {
    case AggregateFunction::Count:
        break;
    case AggregateFunction::Sum:
        return makeSum(spec);
    case AggregateFunction::Avg:
        return makeAverage(spec);
    case AggregateFunction::Min:
    case AggregateFunction::Max:
        return makeMinMax(spec);
    case AggregateFunction::StddevPop:
    case AggregateFunction::StddevSamp:
    case AggregateFunction::VarPop:
    case AggregateFunction::VarSamp:
        return makeDeviation(spec);
    case AggregateFunction::FirstValue:
    case AggregateFunction::LastValue:
        return makeFirstLast(spec);
    case AggregateFunction::ListAgg:
        return makeListAgg(spec);
    case AggregateFunction::Percentile:
        return makePercentile(spec);
    case AggregateFunction::ApproxPercentile:
        return makeQuantileSketch(spec);
    case AggregateFunction::ApproxCountDistinct:
        return makeDistinctSketch(spec);
    case AggregateFunction::ApproxTopK:
        return makeTopK(spec);
    }
    return std::make_unique<CountStates>(spec);
}

} // namespace weir::aggregate
