// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/expression_parser.h"

namespace weir::sql {

/// SELECT … FROM … WHERE … GROUP BY … HAVING.
class QueryParser
{
public:
    explicit QueryParser(TokenStream& tokens) : m_tokens(tokens), m_expressions(tokens) { }

    ast::Select select();

private:
    ast::SelectItem item();
    ast::TableReference from();
    ast::TableReference windowFunction();
    void windowArgument(ast::TableReference& table, std::size_t position, bool& named);
    void checkArguments(const ast::TableReference& table, std::size_t count);
    void groupBy(ast::Select& select);
    void refuseTail();

    TokenStream& m_tokens;
    ExpressionParser m_expressions;
};

} // namespace weir::sql
