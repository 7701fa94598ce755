// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/token_stream.h"

#include <optional>

namespace weir::sql {

/// Expressions and types by precedence climbing: OR, AND, NOT, comparison, + - ||, * / %, sign. Depth is limited.
class ExpressionParser
{
public:
    explicit ExpressionParser(TokenStream& tokens) : m_tokens(tokens) { }

    ast::ExpressionPtr expression();
    LogicalType type();

private:
    ast::ExpressionPtr binary(int level);
    ast::ExpressionPtr notExpression();
    ast::ExpressionPtr predicate();
    ast::ExpressionPtr predicateTail(ast::ExpressionPtr left);
    ast::ExpressionPtr isTail(ast::ExpressionPtr left);
    ast::ExpressionPtr sign();
    ast::ExpressionPtr primary();
    ast::ExpressionPtr primaryHead();
    ast::ExpressionPtr access(ast::ExpressionPtr value);
    ast::ExpressionPtr collection();
    ast::ExpressionPtr literal();
    ast::ExpressionPtr interval();
    ast::ExpressionPtr temporal();
    ast::ExpressionPtr parenthesised();
    ast::ExpressionPtr exists();
    ast::ExpressionPtr caseExpression();
    ast::ExpressionPtr cast();
    ast::ExpressionPtr extract();
    ast::ExpressionPtr call();
    void callArguments(ast::Expression& call);
    void trimArguments(ast::Expression& call);
    void positionArguments(ast::Expression& call);
    void callTail(ast::Expression& call);
    void jsonClauses(ast::Expression& call);
    void jsonWrapper(ast::JsonClauses& clauses);
    std::optional<JsonBehavior> jsonBehavior(const ast::Expression& call);
    bool isJson(ast::Expression& test);
    ast::ExpressionPtr column();
    std::int32_t length(std::int32_t fallback);
    LogicalType decimalType();
    LogicalType timeType(bool timestamp);
    LogicalType plainType();
    LogicalType nestedType();
    LogicalType rowType();
    LogicalType fieldType();

    ast::ExpressionPtr node(ast::ExpressionKind kind, const SourceSpan& from) const;
    void finish(ast::Expression& expression);
    [[noreturn]] void notYet(const std::string& what) const;

    TokenStream& m_tokens;
};

/// One of SECOND, MINUTE, … for any case and the plural; empty when it is none.
std::string timeUnitOf(std::string_view word);

} // namespace weir::sql
