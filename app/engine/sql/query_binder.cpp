// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/query_binder.h"

#include "app/engine/sql/aggregate_binder.h"
#include "app/engine/sql/column_pruning.h"
#include "app/engine/sql/from_binder.h"
#include "app/engine/sql/over_binder.h"
#include "app/engine/sql/query_badge.h"
#include "app/engine/sql/rank_binder.h"
#include "app/engine/sql/semi_join_binder.h"
#include "app/engine/sql/syntax_error.h"

#include <algorithm>

namespace weir::sql {

namespace {

std::string itemName(const ast::SelectItem& item, std::size_t index)
{
    if (item.alias)
        return item.alias->text;
    if (item.expression->kind == ast::ExpressionKind::Column)
        return item.expression->names.back().text;
    if (item.expression->kind == ast::ExpressionKind::Field)
        return item.expression->names.front().text;
    return "EXPR$" + std::to_string(index);
}

/// What makes a SELECT an aggregation: its GROUP BY, its HAVING, or an aggregate in one of its items.
std::optional<SourceSpan> aggregationOf(const ast::Select& select)
{
    if (!select.groupBy.empty()) {
        const ast::GroupItem& first = select.groupBy.front();
        return first.keys.empty() ? first.span : first.keys.front()->span;
    }
    for (const ast::SelectItem& item : select.items) {
        const ast::Expression* found = nullptr;
        if (item.expression)
            forEachPart(*item.expression, [&](const ast::Expression& part) {
                const bool call = part.kind == ast::ExpressionKind::Call && !part.over && isAggregateName(part.text);
                found = !found && call ? &part : found;
            });
        if (found)
            return found->span;
    }
    return select.having ? std::optional(select.having->span) : std::nullopt;
}

bool hasOver(const ast::Select& select)
{
    bool found = false;
    for (const ast::SelectItem& item : select.items) {
        if (item.expression)
            forEachPart(*item.expression, [&](const ast::Expression& part) { found = found || part.over != nullptr; });
    }
    return found;
}

/// A window function that is neither grouped nor used by anything above shows its rows as they are.
bool showsWindow(const PlanNode& node)
{
    if (std::holds_alternative<WindowNode>(node.step))
        return true;
    const bool plain = std::holds_alternative<FilterNode>(node.step) || std::holds_alternative<ProjectNode>(node.step);
    return plain && showsWindow(*inputsOf(node).front());
}

} // namespace

Relation QueryBinder::bind(const ast::Query& query)
{
    const BindContext::Step step(m_context, query.select.span);
    // Each query of WITH sees those in front of it.
    std::vector<CommonTables> tables;
    tables.reserve(query.with.size());
    const CommonTables* commons = m_commons;
    for (const ast::CommonTable& table : query.with) {
        tables.push_back({commons, &table});
        commons = &tables.back();
    }
    return QueryBinder(m_context, commons).select(query.select);
}

Relation QueryBinder::input(const ast::Select& select)
{
    FromBinder from(m_context, m_commons);
    from.bind(*select.from);
    std::vector<ExpressionPtr> conditions;
    std::vector<const ast::Expression*> tests;
    if (select.where) {
        for (const ast::Expression* condition : conjunctsOf(*select.where)) {
            if (isSubqueryTest(*condition)) {
                tests.push_back(condition);
                continue;
            }
            const auto bound = conjunctsOf(ExpressionBinder(from.scope()).bindCondition(*condition, "WHERE"));
            conditions.insert(conditions.end(), bound.begin(), bound.end());
        }
    }
    const Relation* single = from.single();
    Relation relation;
    if (!single || !single->rank)
        relation = from.relation(std::move(conditions));
    else if (!conditions.empty())
        relation = ranked(*single, conditions);
    else
        relation = *single;
    if (relation.rank && !tests.empty())
        relation = settled(relation);
    for (const ast::Expression* test : tests)
        relation = bindSubqueryTest(*test, relation, m_context, m_commons);
    return relation;
}

Relation QueryBinder::select(const ast::Select& select)
{
    Relation relation = input(select);
    const auto cause = aggregationOf(select);
    const bool plain = !cause && !select.distinct && !hasOver(select);
    if (relation.rank && plain)
        return projectedRank(relation, outputs(select, relation.scope, [&](const ast::Expression& written) {
            return ExpressionBinder(relation.scope).bind(written);
        }));
    relation = settled(relation);
    relation = cause ? aggregation(select, relation, *cause) : projection(select, relation);
    return select.distinct ? distinct(settled(relation), select.span) : relation;
}

std::vector<NamedExpression> QueryBinder::outputs(const ast::Select& select, const Scope& scope,
    const std::function<ExpressionPtr(const ast::Expression&)>& bind) const
{
    std::vector<NamedExpression> outputs;
    for (const ast::SelectItem& item : select.items) {
        if (!item.star) {
            outputs.push_back({itemName(item, outputs.size()), bind(*item.expression)});
            continue;
        }
        const std::size_t before = outputs.size();
        for (std::size_t i = 0; i < scope.columns.size(); ++i) {
            const ScopeColumn& column = scope.columns[i];
            if (!column.name.empty() && (!item.starOf || item.starOf->text == column.qualifier))
                outputs.push_back({column.name, columnReference(i, column.type, item.span)});
        }
        if (item.starOf && outputs.size() == before)
            throw StatementError(item.starOf->span, "Table '" + item.starOf->text + "' not found.");
    }
    return outputs;
}

Relation QueryBinder::projection(const ast::Select& select, const Relation& input)
{
    const auto bindPlain = [&](const ast::Expression& part) { return ExpressionBinder(input.scope).bind(part); };
    const OverBinder over(select, input, bindPlain);
    if (!over.any())
        return projected(input, outputs(select, input.scope, bindPlain));
    const ExpressionBinder binder(input.scope, [&](const ast::Expression& part) { return over.replace(part); });
    return over.relation(
        outputs(select, input.scope, [&](const ast::Expression& written) { return binder.bind(written); }));
}

Relation QueryBinder::aggregation(const ast::Select& select, const Relation& input, const SourceSpan& cause)
{
    for (const ast::SelectItem& item : select.items) {
        if (item.star)
            throw StatementError(item.span, "'*' cannot stand in a query with GROUP BY.");
    }
    AggregateBinder binder(input, cause);
    binder.addKeys(select.groupBy);
    // Calls are collected while the items are bound; what they give is right once all are known.
    const ExpressionPtr having = select.having ? binder.bindCondition(*select.having, "HAVING") : nullptr;
    const auto collect = [&](const ast::Expression& part) {
        if (part.kind == ast::ExpressionKind::Call && !part.over && isAggregateName(part.text))
            (void)binder.bind(part);
    };
    for (const ast::SelectItem& item : select.items)
        forEachPart(*item.expression, collect);
    for (const ast::NamedWindow& window : select.windows)
        forEachPart(*window.spec, collect);
    if (!hasOver(select)) {
        std::vector<NamedExpression> bound =
            outputs(select, {}, [&](const ast::Expression& written) { return binder.bind(written); });
        for (NamedExpression& output : bound)
            output.expression = binder.finished(output.expression);
        Relation relation = binder.aggregated();
        if (having)
            relation = filtered(std::move(relation), {binder.finished(having)});
        return projected(relation, bound);
    }
    Relation relation = binder.aggregated();
    if (having)
        relation = filtered(std::move(relation), {binder.finished(having)});
    const auto bindPart = [&](const ast::Expression& part) { return binder.finished(binder.bind(part)); };
    const OverBinder over(select, relation, bindPart);
    return over.relation(outputs(select, {}, [&](const ast::Expression& written) {
        return binder.finished(
            binder.bindWith(written, [&](const ast::Expression& part) { return over.replace(part); }));
    }));
}

Relation QueryBinder::distinct(const Relation& input, const SourceSpan& span)
{
    AggregateBinder binder(input, span);
    binder.addAllColumns();
    const Relation relation = binder.aggregated();
    std::vector<NamedExpression> outputs;
    for (std::size_t i = 0; i < input.scope.columns.size(); ++i)
        outputs.push_back({input.scope.columns[i].name, binder.columnOf(i)});
    return projected(relation, outputs);
}

BoundQuery bindQuery(const ast::Query& query, const BindSetting& setting)
{
    BindContext context(setting);
    Relation relation = settled(QueryBinder(context, nullptr).bind(query));
    makeNamesUnique(relation.scope);
    BoundQuery bound;
    QueryPlan& plan = bound.plan;
    plan.timeZone = setting.timeZone;
    const PlanPtr named = nodeOf(relation.plan->step, schemaOf(relation.scope));
    plan.root = pruned(named);
    addQueryBadge(query, setting.catalog, context.badge);
    if (showsWindow(*plan.root))
        context.badge.add(BadgeColour::Amber, query.select.from->span,
            "the rows of a window function by itself need Flink 1.20 or later");
    plan.badge = std::move(context.badge);
    const auto column = [&](WindowRole role) {
        const auto found = relation.columnOf(role);
        return found ? static_cast<int>(*found) : -1;
    };
    plan.windowStartColumn = column(WindowRole::Start);
    plan.windowEndColumn = column(WindowRole::End);
    bound.updating = relation.updating;
    for (const ScopeColumn& one : relation.scope.columns) {
        if (one.timeAttribute)
            bound.timeAttributes.push_back(one.name);
    }
    return bound;
}

Schema checkView(const ast::Query& query, const std::vector<std::string>& columns, const SourceSpan& span,
    const BindSetting& setting)
{
    BindContext context(setting);
    Relation relation = QueryBinder(context, nullptr).bind(query);
    makeNamesUnique(relation.scope);
    renameColumns(relation, columns, span);
    return schemaOf(relation.scope);
}

} // namespace weir::sql
