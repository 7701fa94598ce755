// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/query_badge.h"

#include "app/engine/sql/aggregate_call.h"
#include "app/engine/sql/token.h"
#include "app/engine/sql/words.h"

#include <algorithm>
#include <set>

namespace weir::sql {

namespace {

struct FunctionBadge
{
    std::string_view name;
    BadgeColour colour;
    const char* reason;
};

constexpr FunctionBadge functionBadges[] = {
    {"APPROX_COUNT_DISTINCT", BadgeColour::Red, "APPROX_COUNT_DISTINCT runs here only; Flink has it for batches alone"},
    {"APPROX_PERCENTILE", BadgeColour::Red, "APPROX_PERCENTILE runs here only; Flink 2.0 has an exact PERCENTILE"},
    {"APPROX_TOP_K", BadgeColour::Red, "APPROX_TOP_K runs here only"},
    {"PERCENTILE", BadgeColour::Amber, "PERCENTILE needs Flink 2.0 or later"},
    {"FIRST_VALUE", BadgeColour::Amber, "FIRST_VALUE depends on the order in which partitions are read"},
    {"LAST_VALUE", BadgeColour::Amber, "LAST_VALUE depends on the order in which partitions are read"},
    {"LISTAGG", BadgeColour::Amber, "LISTAGG depends on the order in which partitions are read"}};

class BadgeWalk
{
public:
    BadgeWalk(const Catalog& catalog, Badge& badge) : m_catalog(catalog), m_badge(badge) { }

    void visit(const ast::Query& query)
    {
        for (const ast::CommonTable& table : query.with)
            visit(*table.query);
        const ast::Select& select = query.select;
        for (const ast::SelectItem& item : select.items)
            visit(item.expression.get());
        visit(*select.from);
        visit(select.where.get());
        visit(select.having.get());
        for (const ast::GroupItem& item : select.groupBy)
            visit(item);
    }

private:
    void visit(const ast::GroupItem& item)
    {
        for (const auto& key : item.keys)
            visit(key.get());
        for (const ast::GroupItem& inner : item.items)
            visit(inner);
    }

    void visit(const ast::TableReference& table)
    {
        if (table.query)
            visit(*table.query);
        if (table.window)
            visit(*table.window->input);
        if (table.join) {
            visit(*table.join->left);
            visit(*table.join->right);
            visit(table.join->condition.get());
        }
        // A view's name may stand for a query of WITH here; what that view asks for is then said too much of.
        const auto found = m_catalog.find(table.table.text);
        if (found != m_catalog.end() && found->second.view && m_views.insert(table.table.text).second)
            visit(*found->second.view->query);
    }

    void visit(const ast::Expression* expression)
    {
        if (!expression)
            return;
        forEachPart(*expression, [this](const ast::Expression& part) {
            if (part.query)
                visit(*part.query);
            if (part.kind != ast::ExpressionKind::Call)
                return;
            for (const FunctionBadge& function : functionBadges) {
                if (part.text == function.name)
                    m_badge.add(function.colour, nameOf(part), function.reason);
            }
        });
    }

    static SourceSpan nameOf(const ast::Expression& call)
    {
        SourceSpan span = call.span;
        span.length = static_cast<std::uint32_t>(call.text.size());
        return span;
    }

    const Catalog& m_catalog;
    Badge& m_badge;
    std::set<std::string> m_views;
};

} // namespace

void addQueryBadge(const ast::Query& query, const Catalog& catalog, Badge& badge)
{
    BadgeWalk(catalog, badge).visit(query);
}

void addLaterWords(std::string_view text, std::vector<QueryPlan>& queries)
{
    const auto lies = [](const Token& token, const QueryPlan& query) {
        return token.span.offset >= query.span.offset && token.span.offset < query.span.offset + query.span.length;
    };
    for (const Token& token : tokenize(text)) {
        if (token.tokenClass != TokenClass::Identifier || !isReservedLater(token.text))
            continue;
        const bool defines =
            std::none_of(queries.begin(), queries.end(), [&](const QueryPlan& query) { return lies(token, query); });
        const std::string name(token.text);
        for (QueryPlan& query : queries) {
            if (lies(token, query) || (defines && token.span.offset < query.span.offset))
                query.badge.add(BadgeColour::Amber, token.span,
                    name + " is a reserved word from Flink 2.1 on, where it has to be written `" + name + "`");
        }
    }
}

} // namespace weir::sql
