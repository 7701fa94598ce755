// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/quantile_sketch.h"
#include "app/engine/aggregate/states.h"

#include <algorithm>
#include <cmath>

namespace weir::aggregate {

namespace {

/// PERCENTILE: all values are kept; between two neighbours it is linear.
class PercentileStates final : public StructStates<std::vector<double>>
{
public:
    explicit PercentileStates(const AggregateSpec& spec) : StructStates(spec.result), m_fraction(spec.fraction) { }

    void update(const Column* argument, const GroupedRows& in) override
    {
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t group) {
            change(group, [&](std::vector<double>& values) { values.push_back(doubleAt(*argument, row)); });
        });
    }

private:
    void merge(std::vector<double>& into, const std::vector<double>& from) const override
    {
        into.insert(into.end(), from.begin(), from.end());
    }

    void give(const std::vector<double>& values, Column& column, std::size_t row) const override
    {
        if (values.empty())
            column.setNull(row);
        else
            column.values<double>()[row] = percentile(values);
    }

    std::size_t extraBytes(const std::vector<double>& values) const override { return bytesOf(values); }

    double percentile(std::vector<double> values) const
    {
        std::sort(values.begin(), values.end());
        const double position = static_cast<double>(values.size() - 1) * m_fraction;
        const auto lower = static_cast<std::size_t>(std::floor(position));
        const auto upper = static_cast<std::size_t>(std::ceil(position));
        if (lower == upper)
            return values[lower];
        return (static_cast<double>(upper) - position) * values[lower]
            + (position - static_cast<double>(lower)) * values[upper];
    }

    double m_fraction;
};

/// APPROX_PERCENTILE.
class QuantileSketchStates final : public StructStates<QuantileSketch>
{
public:
    explicit QuantileSketchStates(const AggregateSpec& spec) : StructStates(spec.result), m_fraction(spec.fraction) { }

    void update(const Column* argument, const GroupedRows& in) override
    {
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t group) {
            change(group, [&](QuantileSketch& sketch) { sketch.add(doubleAt(*argument, row)); });
        });
    }

private:
    void merge(QuantileSketch& into, const QuantileSketch& from) const override { into.merge(from); }

    void give(const QuantileSketch& sketch, Column& column, std::size_t row) const override
    {
        if (const auto value = sketch.quantile(m_fraction))
            column.values<double>()[row] = *value;
        else
            column.setNull(row);
    }

    std::size_t extraBytes(const QuantileSketch& sketch) const override { return sketch.memoryBytes(); }

    double m_fraction;
};

} // namespace

std::unique_ptr<AggregateStates> makePercentile(const AggregateSpec& spec)
{
    return std::make_unique<PercentileStates>(spec);
}

std::unique_ptr<AggregateStates> makeQuantileSketch(const AggregateSpec& spec)
{
    return std::make_unique<QuantileSketchStates>(spec);
}

} // namespace weir::aggregate
