// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/aggregate_function.h"
#include "app/engine/aggregate/group_dictionary.h"

#include <memory>
#include <span>
#include <vector>

namespace weir::window {

/// What is kept per slice: types of the group keys, and the aggregate functions.
struct SliceSpec
{
    std::vector<LogicalType> keys;
    std::vector<aggregate::AggregateSpec> aggregates;
};

/// Columns of one batch that a slice reads; they live elsewhere. `arguments` and `filters` have one entry per
/// aggregate: null argument for COUNT(*), null filter for none, otherwise a BOOLEAN column whose TRUE rows count.
struct SliceInput
{
    std::vector<const Column*> keys;
    std::vector<const Column*> arguments;
    std::vector<const Column*> filters;
};

/// Rows of a SliceInput with the hashes of their keys; same length.
struct HashedRows
{
    std::span<const std::uint32_t> rows;
    std::span<const std::uint64_t> hashes;
};

/// Groups and aggregate states of one slice. One thread at a time.
class SliceState
{
public:
    /// With room for `usualGroups` before anything has to move.
    explicit SliceState(const SliceSpec& spec, std::size_t usualGroups = 0);

    void add(const SliceInput& input, const HashedRows& rows);
    void combine(const SliceState& other);
    /// The states of those groups that `others` has; empty ones for what is not here.
    std::unique_ptr<SliceState> only(const SliceState& others, const SliceSpec& spec);

    std::size_t groupCount() const { return m_groups.size(); }
    const aggregate::GroupDictionary& groups() const { return m_groups; }
    /// One column per aggregate, one row per group.
    std::vector<Column> finish() const;
    std::size_t memoryBytes() const;

private:
    void resizeStates();

    aggregate::GroupDictionary m_groups;
    std::vector<std::unique_ptr<aggregate::AggregateStates>> m_states;
    std::vector<std::uint32_t> m_numbers; ///< scratch: group of each row
};

} // namespace weir::window
