// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/plan.h"
#include "app/engine/sql/scope.h"

#include <functional>
#include <memory>
#include <optional>

namespace weir::sql {

/// The windows of a window table function, kept through everything that keeps its bounds.
struct WindowShape
{
    WindowKind kind = WindowKind::Tumble;
    std::int64_t sizeMs = 0;
    std::int64_t stepMs = 0;
    std::int64_t offsetMs = 0;
    LogicalType timeType; ///< of window_time
    std::size_t sessionKeys = 0; ///< number of columns in SESSION … PARTITION BY
    bool direct = true; ///< rows come from the function through filters and projections only

    bool sameWindows(const WindowShape& other) const;
};

struct PendingRank;

/// A query or a part of one, bound: its plan and what its columns mean. `columns` and `plan->schema` are parallel.
struct Relation
{
    PlanPtr plan; ///< null while `rank` waits
    Scope scope;
    std::optional<WindowShape> window; ///< there are columns with roles Start and End
    bool updating = false; ///< rows are taken back later
    SourceSpan updates; ///< what makes it updating
    std::shared_ptr<const PendingRank> rank; ///< ROW_NUMBER() that waits for its bound

    /// The first columns with each role, if both bounds are there.
    std::optional<WindowColumns> windowColumns() const;
    /// The first column with this role.
    std::optional<std::size_t> columnOf(WindowRole role) const;
};

/// A query with ROW_NUMBER() whose outer query has not said yet how many rows it keeps.
struct PendingRank
{
    Relation input;
    std::vector<std::size_t> partition; ///< into the input, window columns included
    std::vector<SortKey> order;
    std::vector<ExpressionPtr> outputs; ///< of the query, over the input's columns followed by the row number
    std::string function; ///< ROW_NUMBER
    SourceSpan span;
};

PlanPtr nodeOf(decltype(PlanNode::step) step, Schema schema);
Schema schemaOf(const Scope& scope);

/// `relation` with only the rows for which all of `conditions` hold. They go below windows and projections where that
/// changes nothing: not below SESSION, whose windows are those of all rows.
Relation filtered(Relation relation, const std::vector<ExpressionPtr>& conditions);
/// A window aggregation over SESSION filters the rows first, as Flink does.
PlanPtr withFiltersBelowSession(const PlanPtr& plan);

/// The outputs of `expressions` over `input`: names are given, roles and time attributes follow plain columns.
struct NamedExpression
{
    std::string name;
    ExpressionPtr expression;
};
Relation projected(const Relation& input, const std::vector<NamedExpression>& outputs);
/// What a plain column of `input` means, under another name; no more than a type for anything else.
ScopeColumn outputColumn(const Scope& input, const NamedExpression& output);

/// Column of `relation` that holds `expression`; a column is added where it is none yet.
class ColumnExtender
{
public:
    explicit ColumnExtender(const Relation& relation) : m_relation(relation) { }

    std::size_t columnFor(const ExpressionPtr& expression);
    /// The relation with the columns that were asked for behind its own.
    Relation extended() const;
    std::size_t added() const { return m_added.size(); }

private:
    const Relation& m_relation;
    std::vector<ExpressionPtr> m_added;
};

/// All conditions by AND; null for none.
ExpressionPtr conjunctionOf(const std::vector<ExpressionPtr>& conditions);
/// Steps for one row that substituted() would give.
std::uint64_t substitutedWeight(const Expression& expression, const std::vector<ExpressionPtr>& columns);
/// `expression` with column i replaced by columns[i].
ExpressionPtr substituted(const ExpressionPtr& expression, const std::vector<ExpressionPtr>& columns);
/// `expression` with column i moved to place(i).
ExpressionPtr withColumns(const ExpressionPtr& expression, const std::function<std::size_t(std::size_t)>& place);
/// `expression` with column i moved to i + by.
ExpressionPtr shifted(const ExpressionPtr& expression, std::ptrdiff_t by);
/// References to all columns of a scope.
std::vector<ExpressionPtr> referencesTo(const Scope& scope);

bool sameExpression(const Expression& a, const Expression& b);
/// Adds the numbers of the columns that `expression` reads.
void collectColumns(const Expression& expression, std::vector<bool>& used);

} // namespace weir::sql
