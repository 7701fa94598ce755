// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast_query.h"
#include "app/engine/sql/badge.h"
#include "app/engine/sql/relation.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir::sql {

/// CREATE VIEW: its query is bound anew wherever it is named.
struct View
{
    std::string name;
    std::vector<std::string> columns; ///< none: those of the query
    std::shared_ptr<const ast::Query> query;
};

/// What a name behind FROM means: one of the two.
struct CatalogEntry
{
    TablePtr table;
    std::shared_ptr<const View> view;
};
using Catalog = std::map<std::string, CatalogEntry>;

/// The queries of WITH that can be named at one place, innermost first.
struct CommonTables
{
    const CommonTables* outer = nullptr;
    const ast::CommonTable* table = nullptr;
};

/// Counts what the statements of a script read, since a wide table is short to name and views of views are long to
/// bind.
struct BindBudget
{
    std::size_t relations = 0; ///< tables, views and subqueries, wide ones counted several times
};

/// What all statements of a script are bound with.
struct BindSetting
{
    const Catalog& catalog;
    std::string timeZone;
    BindBudget& budget;
};

/// What the binders of one statement share.
class BindContext
{
public:
    explicit BindContext(const BindSetting& setting)
        : catalog(setting.catalog), timeZone(setting.timeZone), m_budget(setting.budget)
    { }

    /// Counts the tables, views and subqueries of a statement, since a view that names another twice, and so on, is
    /// short to write and endless to bind. Throws at 500, and where they nest deeper than 100.
    class Step
    {
    public:
        Step(BindContext& context, const SourceSpan& span);
        ~Step() { --m_context.m_depth; }
        Step(const Step&) = delete;
        Step& operator=(const Step&) = delete;

    private:
        BindContext& m_context;
    };

    /// Throws where the script has read too much.
    void countColumns(std::size_t columns, const SourceSpan& span);

    const Catalog& catalog;
    std::string timeZone;
    Badge badge;

private:
    BindBudget& m_budget;
    int m_relations = 0;
    int m_depth = 0;
};

/// WHERE and ON as a list of conditions that must all hold.
std::vector<const ast::Expression*> conjunctsOf(const ast::Expression& condition);
std::vector<ExpressionPtr> conjunctsOf(const ExpressionPtr& condition);

/// Throws where `relation` takes rows back, naming what cannot stand on it.
void requireFinalRows(const Relation& relation, const SourceSpan& span, const std::string& what);

/// The names of a relation's columns where they would repeat: id, id0, id1, as Flink has it.
void makeNamesUnique(Scope& scope);

/// Columns named anew by t (a, b, …) or v (a, b, …).
void renameColumns(Relation& relation, const std::vector<std::string>& names, const SourceSpan& span);

} // namespace weir::sql
