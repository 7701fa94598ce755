// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/relation.h"

#include <algorithm>

namespace weir::sql {

bool WindowShape::sameWindows(const WindowShape& other) const
{
    return kind == other.kind && sizeMs == other.sizeMs && stepMs == other.stepMs && offsetMs == other.offsetMs
        && timeType.kind == other.timeType.kind;
}

std::optional<std::size_t> Relation::columnOf(WindowRole role) const
{
    for (std::size_t i = 0; i < scope.columns.size(); ++i) {
        if (scope.columns[i].role == role)
            return i;
    }
    return std::nullopt;
}

std::optional<WindowColumns> Relation::windowColumns() const
{
    const auto start = columnOf(WindowRole::Start);
    const auto end = columnOf(WindowRole::End);
    if (!window || !start || !end)
        return std::nullopt;
    return WindowColumns{*start, *end, columnOf(WindowRole::Time)};
}

PlanPtr nodeOf(decltype(PlanNode::step) step, Schema schema)
{
    auto node = std::make_shared<PlanNode>();
    node->step = std::move(step);
    node->schema = std::move(schema);
    return node;
}

Schema schemaOf(const Scope& scope)
{
    Schema schema;
    for (const ScopeColumn& column : scope.columns)
        schema.push_back({column.name, column.type});
    return schema;
}

bool sameExpression(const Expression& a, const Expression& b)
{
    if (a.kind != b.kind || !(a.type == b.type) || a.arguments.size() != b.arguments.size())
        return false;
    if (a.kind == Expression::Kind::Column && a.column != b.column)
        return false;
    if (a.kind == Expression::Kind::Constant && a.literal != b.literal)
        return false;
    if (a.kind == Expression::Kind::Call && a.function != b.function)
        return false;
    return std::equal(a.arguments.begin(), a.arguments.end(), b.arguments.begin(),
        [](const ExpressionPtr& x, const ExpressionPtr& y) { return sameExpression(*x, *y); });
}

void collectColumns(const Expression& expression, std::vector<bool>& used)
{
    if (expression.kind == Expression::Kind::Column) {
        if (expression.column >= used.size())
            used.resize(expression.column + 1);
        used[expression.column] = true;
    }
    for (const ExpressionPtr& argument : expression.arguments)
        collectColumns(*argument, used);
}

namespace {

/// A copy of `expression` whose columns are what `replace` makes of them; parts without columns are shared.
template <typename Replace>
ExpressionPtr rewritten(const ExpressionPtr& expression, const Replace& replace)
{
    if (expression->kind == Expression::Kind::Column)
        return replace(*expression);
    std::vector<ExpressionPtr> arguments;
    bool changed = false;
    for (const ExpressionPtr& argument : expression->arguments) {
        arguments.push_back(rewritten(argument, replace));
        changed = changed || arguments.back() != argument;
    }
    if (!changed)
        return expression;
    auto copy = std::make_shared<Expression>(*expression);
    copy->arguments = std::move(arguments);
    std::uint64_t weight = 1;
    for (const ExpressionPtr& argument : copy->arguments)
        weight += argument->weight;
    copy->weight = static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, 1U << 31));
    return copy;
}

/// Work for one row that moving filters below a projection may make.
constexpr std::uint64_t heaviestMovedFilter = 1000;

bool readsAny(const Expression& expression, std::size_t first)
{
    std::vector<bool> used;
    collectColumns(expression, used);
    return std::find(used.begin() + static_cast<std::ptrdiff_t>(std::min(first, used.size())), used.end(), true)
        != used.end();
}

class FilterPlacer
{
public:
    explicit FilterPlacer(bool belowSession) : m_belowSession(belowSession) { }

    PlanPtr place(const PlanPtr& plan, const std::vector<ExpressionPtr>& conditions) const
    {
        if (conditions.empty())
            return plan;
        if (const auto* window = std::get_if<WindowNode>(&plan->step))
            return aroundWindow(*window, plan, conditions);
        if (const auto* project = std::get_if<ProjectNode>(&plan->step)) {
            std::uint64_t weight = 0;
            for (const ExpressionPtr& condition : conditions)
                weight += substitutedWeight(*condition, project->expressions);
            if (weight <= heaviestMovedFilter) {
                std::vector<ExpressionPtr> below;
                for (const ExpressionPtr& condition : conditions)
                    below.push_back(substituted(condition, project->expressions));
                return nodeOf(ProjectNode{place(project->input, below), project->expressions}, plan->schema);
            }
        }
        return nodeOf(FilterNode{plan, conjunctionOf(conditions)}, plan->schema);
    }

private:
    PlanPtr aroundWindow(
        const WindowNode& window, const PlanPtr& plan, const std::vector<ExpressionPtr>& conditions) const
    {
        std::vector<ExpressionPtr> below;
        std::vector<ExpressionPtr> above;
        const bool fixed = window.kind == WindowKind::Session && !m_belowSession;
        for (const ExpressionPtr& condition : conditions)
            (fixed || readsAny(*condition, window.input->schema.size()) ? above : below).push_back(condition);
        PlanPtr result = plan;
        if (!below.empty()) {
            WindowNode moved = window;
            moved.input = place(window.input, below);
            result = nodeOf(std::move(moved), plan->schema);
        }
        return above.empty() ? result : nodeOf(FilterNode{result, conjunctionOf(above)}, plan->schema);
    }

