// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"

#include <cstdint>
#include <memory>
#include <span>

namespace weir::aggregate {

enum class AggregateFunction : std::uint8_t {
    Count,
    Sum,
    Avg,
    Min,
    Max,
    StddevPop,
    StddevSamp,
    VarPop,
    VarSamp,
    FirstValue, ///< the first in arrival order that is not NULL, as LastValue
    LastValue,
    ListAgg, ///< texts joined by `separator`
    Percentile, ///< exact, by linear interpolation at `fraction`
    ApproxPercentile, ///< of a sketch, at `fraction`
    ApproxCountDistinct,
    ApproxTopK, ///< the `count` most frequent values, as the text of a JSON object from value to count
};

/// What to aggregate. COUNT(*) has an argument of kind Null.
struct AggregateSpec
{
    AggregateFunction function = AggregateFunction::Count;
    LogicalType argument;
    LogicalType result;
    bool distinct = false;
    std::string separator = {};
    double fraction = 0; ///< 0 to 1
    std::int64_t count = 0;

    bool operator==(const AggregateSpec&) const = default;
};

/// As SQL writes it: "COUNT", "SUM".
const char* nameOf(AggregateFunction function);

/// Rows of a batch and the group each belongs to: rows[i] counts for groups[i]. Same length, rows ascending.
struct GroupedRows
{
    std::span<const std::uint32_t> rows;
    std::span<const std::uint32_t> groups;
};

/// Groups of one set of states and where they go in another: from[i] goes to into[i]. Same length.
struct GroupPairs
{
    std::span<const std::uint32_t> from;
    std::span<const std::uint32_t> into;
};

/// The states of one aggregate function for all groups 0 to n-1 of one slice, as arrays indexed by group. One thread at
/// a time. A NULL argument never counts (but for COUNT(*)).
class AggregateStates
{
public:
    virtual ~AggregateStates() = default;

    /// Groups up to `count` exist afterwards, new ones empty. Never shrinks.
    virtual void resize(std::size_t count) = 0;
    /// `argument` is null for COUNT(*); all groups named exist.
    virtual void update(const Column* argument, const GroupedRows& rows) = 0;
    virtual std::size_t size() const = 0;
    /// Groups of `other` (same spec; may be this, if no group stands on both sides) are added to groups of this.
    virtual void combine(const AggregateStates& other, const GroupPairs& pairs) = 0;
    /// These groups are as new.
    virtual void clear(std::span<const std::uint32_t> groups) = 0;
    /// One row per group named, of the result type. Strings are copies.
    virtual Column finish(std::span<const std::uint32_t> groups) const = 0;
    Column finish() const; ///< of all groups
    virtual std::size_t memoryBytes() const = 0;
};

/// True when the order of rows shows in the result: sums of FLOAT and DOUBLE.
bool dependsOnOrder(const AggregateSpec& spec);
/// False for types that a function cannot take (the binder has said so before).
bool canAggregate(const AggregateSpec& spec);
std::unique_ptr<AggregateStates> makeStates(const AggregateSpec& spec);

} // namespace weir::aggregate
