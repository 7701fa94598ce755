// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/aggregate_function.h"

namespace weir::aggregate {

// The makers behind makeStates(), one per file.
std::unique_ptr<AggregateStates> makeSum(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeAverage(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeMinMax(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeDistinct(const AggregateSpec& spec);

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

/// Smallest value that is too wide for DECIMAL(38, s).
inline Int128 decimalLimit()
{
    Int128 limit = 1;
    for (int digit = 0; digit < 38; ++digit)
        limit *= 10;
    return limit;
}

} // namespace weir::aggregate