    bool m_belowSession;
};

} // namespace

ExpressionPtr substituted(const ExpressionPtr& expression, const std::vector<ExpressionPtr>& columns)
{
    return rewritten(expression, [&](const Expression& column) { return columns[column.column]; });
}

ExpressionPtr withColumns(const ExpressionPtr& expression, const std::function<std::size_t(std::size_t)>& place)
{
    return rewritten(expression,
        [&](const Expression& column) { return columnReference(place(column.column), column.type, column.span); });
}

ExpressionPtr shifted(const ExpressionPtr& expression, std::ptrdiff_t by)
{
    return withColumns(expression,
        [by](std::size_t column) { return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(column) + by); });
}

std::vector<ExpressionPtr> referencesTo(const Scope& scope)
{
    std::vector<ExpressionPtr> references;
    for (std::size_t i = 0; i < scope.columns.size(); ++i)
        references.push_back(columnReference(i, scope.columns[i].type));
    return references;
}

ExpressionPtr conjunctionOf(const std::vector<ExpressionPtr>& conditions)
{
    if (conditions.size() < 2)
        return conditions.empty() ? nullptr : conditions.front();
    LogicalType type = types::boolean();
    type.nullable =
        std::any_of(conditions.begin(), conditions.end(), [](const ExpressionPtr& one) { return one->type.nullable; });
    return callOf(Function::And, type, conditions, conditions.front()->span);
}

std::uint64_t substitutedWeight(const Expression& expression, const std::vector<ExpressionPtr>& columns)
{
    if (expression.kind == Expression::Kind::Column)
        return columns[expression.column]->weight;
    std::uint64_t weight = 1;
    for (const ExpressionPtr& argument : expression.arguments)
        weight += substitutedWeight(*argument, columns);
    return weight;
}

Relation filtered(Relation relation, const std::vector<ExpressionPtr>& conditions)
{
    relation.plan = FilterPlacer(false).place(relation.plan, conditions);
    return relation;
}

PlanPtr withFiltersBelowSession(const PlanPtr& plan)
{
    if (const auto* filter = std::get_if<FilterNode>(&plan->step)) {
        const ExpressionPtr& predicate = filter->predicate;
        const bool all = predicate->kind == Expression::Kind::Call && predicate->function == Function::And;
        return FilterPlacer(true).place(
            withFiltersBelowSession(filter->input), all ? predicate->arguments : std::vector<ExpressionPtr>{predicate});
    }
    if (const auto* project = std::get_if<ProjectNode>(&plan->step))
        return nodeOf(ProjectNode{withFiltersBelowSession(project->input), project->expressions}, plan->schema);
    return plan;
}

ScopeColumn outputColumn(const Scope& input, const NamedExpression& output)
{
    const ExpressionPtr& expression = output.expression;
    if (expression->kind != Expression::Kind::Column)
        return {output.name, expression->type};
    ScopeColumn column = input.columns[expression->column];
    column.name = output.name;
    column.qualifier.clear();
    return column;
}

Relation projected(const Relation& input, const std::vector<NamedExpression>& outputs)
{
    Relation relation = input;
    relation.scope = {};
    ProjectNode node;
    node.input = input.plan;
    for (const NamedExpression& output : outputs) {
        node.expressions.push_back(output.expression);
        relation.scope.columns.push_back(outputColumn(input.scope, output));
    }
    relation.plan = nodeOf(std::move(node), schemaOf(relation.scope));
    if (!relation.windowColumns())
        relation.window.reset();
    return relation;
}

std::size_t ColumnExtender::columnFor(const ExpressionPtr& expression)
{
    if (expression->kind == Expression::Kind::Column)
        return expression->column;
    const auto known = std::find_if(
        m_added.begin(), m_added.end(), [&](const ExpressionPtr& one) { return sameExpression(*one, *expression); });
    const auto place = static_cast<std::size_t>(known - m_added.begin());
    if (known == m_added.end())
        m_added.push_back(expression);
    return m_relation.scope.columns.size() + place;
}

Relation ColumnExtender::extended() const
{
    if (m_added.empty())
        return m_relation;
    Relation relation = m_relation;
    ProjectNode node;
    node.input = m_relation.plan;
    node.expressions = referencesTo(m_relation.scope);
    for (const ExpressionPtr& expression : m_added) {
        relation.scope.columns.push_back({"", expression->type});
        node.expressions.push_back(expression);
    }
    relation.plan = nodeOf(std::move(node), schemaOf(relation.scope));
    return relation;
}

} // namespace weir::sql
