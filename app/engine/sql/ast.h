// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/logical_type.h"
#include "app/engine/sql/diagnostic.h"

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
    Call, ///< text: name in upper case; also COALESCE, EXTRACT (first argument a String with the unit)
    Cast, ///< type; text CAST or TRY_CAST
    Case, ///< arguments: when, then, when, then, …, [else]; operand first if `hasOperand`
    Is, ///< text: NULL, TRUE, FALSE, DISTINCT (second argument: from what); negated
    Between, ///< value, low, high; negated
    In, ///< value, candidates; negated
    Like, ///< value, pattern [, escape]; negated
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
};

struct ColumnDefinition
{
    Name name;
    LogicalType type;
    bool metadata = false;
    std::string metadataKey; ///< METADATA FROM 'key'
    ExpressionPtr computed; ///< name AS expression
};

struct WatermarkClause
{
    Name column;
    ExpressionPtr expression;
};

struct CreateTable
{
    Name name;
    std::vector<ColumnDefinition> columns;
    std::vector<WatermarkClause> watermarks;
    std::vector<std::pair<Name, std::string>> options;
    SourceSpan span;
};

/// What stands behind FROM.
struct TableReference
{
    Name table;
    std::optional<Name> alias;
    bool windowed = false; ///< TABLE(TUMBLE(TABLE table, DESCRIPTOR(timeColumn), size [, offset]))
    Name timeColumn;
    ExpressionPtr size;
    ExpressionPtr offset;
    SourceSpan span;
};

struct SelectItem
{
    bool star = false;
    ExpressionPtr expression;
    std::optional<Name> alias;
    SourceSpan span;
};

struct Select
{
    std::vector<SelectItem> items;
    TableReference from;
    ExpressionPtr where;
    std::vector<ExpressionPtr> groupBy;
    ExpressionPtr having;
    SourceSpan span;
};

struct Insert
{
    Name table;
    Select select;
};

struct SetOption
{
    std::string key;
    std::string value;
    SourceSpan span;
};

using Statement = std::variant<CreateTable, Select, Insert, SetOption>;

} // namespace weir::sql::ast
