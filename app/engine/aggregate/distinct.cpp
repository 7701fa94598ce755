// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/group_dictionary.h"
#include "app/engine/aggregate/key_hash.h"
#include "app/engine/aggregate/states.h"

#include <array>
#include <numeric>

namespace weir::aggregate {

namespace {

/// f(DISTINCT x): a dictionary of (group, value) pairs lets each pair through to the plain function once.
class DistinctStates final : public AggregateStates
{
public:
    explicit DistinctStates(const AggregateSpec& spec)
        : m_pairs({types::bigInt(), spec.argument}), m_inner(makeStates(plain(spec)))
    { }

    void resize(std::size_t count) override { m_inner->resize(count); }

    void update(const Column* argument, const GroupedRows& in) override
    {
        Column groups(types::bigInt(), argument->size());
        std::vector<std::uint32_t> rows;
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t group) {
            groups.values<std::int64_t>()[row] = group;
            rows.push_back(row);
        });
        take(groups, *argument, rows);
    }

    void combine(const AggregateStates& other, std::span<const std::uint32_t> targets) override
    {
        const auto& from = static_cast<const DistinctStates&>(other);
        Column groups = from.m_pairs.keys()[0];
        for (std::int64_t& group : groups.values<std::int64_t>())
            group = targets[static_cast<std::size_t>(group)];
        std::vector<std::uint32_t> rows(groups.size());
        std::iota(rows.begin(), rows.end(), 0U);
        take(groups, from.m_pairs.keys()[1], rows);
    }

    Column finish() const override { return m_inner->finish(); }
    std::size_t memoryBytes() const override { return m_pairs.memoryBytes() + m_inner->memoryBytes(); }

private:
    static AggregateSpec plain(AggregateSpec spec)
    {
        spec.distinct = false;
        return spec;
    }

    void take(const Column& groups, const Column& values, const std::vector<std::uint32_t>& rows)
    {
        const std::array<const Column*, 2> keys{&groups, &values};
        hashRows(keys, rows, m_hashes);
        const std::size_t known = m_pairs.size();
        m_pairs.assign(keys, rows, m_hashes, m_numbers);
        std::vector<bool> taken(m_pairs.size() - known);
        std::vector<std::uint32_t> newRows;
        std::vector<std::uint32_t> newGroups;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (m_numbers[i] < known || taken[m_numbers[i] - known])
                continue;
            taken[m_numbers[i] - known] = true;
            newRows.push_back(rows[i]);
            newGroups.push_back(static_cast<std::uint32_t>(groups.values<std::int64_t>()[rows[i]]));
        }
        m_inner->update(&values, {newRows, newGroups});
    }

    GroupDictionary m_pairs;
    std::unique_ptr<AggregateStates> m_inner;
    std::vector<std::uint64_t> m_hashes; ///< scratch
    std::vector<std::uint32_t> m_numbers; ///< scratch
};

} // namespace

std::unique_ptr<AggregateStates> makeDistinct(const AggregateSpec& spec)
{
    return std::make_unique<DistinctStates>(spec);
}

} // namespace weir::aggregate
