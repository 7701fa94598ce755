// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/from_binder.h"

#include "app/engine/sql/expression_binder.h"
#include "app/engine/sql/join_binder.h"
#include "app/engine/sql/query_binder.h"
#include "app/engine/sql/rank_binder.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/window_binder.h"
#include "app/engine/sql/words.h"

#include <algorithm>

namespace weir::sql {

namespace {

JoinKind kindOf(ast::Join::Kind kind)
{
    switch (kind) {
    case ast::Join::Kind::Left:
        return JoinKind::Left;
    case ast::Join::Kind::Right:
        return JoinKind::Right;
    case ast::Join::Kind::Full:
        return JoinKind::Full;
    default:
        return JoinKind::Inner;
    }
}

std::vector<std::string> textsOf(const std::vector<ast::Name>& names)
{
    std::vector<std::string> texts;
    for (const ast::Name& name : names)
        texts.push_back(name.text);
    return texts;
}

} // namespace

/// A relation, or a join of two trees.
struct FromBinder::Tree
{
    Relation relation;
    std::unique_ptr<Tree> left;
    std::unique_ptr<Tree> right;
    JoinKind kind = JoinKind::Inner;
    std::vector<ExpressionPtr> on; ///< over `scope`
    SourceSpan span;
    Scope scope;
};

FromBinder::FromBinder(BindContext& context, const CommonTables* commons) : m_context(context), m_commons(commons) { }

FromBinder::~FromBinder() = default;

void FromBinder::bind(const ast::TableReference& from)
{
    m_root = tree(from);
}

const Scope& FromBinder::scope() const
{
    return m_root->scope;
}

const Relation* FromBinder::single() const
{
    return m_root->left ? nullptr : &m_root->relation;
}

Relation FromBinder::relation(std::vector<ExpressionPtr> conditions)
{
    return build(*m_root, std::move(conditions));
}

std::unique_ptr<FromBinder::Tree> FromBinder::tree(const ast::TableReference& from)
{
    if (from.join)
        return joinTree(*from.join);
    auto result = std::make_unique<Tree>();
    result->relation = leaf(from);
    result->span = from.span;
    result->scope = result->relation.scope;
    return result;
}

std::unique_ptr<FromBinder::Tree> FromBinder::joinTree(const ast::Join& join)
{
    auto result = std::make_unique<Tree>();
    result->span = join.span;
    result->kind = kindOf(join.kind);
    result->left = tree(*join.left);
    result->right = tree(*join.right);
    if (join.condition) {
        // Both sides as they come: what is missing on one side is known only after the join.
        const Scope sides = joinedScope(result->left->scope, result->right->scope, JoinKind::Inner);
        result->on = conjunctsOf(ExpressionBinder(sides).bindCondition(*join.condition, "ON"));
    }
    result->scope = joinedScope(result->left->scope, result->right->scope, result->kind);
    return result;
}

Relation FromBinder::leaf(const ast::TableReference& from)
{
    const BindContext::Step step(m_context, from.span);
    Relation relation;
    if (from.window) {
        FromBinder input(m_context, m_commons);
        input.bind(*from.window->input);
        relation = bindWindow(*from.window, input.relation({}), m_context);
    } else if (from.query) {
        relation = QueryBinder(m_context, m_commons).bind(*from.query);
        makeNamesUnique(relation.scope);
    } else {
        relation = named(from);
    }
    renameColumns(relation, textsOf(from.columnAliases), from.span);
    const std::string qualifier = from.alias ? from.alias->text : from.table.text;
    for (ScopeColumn& column : relation.scope.columns)
        column.qualifier = qualifier;
    return relation;
}

Relation FromBinder::named(const ast::TableReference& from)
{
    const ast::Name& name = from.table;
    for (const CommonTables* common = m_commons; common; common = common->outer) {
        if (common->table->name.text != name.text)
            continue;
        Relation relation = QueryBinder(m_context, common->outer).bind(*common->table->query);
        makeNamesUnique(relation.scope);
        renameColumns(relation, textsOf(common->table->columns), common->table->name.span);
        return relation;
    }
    const auto found = m_context.catalog.find(name.text);
    if (found == m_context.catalog.end()) {
        std::vector<std::string> known;
        for (const auto& [table, entry] : m_context.catalog)
            known.push_back(table);
        for (const CommonTables* common = m_commons; common; common = common->outer)
            known.push_back(common->table->name.text);
        throw StatementError(name.span, "Object '" + name.text + "' not found.",
            known.empty() ? "Define it with CREATE TABLE" : didYouMean(name.text, known));
    }
    if (found->second.table)
        return table(found->second.table, name);
    const View& view = *found->second.view;
    Relation relation = QueryBinder(m_context, nullptr).bind(*view.query);
    makeNamesUnique(relation.scope);
    renameColumns(relation, view.columns, name.span);
    return relation;
}

Relation FromBinder::table(const TablePtr& table, const ast::Name& name)
{
    const std::string connector = table->option("connector");
    if (connector == "print" || connector == "blackhole")
        throw StatementError(name.span, "Connector '" + connector + "' can only be used as a sink.");
    m_context.countColumns(table->columns.size(), name.span);
    Relation relation;
    ScanNode scan;
    scan.table = table;
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
        const TableColumn& column = table->columns[i];
        scan.columns.push_back(i);
        relation.scope.columns.push_back({column.name, column.type, table->watermark && table->watermark->column == i});
    }
    if (table->watermark)
        scan.watermark = table->watermark->expression;
    relation.plan = nodeOf(std::move(scan), schemaOf(relation.scope));
    return relation;
}

