// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast.h"
#include "app/engine/sql/expression.h"

#include <map>
#include <string>
#include <vector>

namespace weir::sql {

/// Nullable if any of the arguments is, as most functions are.
LogicalType nullableLike(LogicalType type, const std::vector<ExpressionPtr>& arguments);

/// One call being resolved: its name, its place and its bound arguments. Private to `sql`.
struct Call
{
    const ast::Expression& written;
    std::vector<ExpressionPtr> arguments;

    /// Throws StatementError: no such signature; `form` is how it is written.
    [[noreturn]] void wrong(const std::string& form) const;
    void expect(bool fits, const std::string& form) const;
    bool count(std::size_t from, std::size_t to) const { return arguments.size() >= from && arguments.size() <= to; }
    const LogicalType& type(std::size_t i) const { return arguments[i]->type; }
    /// Brings the arguments first, first + step, … to one type, which it returns; nullable if any of them is.
    LogicalType oneType(std::size_t first, const std::string& form, std::size_t step = 1);
    ExpressionPtr make(Function function, const LogicalType& result) const
    {
        return callOf(function, result, arguments, written.span);
    }
};

using Resolver = ExpressionPtr (*)(Call&);

/// Functions over text, by name.
const std::map<std::string, Resolver>& textResolvers();

} // namespace weir::sql
