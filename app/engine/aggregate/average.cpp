// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/states.h"

namespace weir::aggregate {

namespace {

/// An average is a sum and a count. The sum is kept as Flink keeps it: integers in a BIGINT that wraps, FLOAT in a
/// DOUBLE, decimals in 38 digits.
class AverageStates final : public AggregateStates
{
public:
    explicit AverageStates(const AggregateSpec& spec)
        : m_spec(spec), m_sums(makeSum(sumSpec(spec))), m_counts(makeStates(countSpec(spec)))
    { }

    void resize(std::size_t count) override
    {
        m_sums->resize(count);
        m_counts->resize(count);
    }

    void update(const Column* argument, const GroupedRows& in) override
    {
        m_counts->update(argument, in);
        if (m_spec.argument.kind != TypeKind::Float) {
            m_sums->update(argument, in);
            return;
        }
        Column wide(types::float64(), argument->size());
        const auto& values = argument->values<float>();
        auto& doubles = wide.values<double>();
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t) { doubles[row] = values[row]; });
        wide.validity() = argument->validity();
        m_sums->update(&wide, in);
    }

    std::size_t size() const override { return m_counts->size(); }

    void combine(const AggregateStates& other, const GroupPairs& pairs) override
    {
        const auto& from = static_cast<const AverageStates&>(other);
        m_sums->combine(*from.m_sums, pairs);
        m_counts->combine(*from.m_counts, pairs);
    }

    void clear(std::span<const std::uint32_t> groups) override
    {
        m_sums->clear(groups);
        m_counts->clear(groups);
    }

    Column finish(std::span<const std::uint32_t> groups) const override
    {
        const Column sums = m_sums->finish(groups);
        const Column counts = m_counts->finish(groups);
        Column averages(m_spec.result, sums.size());
        for (std::size_t group = 0; group < sums.size(); ++group) {
            if (sums.isNull(group) || !divide(sums, counts.values<std::int64_t>()[group], group, averages))
                averages.setNull(group);
        }
        return averages;
    }

    std::size_t memoryBytes() const override { return m_sums->memoryBytes() + m_counts->memoryBytes(); }

private:
    static AggregateSpec sumSpec(const AggregateSpec& spec)
    {
        if (spec.argument.kind == TypeKind::Decimal)
            return {AggregateFunction::Sum, spec.argument, types::decimal(38, spec.argument.scale), false};
        const LogicalType wide = spec.argument.isInteger() ? types::bigInt() : types::float64();
        return {AggregateFunction::Sum, wide, wide, false};
    }

    static AggregateSpec countSpec(const AggregateSpec& spec)
    {
        return {AggregateFunction::Count, spec.argument, types::bigInt(), false};
    }

    bool divide(const Column& sums, std::int64_t count, std::size_t group, Column& averages) const
    {
        if (m_spec.argument.isInteger())
            averages.values<std::int64_t>()[group] = wrapTo(
                m_spec.result.kind, sums.values<std::int64_t>()[group] / count); // of a sum that may have wrapped
        else if (m_spec.argument.kind == TypeKind::Decimal)
            return divideDecimal(sums.values<Int128>()[group], count, averages.values<Int128>()[group]);
        else if (m_spec.result.kind == TypeKind::Float)
            averages.values<float>()[group] =
                static_cast<float>(sums.values<double>()[group] / static_cast<double>(count));
        else
            averages.values<double>()[group] = sums.values<double>()[group] / static_cast<double>(count);
        return true;
    }

    /// Half up (away from zero), to the scale of the result. False: more than 38 digits.
    bool divideDecimal(Int128 sum, std::int64_t count, Int128& quotient) const
    {
        Int128 power = 1;
        for (int digit = m_spec.argument.scale; digit < m_spec.result.scale; ++digit)
            power *= 10;
        const Int128 rest = (sum % count) * power; // below 2^63 * 10^6
        Int128 scaled = 0;
        if (__builtin_mul_overflow(sum / count, power, &scaled))
            return false;
        scaled += rest / count;
        const Int128 left = rest % count;
        if ((left < 0 ? -left : left) * 2 >= count)
            scaled += sum < 0 ? -1 : 1;
        quotient = scaled;
        return scaled < decimalLimit() && scaled > -decimalLimit();
    }

    AggregateSpec m_spec;
    std::unique_ptr<AggregateStates> m_sums;
    std::unique_ptr<AggregateStates> m_counts;
};

} // namespace

std::unique_ptr<AggregateStates> makeAverage(const AggregateSpec& spec)
{
    return std::make_unique<AverageStates>(spec);
}

} // namespace weir::aggregate
