// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/grouping.h"

#include "app/engine/sql/syntax_error.h"

namespace weir::sql {

namespace {

using Kind = ast::GroupItem::Kind;
using Set = std::vector<std::size_t>;

constexpr std::size_t mostSets = 256;

class GroupingExpander
{
public:
    explicit GroupingExpander(const std::vector<ast::GroupItem>& groupBy) : m_groupBy(groupBy) { }

    /// Items side by side are crossed: each set of one with each of the other.
    Grouping expand()
    {
        m_grouping.sets = {{}};
        for (const ast::GroupItem& item : m_groupBy) {
            m_grouping.hasSets = m_grouping.hasSets || item.kind != Kind::Keys;
            const std::vector<Set> added = setsOf(item);
            std::vector<Set> crossed;
            check(m_grouping.sets.size() * added.size(), item);
            for (const Set& left : m_grouping.sets) {
                for (const Set& right : added)
                    crossed.push_back(joined(left, right));
            }
            m_grouping.sets = std::move(crossed);
        }
        return std::move(m_grouping);
    }

private:
    static Set joined(Set left, const Set& right)
    {
        left.insert(left.end(), right.begin(), right.end());
        return left;
    }

    static void check(std::size_t count, const ast::GroupItem& item)
    {
        if (count > mostSets)
            throw StatementError(item.span, "this makes more than 256 grouping sets.");
    }

    Set keysOf(const ast::GroupItem& item)
    {
        Set set;
        for (const auto& key : item.keys) {
            set.push_back(m_grouping.keys.size());
            m_grouping.keys.push_back(key.get());
        }
        return set;
    }

    std::vector<Set> setsOf(const ast::GroupItem& item)
    {
        if (item.kind == Kind::Keys)
            return {keysOf(item)};
        std::vector<Set> sets;
        if (item.kind == Kind::Sets) {
            for (const ast::GroupItem& inner : item.items) {
                const std::vector<Set> added = setsOf(inner);
                sets.insert(sets.end(), added.begin(), added.end());
                check(sets.size(), item);
            }
            return sets;
        }
        std::vector<Set> parts;
        for (const ast::GroupItem& inner : item.items)
            parts.push_back(keysOf(inner));
        return item.kind == Kind::Rollup ? rollup(parts, item) : cube(parts, item);
    }

    /// (a, b), (a), ().
    static std::vector<Set> rollup(const std::vector<Set>& parts, const ast::GroupItem& item)
    {
        check(parts.size() + 1, item);
        std::vector<Set> sets;
        for (std::size_t kept = parts.size() + 1; kept-- > 0;) {
            Set set;
            for (std::size_t i = 0; i < kept; ++i)
                set = joined(std::move(set), parts[i]);
            sets.push_back(std::move(set));
        }
        return sets;
    }

    /// All subsets, the whole one first.
    static std::vector<Set> cube(const std::vector<Set>& parts, const ast::GroupItem& item)
    {
        check(parts.size() > 8 ? mostSets + 1 : std::size_t{1} << parts.size(), item);
        std::vector<Set> sets;
        for (std::size_t left = std::size_t{1} << parts.size(); left-- > 0;) {
            Set set;
            for (std::size_t i = 0; i < parts.size(); ++i) {
                if ((left >> (parts.size() - 1 - i)) & 1U)
                    set = joined(std::move(set), parts[i]);
            }
            sets.push_back(std::move(set));
        }
        return sets;
    }

    const std::vector<ast::GroupItem>& m_groupBy;
    Grouping m_grouping;
};

} // namespace

Grouping groupingOf(const std::vector<ast::GroupItem>& groupBy)
{
    return GroupingExpander(groupBy).expand();
}

} // namespace weir::sql
