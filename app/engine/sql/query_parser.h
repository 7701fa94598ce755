// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast_query.h"
#include "app/engine/sql/expression_parser.h"

namespace weir::sql {

/// [WITH …] SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW.
class QueryParser
{
public:
    explicit QueryParser(TokenStream& tokens) : m_tokens(tokens), m_expressions(tokens) { }

    std::shared_ptr<ast::Query> query();
    /// OVER w or OVER (…), the word OVER included.
    std::shared_ptr<ast::WindowSpec> over();

private:
    ast::CommonTable commonTable();
    ast::Select select();
    ast::SelectItem item();
    bool starItem(ast::SelectItem& item);
    void groupBy(ast::Select& select);
    ast::GroupItem groupItem(bool insideSets);
    std::vector<ast::GroupItem> groupItems(bool insideSets);
    void windows(ast::Select& select);
    std::shared_ptr<ast::WindowSpec> windowSpec();
    ast::OrderItem orderItem();
    void frame(ast::WindowSpec& spec);
    ast::FrameBound frameBound();
    void refuseTail();

    TokenStream& m_tokens;
    ExpressionParser m_expressions;
};

} // namespace weir::sql
