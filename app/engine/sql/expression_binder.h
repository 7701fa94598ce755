// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast.h"
#include "app/engine/sql/expression.h"
#include "app/engine/sql/scope.h"

#include <functional>
#include <string>
#include <vector>

namespace weir::sql {

/// Looks names up, resolves functions and types, puts casts in. Throws StatementError.
class ExpressionBinder
{
public:
    /// Asked before an expression is bound: what it gives stands for the whole expression (a group key, an aggregate).
    using Replace = std::function<ExpressionPtr(const ast::Expression&)>;

    explicit ExpressionBinder(const Scope& scope, Replace replace = {}) : m_scope(scope), m_replace(std::move(replace))
    { }

    ExpressionPtr bind(const ast::Expression& expression) const;
    /// The same, which must be BOOLEAN; `clause` (WHERE, HAVING, …) is named in the error.
    ExpressionPtr bindCondition(const ast::Expression& expression, const std::string& clause) const;

private:
    ExpressionPtr bindParts(const ast::Expression& expression) const;
    ExpressionPtr column(const ast::Expression& expression) const;
    /// The column that the first of `names` mean, and how many of them it took: table and column, or a column alone.
    std::pair<std::size_t, std::size_t> resolve(const ast::Expression& expression) const;
    [[noreturn]] void unknown(const ast::Expression& expression) const;
    ExpressionPtr unary(const ast::Expression& expression) const;
    ExpressionPtr binary(const ast::Expression& expression) const;
    ExpressionPtr logic(const ast::Expression& expression) const;
    ExpressionPtr arithmetic(
        const ast::Expression& expression, const ExpressionPtr& left, const ExpressionPtr& right) const;
    ExpressionPtr timeArithmetic(
        const ast::Expression& expression, const ExpressionPtr& left, const ExpressionPtr& right) const;
    ExpressionPtr is(const ast::Expression& expression) const;
    ExpressionPtr distinctFrom(const ast::Expression& expression) const;
    ExpressionPtr between(const ast::Expression& expression) const;
    ExpressionPtr in(const ast::Expression& expression) const;
    ExpressionPtr like(const ast::Expression& expression) const;
    ExpressionPtr caseOf(const ast::Expression& expression) const;
    ExpressionPtr cast(const ast::Expression& expression) const;
    ExpressionPtr call(const ast::Expression& expression) const;
    std::vector<ExpressionPtr> bindAll(const ast::Expression& expression) const;

    const Scope& m_scope;
    Replace m_replace;
};

/// left `comparison` right, both brought to their common type. Throws where there is none, in Flink's words.
ExpressionPtr compare(Function comparison, ExpressionPtr left, ExpressionPtr right, const SourceSpan& span);

/// COUNT, SUM, STDDEV_POP, …
bool isAggregateName(const std::string& name);

/// A bound constant of a literal: Number, String, Boolean, Null, Interval, Temporal.
ExpressionPtr bindConstant(const ast::Expression& expression);

/// Throws where no scalar function has this name, with what it is called in Flink if that is known.
void requireFunction(const ast::Expression& call);

/// A scalar function with bound arguments. Throws where there is no such function or it takes other arguments.
ExpressionPtr bindFunction(const ast::Expression& call, std::vector<ExpressionPtr> arguments);

} // namespace weir::sql
