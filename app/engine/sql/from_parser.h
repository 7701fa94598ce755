// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast_query.h"
#include "app/engine/sql/expression_parser.h"

namespace weir::sql {

/// What stands behind FROM: tables, subqueries, window functions and joins of them.
class FromParser
{
public:
    explicit FromParser(TokenStream& tokens) : m_tokens(tokens), m_expressions(tokens) { }

    ast::TableReferencePtr from();

private:
    ast::TableReferencePtr joined();
    bool joinKind(ast::Join::Kind& kind, bool& cross);
    void joinCondition(ast::Join& join);
    ast::TableReferencePtr primary();
    void alias(ast::TableReference& table);
    bool atAlias() const;
    std::unique_ptr<ast::WindowFunction> windowFunction(bool wrapped);
    void windowArgument(ast::WindowFunction& window, std::size_t position, bool& named);
    void windowInput(ast::WindowFunction& window);
    void windowTime(ast::WindowFunction& window);

    TokenStream& m_tokens;
    ExpressionParser m_expressions;
};

} // namespace weir::sql