Relation FromBinder::build(Tree& tree, std::vector<ExpressionPtr> conditions)
{
    if (tree.left)
        return buildJoin(tree, std::move(conditions));
    Relation relation = settled(tree.relation);
    relation.scope = tree.scope;
    return filtered(std::move(relation), conditions);
}

/// Hands each condition down to where it belongs: into one side where that changes no result, into the join, or behind
/// it.
Relation FromBinder::buildJoin(Tree& tree, std::vector<ExpressionPtr> conditions)
{
    const std::size_t border = tree.left->scope.columns.size();
    const bool inner = tree.kind == JoinKind::Inner;
    const bool keepsLeft = inner || tree.kind == JoinKind::Left;
    const bool keepsRight = inner || tree.kind == JoinKind::Right;
    std::vector<ExpressionPtr> left;
    std::vector<ExpressionPtr> right;
    std::vector<ExpressionPtr> join;
    std::vector<ExpressionPtr> behind;
    const auto place = [&](const ExpressionPtr& condition, bool toLeft, bool toRight,
                           std::vector<ExpressionPtr>& rest) {
        std::vector<bool> used;
        collectColumns(*condition, used);
        const auto middle = used.begin() + static_cast<std::ptrdiff_t>(std::min(border, used.size()));
        const bool readsLeft = std::find(used.begin(), middle, true) != middle;
        const bool readsRight = std::find(middle, used.end(), true) != used.end();
        if (toLeft && readsLeft && !readsRight)
            left.push_back(condition);
        else if (toRight && readsRight && !readsLeft)
            right.push_back(shifted(condition, -static_cast<std::ptrdiff_t>(border)));
        else
            rest.push_back(condition);
    };
    // ON of an outer join drops no row of the side that is kept, so it filters the other side only.
    for (const ExpressionPtr& condition : tree.on)
        place(condition, inner || tree.kind == JoinKind::Right, inner || tree.kind == JoinKind::Left, join);
    for (const ExpressionPtr& condition : conditions)
        place(condition, keepsLeft, keepsRight, inner ? join : behind);
    JoinParts parts;
    parts.kind = tree.kind;
    parts.left = build(*tree.left, std::move(left));
    parts.right = build(*tree.right, std::move(right));
    parts.conditions = std::move(join);
    parts.span = tree.span;
    return filtered(bindJoin(std::move(parts)), behind);
}

} // namespace weir::sql
