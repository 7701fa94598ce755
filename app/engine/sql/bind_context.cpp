// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/bind_context.h"

#include "app/engine/sql/syntax_error.h"

#include <algorithm>
#include <unordered_map>

namespace weir::sql {

namespace {

constexpr int mostRelations = 500;
constexpr int deepestRelation = 100;
constexpr std::size_t mostOfAScript = 80'000;
constexpr std::size_t columnsOfOne = 64;

} // namespace

BindContext::Step::Step(BindContext& context, const SourceSpan& span) : m_context(context)
{
    if (++m_context.m_relations > mostRelations)
        throw StatementError(span, "this query reads more than 500 tables, views and subqueries.");
    if (m_context.m_depth >= deepestRelation)
        throw StatementError(span, "views and subqueries are nested deeper than 100 levels.");
    m_context.countColumns(0, span);
    ++m_context.m_depth;
}

void BindContext::countColumns(std::size_t columns, const SourceSpan& span)
{
    m_budget.relations += 1 + columns / columnsOfOne;
    if (m_budget.relations > mostOfAScript)
        throw StatementError(span, "this script reads more than 80,000 tables, views and subqueries.",
            "Run its statements in several scripts");
}

std::vector<const ast::Expression*> conjunctsOf(const ast::Expression& condition)
{
    if (condition.kind != ast::ExpressionKind::Binary || condition.text != "AND")
        return {&condition};
    std::vector<const ast::Expression*> all;
    for (const auto& side : condition.arguments) {
        const auto part = conjunctsOf(*side);
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

std::vector<ExpressionPtr> conjunctsOf(const ExpressionPtr& condition)
{
    if (condition->kind != Expression::Kind::Call || condition->function != Function::And)
        return {condition};
    std::vector<ExpressionPtr> all;
    for (const ExpressionPtr& side : condition->arguments) {
        const auto part = conjunctsOf(side);
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

void requireFinalRows(const Relation& relation, const SourceSpan& span, const std::string& what)
{
    if (relation.updating)
        throw StatementError(span,
            what + " doesn't support consuming update changes: line " + std::to_string(relation.updates.line)
                + " aggregates without a window and corrects its rows later.",
            "Group by window_start, window_end there");
}

void makeNamesUnique(Scope& scope)
{
    std::unordered_map<std::string, std::size_t> next; // by name, which number is tried next: linear for any text
    for (ScopeColumn& column : scope.columns) {
        const std::string name = column.name;
        while (!name.empty() && !next.try_emplace(column.name, 0).second)
            column.name = name + std::to_string(next[name]++);
    }
}

void renameColumns(Relation& relation, const std::vector<std::string>& names, const SourceSpan& span)
{
    if (names.empty())
        return;
    if (names.size() != relation.scope.columns.size())
        throw StatementError(span,
            "List of column aliases must have same degree as table; table has "
                + std::to_string(relation.scope.columns.size()) + " columns, whereas alias list has "
                + std::to_string(names.size()) + " columns.");
    for (std::size_t i = 0; i < names.size(); ++i)
        relation.scope.columns[i].name = names[i];
}

} // namespace weir::sql
