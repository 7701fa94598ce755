// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/semi_join_binder.h"

#include "app/engine/sql/aggregate_call.h"
#include "app/engine/sql/expression_binder.h"
#include "app/engine/sql/from_binder.h"
#include "app/engine/sql/join_binder.h"
#include "app/engine/sql/query_binder.h"
#include "app/engine/sql/rank_binder.h"
#include "app/engine/sql/syntax_error.h"

#include <algorithm>

namespace weir::sql {

namespace {

using ast::ExpressionKind;

bool isNot(const ast::Expression& expression)
{
    return expression.kind == ExpressionKind::Unary && expression.text == "NOT";
}

class SubqueryTest
{
public:
    SubqueryTest(
        const ast::Expression& written, const Relation& outer, BindContext& context, const CommonTables* commons)
        : m_test(&written), m_outer(outer), m_context(context), m_commons(commons)
    {
        while (isNot(*m_test)) {
            m_negated = !m_negated;
            m_test = m_test->arguments.front().get();
        }
        m_negated = m_negated != m_test->negated;
    }

    Relation bind()
    {
        const ast::Query& query = *m_test->query;
        m_parts.kind = m_negated ? JoinKind::Anti : JoinKind::Semi;
        m_parts.left = m_outer;
        m_parts.span = m_test->span;
        if (isPlain(query.select) && query.with.empty())
            correlated(query.select);
        else
            separate(query);
        return bindJoin(std::move(m_parts));
    }

private:
    static bool isPlain(const ast::Select& select)
    {
        const bool computes = std::any_of(select.items.begin(), select.items.end(), [](const ast::SelectItem& item) {
            bool over = false;
            if (item.expression)
                forEachPart(*item.expression, [&](const ast::Expression& part) { over = over || part.over; });
            return over || (item.expression && hasAggregate(*item.expression));
        });
        return select.groupBy.empty() && !select.having && !select.distinct && !computes;
    }

    /// A subquery of FROM and WHERE: its conditions are those of the join, the outer columns in front of its own.
    void correlated(const ast::Select& select)
    {
        FromBinder from(m_context, m_commons);
        from.bind(*select.from);
        m_inner = from.scope();
        const std::size_t border = m_outer.scope.columns.size();
        std::vector<ExpressionPtr> own;
        std::vector<const ast::Expression*> written;
        if (select.where)
            written = conjunctsOf(*select.where);
        for (const ast::Expression* condition : written) {
            for (const ExpressionPtr& bound : conjunctsOf(bindCondition(*condition))) {
                std::vector<bool> used;
                collectColumns(*bound, used);
                used.resize(std::max(used.size(), border));
                const bool outer = std::find(used.begin(), used.begin() + static_cast<std::ptrdiff_t>(border), true)
                    != used.begin() + static_cast<std::ptrdiff_t>(border);
                if (outer)
                    m_parts.conditions.push_back(bound);
                else
                    own.push_back(shifted(bound, -static_cast<std::ptrdiff_t>(border)));
            }
        }
        if (m_test->kind == ExpressionKind::In)
            addEqualities(itemsOf(select));
        m_parts.right = from.single() && from.single()->rank ? ranked(*from.single(), own) : from.relation(own);
    }

    /// A subquery that stands for itself: its rows are what IN compares with.
    void separate(const ast::Query& query)
    {
        m_parts.right = settled(QueryBinder(m_context, m_commons).bind(query));
        m_inner = m_parts.right.scope;
        if (m_test->kind == ExpressionKind::In)
            addEqualities(shiftedReferences());
    }

    std::vector<ExpressionPtr> shiftedReferences() const
    {
        std::vector<ExpressionPtr> references;
        for (const ExpressionPtr& one : referencesTo(m_inner))
            references.push_back(shifted(one, static_cast<std::ptrdiff_t>(m_outer.scope.columns.size())));
        return references;
    }

    std::vector<ExpressionPtr> itemsOf(const ast::Select& select) const
    {
        std::vector<ExpressionPtr> items;
        for (const ast::SelectItem& item : select.items) {
            if (!item.star) {
                items.push_back(shifted(ExpressionBinder(m_inner).bind(*item.expression),
                    static_cast<std::ptrdiff_t>(m_outer.scope.columns.size())));
                continue;
            }
            const std::vector<ExpressionPtr> all = shiftedReferences();
            items.insert(items.end(), all.begin(), all.end());
        }
        return items;
    }

    void addEqualities(const std::vector<ExpressionPtr>& items)
    {
        std::vector<const ast::Expression*> values;
        const ast::Expression& value = *m_test->arguments.front();
        if (value.kind == ExpressionKind::Row) {
            for (const auto& part : value.arguments)
                values.push_back(part.get());
        } else {
            values.push_back(&value);
        }
        if (values.size() != items.size())
            throw StatementError(m_test->span,
                "Values passed to IN operator must have compatible types: " + std::to_string(values.size())
                    + " on the left, " + std::to_string(items.size()) + " in the subquery.");
        for (std::size_t i = 0; i < values.size(); ++i) {
            const ExpressionPtr equal =
                compare(Function::Equal, ExpressionBinder(m_outer.scope).bind(*values[i]), items[i], m_test->span);
            // x NOT IN (…) is not TRUE where a comparison is NULL: such a row finds a partner and is dropped.
            const bool unknown = m_negated && equal->type.nullable;
            m_parts.conditions.push_back(
                unknown ? callOf(Function::IsNotFalse, types::boolean().notNull(), {equal}, m_test->span) : equal);
        }
    }

    /// Over the outer columns followed by the subquery's; a name means the subquery's column first.
    ExpressionPtr bindCondition(const ast::Expression& condition) const
    {
        const Scope both = joinedScope(m_outer.scope, m_inner, JoinKind::Inner);
        const ExpressionBinder binder(both, [&](const ast::Expression& part) { return innerFirst(part, both); });
        return binder.bindCondition(condition, "WHERE");
    }

    /// A bare name that both sides have is the subquery's.
    ExpressionPtr innerFirst(const ast::Expression& part, const Scope& both) const
    {
        if (part.kind != ExpressionKind::Column)
            return nullptr;
        const std::size_t border = m_outer.scope.columns.size();
        for (std::size_t i = border; i < both.columns.size(); ++i) {
            const ScopeColumn& column = both.columns[i];
            const bool bare = part.names.size() == 1 && column.name == part.names[0].text;
            const bool qualified =
                part.names.size() == 2 && column.qualifier == part.names[0].text && column.name == part.names[1].text;
            if (bare || qualified)
                return columnReference(i, column.type, part.span);
        }
        return nullptr;
    }

    const ast::Expression* m_test;
    const Relation& m_outer;
    BindContext& m_context;
    const CommonTables* m_commons;
    bool m_negated = false;
    JoinParts m_parts;
    Scope m_inner;
};

} // namespace

bool isSubqueryTest(const ast::Expression& condition)
{
    if (isNot(condition))
        return isSubqueryTest(*condition.arguments.front());
    return condition.kind == ExpressionKind::Exists || (condition.kind == ExpressionKind::In && condition.query);
}

Relation bindSubqueryTest(
    const ast::Expression& test, const Relation& outer, BindContext& context, const CommonTables* commons)
{
    return SubqueryTest(test, outer, context, commons).bind();
}

} // namespace weir::sql
