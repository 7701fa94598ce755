// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/logical_type.h"
#include "app/engine/sql/diagnostic.h"
#include "app/engine/sql/json_clauses.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace weir::sql::ast {

/// The syntax tree: what was written, with spans, before names and types are looked up. Private to `sql`.

struct Name
{
    std::string text; ///< without back-quotes
    SourceSpan span;
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

enum class ExpressionKind : std::uint8_t {
    Column, ///< names: [table .] column
    Number, ///< text
    String, ///< text, unquoted
    Boolean, ///< text TRUE or FALSE
    Null,
    Interval, ///< text of the value, unit
    Temporal, ///< DATE, TIME or TIMESTAMP literal: text, function names the type
    Unary, ///< text: NOT, -, +
    Binary, ///< text: + - * / % = <> < <= > >= AND OR ||
    Call, ///< text: name in upper case, "ARRAY[" and "MAP[" for those constructors
    Field, ///< names: the field of the ROW that is the argument
    Item, ///< value [ index or key ]
    Cast, ///< type; text CAST or TRY_CAST
    Case, ///< arguments: when, then, when, then, …, [else]; operand first if `hasOperand`
    Is, ///< text: NULL, TRUE, FALSE, JSON (unit: VALUE, OBJECT, …), DISTINCT (second argument: from what); negated
    Between, ///< value, low, high; negated
    In, ///< value, candidates or query; negated
    Like, ///< value, pattern [, escape]; negated
    Row, ///< (a, b) in front of IN
    Exists, ///< query
    Subquery, ///< query, as a value
};

struct Query;
struct WindowSpec;

/// What stands behind the path of a JSON function. Defaults are arguments 2 and 3 of the call.
struct JsonClauses
{
    std::optional<LogicalType> returning;
    std::optional<JsonBehavior> onEmpty;
    std::optional<JsonBehavior> onError;
    JsonWrapper wrapper = JsonWrapper::Without;
};

struct Expression
{
    ExpressionKind kind = ExpressionKind::Null;
    SourceSpan span;
    int height = 1; ///< levels of operations below and with this one
    std::string text;
    std::vector<Name> names;
    std::vector<ExpressionPtr> arguments;
    LogicalType type; ///< Cast; Temporal
    std::string unit; ///< Interval: SECOND, MINUTE, …; "DAY TO SECOND"
    std::int32_t unitPrecision = 2; ///< Interval: digits allowed in the leading field
    bool negated = false;
    bool distinct = false; ///< Call: COUNT(DISTINCT x)
    bool star = false; ///< Call: COUNT(*)
    bool hasOperand = false; ///< Case
    bool hasElse = false; ///< Case
    ExpressionPtr filter; ///< Call: FILTER (WHERE …)
    std::shared_ptr<Query> query; ///< Exists, Subquery, In
    std::shared_ptr<WindowSpec> over; ///< Call: OVER …
    std::shared_ptr<const JsonClauses> json; ///< Call: of a JSON function
};

} // namespace weir::sql::ast
