// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/aggregate_function.h"
#include "app/engine/event/decimal_math.h"

namespace weir::aggregate {

// The makers behind makeStates(), one per file.
std::unique_ptr<AggregateStates> makeSum(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeAverage(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeMinMax(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeDistinct(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeDeviation(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeFirstLast(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeListAgg(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makePercentile(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeQuantileSketch(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeDistinctSketch(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeTopK(const AggregateSpec& spec);

/// Calls visit(row, group) for rows whose argument is not NULL.
template <typename Visit>
void forEachValid(const Column& argument, const GroupedRows& in, Visit&& visit)
{
    const std::size_t count = in.rows.size();
    if (argument.validity().allValid()) {
        for (std::size_t i = 0; i < count; ++i)
            visit(in.rows[i], in.groups[i]);
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (argument.validity().valid(in.rows[i]))
            visit(in.rows[i], in.groups[i]);
    }
}

template <typename T>
void clearGroups(std::vector<T>& values, std::span<const std::uint32_t> groups)
{
    for (const std::uint32_t group : groups)
        values[group] = T();
}

/// Bytes that a vector holds.
template <typename T>
std::size_t bytesOf(const std::vector<T>& values)
{
    return values.capacity() * sizeof(T);
}

/// Keeps the low bits of an integer, as Java's narrow integers do.
inline std::int64_t wrapTo(TypeKind kind, std::int64_t value)
{
    switch (kind) {
    case TypeKind::TinyInt:
        return static_cast<std::int8_t>(value);
    case TypeKind::SmallInt:
        return static_cast<std::int16_t>(value);
    case TypeKind::Int:
        return static_cast<std::int32_t>(value);
    default:
        return value;
    }
}

/// A number of any type as a DOUBLE; `row` is not NULL.
inline double doubleAt(const Column& column, std::size_t row)
{
    switch (physicalTypeOf(column.type())) {
    case PhysicalType::Float32:
        return static_cast<double>(column.values<float>()[row]);
    case PhysicalType::Float64:
        return column.values<double>()[row];
    case PhysicalType::Int128:
        return decimalToDouble(column.values<Int128>()[row], column.type().scale);
    default:
        return static_cast<double>(column.values<std::int64_t>()[row]);
    }
}

/// States that are one struct per group: what is said of one of them is enough.
template <typename State>
class StructStates : public AggregateStates
{
public:
    explicit StructStates(LogicalType result, State fresh = {}) : m_result(std::move(result)), m_fresh(std::move(fresh))
    { }

    void resize(std::size_t count) override { m_states.resize(count, m_fresh); }
    std::size_t size() const override { return m_states.size(); }

    void combine(const AggregateStates& other, const GroupPairs& pairs) override
    {
        const auto& from = static_cast<const StructStates&>(other);
        for (std::size_t i = 0; i < pairs.into.size(); ++i)
            change(pairs.into[i], [&](State& state) { merge(state, from.m_states[pairs.from[i]]); });
    }

    void clear(std::span<const std::uint32_t> groups) override
    {
        for (const std::uint32_t group : groups)
            change(group, [this](State& state) { state = m_fresh; });
    }

    Column finish(std::span<const std::uint32_t> groups) const override
    {
        Column column(m_result, groups.size());
        for (std::size_t i = 0; i < groups.size(); ++i)
            give(m_states[groups[i]], column, i);
        return column;
    }

    std::size_t memoryBytes() const override { return bytesOf(m_states) + m_extra; }

protected:
    virtual void merge(State& into, const State& from) const = 0;
    virtual void give(const State& state, Column& column, std::size_t row) const = 0; ///< value or NULL
    virtual std::size_t extraBytes(const State&) const { return 0; } ///< that lie outside the struct

    /// Calls changing(state of `group`).
    template <typename Changing>
    void change(std::uint32_t group, Changing&& changing)
    {
        State& state = m_states[group];
        m_extra -= extraBytes(state);
        changing(state);
        m_extra += extraBytes(state);
    }

    LogicalType m_result;

private:
    State m_fresh;
    std::vector<State> m_states;
    std::size_t m_extra = 0;
};

/// Smallest value that is too wide for DECIMAL(38, s).
inline Int128 decimalLimit()
{
    Int128 limit = 1;
    for (int digit = 0; digit < 38; ++digit)
        limit *= 10;
    return limit;
}

} // namespace weir::aggregate
