// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/bind_context.h"

namespace weir::sql {

class FromBinder;

/// Binds [WITH …] SELECT … to a relation. Throws StatementError.
class QueryBinder
{
public:
    /// `commons`: the queries of WITH that may be named here.
    QueryBinder(BindContext& context, const CommonTables* commons) : m_context(context), m_commons(commons) { }

    /// A query with a ROW_NUMBER() may come back waiting for its bound.
    Relation bind(const ast::Query& query);

private:
    Relation select(const ast::Select& select);
    Relation input(const ast::Select& select);
    Relation aggregation(const ast::Select& select, const Relation& input, const SourceSpan& cause);
    Relation projection(const ast::Select& select, const Relation& input);
    Relation distinct(const Relation& input, const SourceSpan& span);
    std::vector<NamedExpression> outputs(const ast::Select& select, const Scope& scope,
        const std::function<ExpressionPtr(const ast::Expression&)>& bind) const;

    BindContext& m_context;
    const CommonTables* m_commons;
};

struct BoundQuery
{
    QueryPlan plan;
    bool updating = false; ///< rows are taken back later
    std::vector<std::string> timeAttributes; ///< output columns
};

/// A query as a plan that reads only the columns it needs. Throws StatementError.
BoundQuery bindQuery(const ast::Query& query, const BindSetting& setting);

/// Binds the query of a view as if it were named; its columns, called `columns` if there are any. Throws
/// StatementError.
Schema checkView(const ast::Query& query, const std::vector<std::string>& columns, const SourceSpan& span,
    const BindSetting& setting);

} // namespace weir::sql
