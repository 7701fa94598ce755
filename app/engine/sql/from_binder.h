// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/bind_context.h"

namespace weir::sql {

/// FROM: its tables, views, subqueries and window functions bound, their joins still open, since WHERE may hold what
/// they join on. Throws StatementError.
class FromBinder
{
public:
    FromBinder(BindContext& context, const CommonTables* commons);
    ~FromBinder();
    FromBinder(const FromBinder&) = delete;
    FromBinder& operator=(const FromBinder&) = delete;

    void bind(const ast::TableReference& from);

    /// What names in WHERE and SELECT mean.
    const Scope& scope() const;
    /// The only relation where nothing is joined, else null.
    const Relation* single() const;
    /// The joined rows for which all of `conditions` (over scope()) hold.
    Relation relation(std::vector<ExpressionPtr> conditions);

private:
    struct Tree;

    std::unique_ptr<Tree> tree(const ast::TableReference& from);
    std::unique_ptr<Tree> joinTree(const ast::Join& join);
    Relation leaf(const ast::TableReference& from);
    Relation named(const ast::TableReference& from);
    Relation table(const TablePtr& table, const ast::Name& name);
    static Relation build(Tree& tree, std::vector<ExpressionPtr> conditions);
    static Relation buildJoin(Tree& tree, std::vector<ExpressionPtr> conditions);

    BindContext& m_context;
    const CommonTables* m_commons;
    std::unique_ptr<Tree> m_root;
};

} // namespace weir::sql
