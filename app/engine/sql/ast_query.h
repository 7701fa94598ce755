// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast.h"

namespace weir::sql::ast {

struct OrderItem
{
    ExpressionPtr expression;
    bool descending = false;
    bool nullsFirst = true; ///< as written, or Flink's default: NULLs are the smallest
};

struct FrameBound
{
    enum class Kind : std::uint8_t { UnboundedPreceding, Preceding, CurrentRow, Following };

    Kind kind = Kind::UnboundedPreceding;
    ExpressionPtr offset; ///< Preceding, Following
};

/// OVER (…), or the body of WINDOW name AS (…).
struct WindowSpec
{
    std::optional<Name> base; ///< OVER w, OVER (w …)
    std::vector<ExpressionPtr> partition;
    std::vector<OrderItem> order;
    bool hasFrame = false;
    bool rows = false; ///< ROWS, else RANGE
    FrameBound from;
    FrameBound to{FrameBound::Kind::CurrentRow, nullptr};
    SourceSpan span;
};

struct TableReference;
using TableReferencePtr = std::unique_ptr<TableReference>;

/// TUMBLE, HOP, CUMULATE or SESSION.
struct WindowFunction
{
    std::string name; ///< in upper case
    SourceSpan span; ///< of the name
    bool wrapped = true; ///< TABLE( ) around it
    TableReferencePtr input;
    std::vector<Name> partition; ///< SESSION(TABLE t PARTITION BY …)
    Name timeColumn;
    ExpressionPtr step; ///< HOP's slide, CUMULATE's step
    ExpressionPtr size; ///< SESSION: the gap
    ExpressionPtr offset;
    ExpressionPtr emitOnlyOnUpdate; ///< CUMULATE
};

struct Join
{
    enum class Kind : std::uint8_t { Inner, Left, Right, Full };

    Kind kind = Kind::Inner;
    TableReferencePtr left;
    TableReferencePtr right;
    ExpressionPtr condition; ///< null: a comma or CROSS JOIN
    SourceSpan span; ///< of the word JOIN or the comma
};

/// What stands behind FROM: one of a name, a subquery, a window function, a join.
struct TableReference
{
    Name table;
    std::shared_ptr<Query> query;
    std::unique_ptr<WindowFunction> window;
    std::unique_ptr<Join> join;
    std::optional<Name> alias;
    std::vector<Name> columnAliases;
    SourceSpan span;
};

struct SelectItem
{
    bool star = false;
    std::optional<Name> starOf; ///< t.*
    ExpressionPtr expression;
    std::optional<Name> alias;
    SourceSpan span;
};

/// One element of GROUP BY.
struct GroupItem
{
    enum class Kind : std::uint8_t {
        Keys, ///< keys: one expression, or (a, b) inside of sets
        Sets, ///< GROUPING SETS (items)
        Rollup, ///< ROLLUP (items), each of kind Keys
        Cube,
    };

    Kind kind = Kind::Keys;
    std::vector<ExpressionPtr> keys;
    std::vector<GroupItem> items;
    SourceSpan span;
};

struct NamedWindow
{
    Name name;
    std::shared_ptr<WindowSpec> spec;
};

struct Select
{
    bool distinct = false;
    std::vector<SelectItem> items;
    TableReferencePtr from;
    ExpressionPtr where;
    std::vector<GroupItem> groupBy;
    ExpressionPtr having;
    std::vector<NamedWindow> windows;
    SourceSpan span; ///< of the word SELECT
};

/// name [(columns)] AS (query), behind WITH.
struct CommonTable
{
    Name name;
    std::vector<Name> columns;
    std::shared_ptr<Query> query;
};

struct Query
{
    std::vector<CommonTable> with;
    Select select;
};

} // namespace weir::sql::ast
