// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/group_dictionary.h"
#include "app/engine/aggregate/key_hash.h"
#include "app/engine/aggregate/states.h"

#include <array>
#include <numeric>
#include <utility>

namespace weir::aggregate {

namespace {

/// f(DISTINCT x): a dictionary of (life of a group, value) pairs lets each pair through to the plain function once. A
/// group that was cleared begins a new life; the pairs of former lives leave when they are the greater part.
class DistinctStates final : public AggregateStates
{
public:
    explicit DistinctStates(const AggregateSpec& spec)
        : m_pairs({types::bigInt(), spec.argument}), m_inner(makeStates(plain(spec)))
    { }

    void resize(std::size_t count) override
    {
        m_inner->resize(count);
        for (std::size_t group = m_groups.size(); group < count; ++group)
            m_groups.push_back({m_nextLife++, {}});
    }

    std::size_t size() const override { return m_groups.size(); }

    void update(const Column* argument, const GroupedRows& in) override
    {
        Column values(m_pairs.keys()[1].type(), 0);
        std::vector<std::uint32_t> groups;
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t group) {
            values.appendCopy(*argument, row);
            groups.push_back(group);
        });
        take(values, groups);
    }

    void combine(const AggregateStates& other, const GroupPairs& pairs) override
    {
        const auto& from = static_cast<const DistinctStates&>(other);
        Column values(m_pairs.keys()[1].type(), 0);
        std::vector<std::uint32_t> groups;
        for (std::size_t i = 0; i < pairs.into.size(); ++i) {
            for (const std::uint32_t pair : from.m_groups[pairs.from[i]].pairs) {
                values.appendCopy(from.m_pairs.keys()[1], pair);
                groups.push_back(pairs.into[i]);
            }
        }
        take(values, groups);
    }

    void clear(std::span<const std::uint32_t> groups) override
    {
        for (const std::uint32_t group : groups) {
            m_dead += m_groups[group].pairs.size();
            m_pairBytes -= bytesOf(m_groups[group].pairs);
            m_groups[group] = {m_nextLife++, {}};
        }
        m_inner->clear(groups);
        if (m_dead * 2 > m_pairs.size() && m_dead > leastDead)
            dropDead();
    }

    Column finish(std::span<const std::uint32_t> groups) const override { return m_inner->finish(groups); }
    std::size_t memoryBytes() const override
    {
        return m_pairs.memoryBytes() + m_inner->memoryBytes() + bytesOf(m_groups) + m_pairBytes;
    }

private:
    static AggregateSpec plain(AggregateSpec spec)
    {
        spec.distinct = false;
        return spec;
    }

    struct Group
    {
        std::int64_t life = 0;
        std::vector<std::uint32_t> pairs; ///< into the dictionary
    };
    static constexpr std::size_t leastDead = 1024;

    /// Value i for group groups[i]. Gives the i whose pair is new.
    std::vector<std::uint32_t> addPairs(const Column& values, const std::vector<std::uint32_t>& groups)
    {
        Column lives(types::bigInt(), groups.size());
        for (std::size_t i = 0; i < groups.size(); ++i)
            lives.values<std::int64_t>()[i] = m_groups[groups[i]].life;
        std::vector<std::uint32_t> rows(groups.size());
        std::iota(rows.begin(), rows.end(), 0U);
        const std::array<const Column*, 2> keys{&lives, &values};
        hashRows(keys, rows, m_hashes);
        const std::size_t known = m_pairs.size();
        m_pairs.assign(keys, rows, m_hashes, m_numbers);
        std::vector<bool> taken(m_pairs.size() - known);
        std::vector<std::uint32_t> fresh;
        for (std::size_t i = 0; i < groups.size(); ++i) {
            if (m_numbers[i] < known || taken[m_numbers[i] - known])
                continue;
            taken[m_numbers[i] - known] = true;
            std::vector<std::uint32_t>& pairs = m_groups[groups[i]].pairs;
            m_pairBytes -= bytesOf(pairs);
            pairs.push_back(m_numbers[i]);
            m_pairBytes += bytesOf(pairs);
            fresh.push_back(static_cast<std::uint32_t>(i));
        }
        return fresh;
    }

    void take(const Column& values, const std::vector<std::uint32_t>& groups)
    {
        const std::vector<std::uint32_t> fresh = addPairs(values, groups);
        std::vector<std::uint32_t> freshGroups;
        freshGroups.reserve(fresh.size());
        for (const std::uint32_t i : fresh)
            freshGroups.push_back(groups[i]);
        m_inner->update(&values, {fresh, freshGroups});
    }

    void dropDead()
    {
        const GroupDictionary old =
            std::exchange(m_pairs, GroupDictionary({types::bigInt(), m_pairs.keys()[1].type()}));
        Column values(old.keys()[1].type(), 0);
        std::vector<std::uint32_t> groups;
        for (std::uint32_t group = 0; group < m_groups.size(); ++group) {
            m_pairBytes -= bytesOf(m_groups[group].pairs);
            for (const std::uint32_t pair : std::exchange(m_groups[group].pairs, {})) {
                values.appendCopy(old.keys()[1], pair);
                groups.push_back(group);
            }
        }
        m_dead = 0;
        addPairs(values, groups);
    }

    std::vector<Group> m_groups;
    std::int64_t m_nextLife = 0;
    std::size_t m_dead = 0; ///< pairs of former lives
    std::size_t m_pairBytes = 0; ///< of the groups' lists
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
