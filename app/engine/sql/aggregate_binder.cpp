// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/aggregate_binder.h"

#include "app/engine/sql/syntax_error.h"

#include <algorithm>

namespace weir::sql {

using aggregate::AggregateFunction;

namespace {

/// Stands for the column of GROUPING_ID until the number of calls in front of it is known.
constexpr std::size_t groupingColumn = std::size_t{1} << 40;
constexpr std::size_t mostOfAKind = 1000;
constexpr std::size_t mostKeysOfSets = 60; ///< each has a bit in GROUPING_ID

ExpressionPtr bigInt(std::int64_t value, const SourceSpan& span)
{
    return literalOf(value, types::bigInt().notNull(), span);
}

} // namespace

void AggregateBinder::addKey(const ast::Expression& written)
{
    if (hasAggregate(written))
        throw StatementError(written.span, "Aggregate expression is illegal in GROUP BY clause.");
    Key key;
    key.expression = ExpressionBinder(m_input.scope).bind(written);
    key.name = written.kind == ast::ExpressionKind::Column ? written.names.back().text : std::string();
    if (key.expression->kind == Expression::Kind::Column)
        key.role = m_input.scope.columns[key.expression->column].role;
    m_keys.push_back(std::move(key));
}

void AggregateBinder::addKeys(const std::vector<ast::GroupItem>& groupBy)
{
    requireFinalRows(m_input, m_span, "an aggregation");
    Grouping grouping = groupingOf(groupBy);
    std::vector<std::size_t> keyOf; // by key as written
    for (const ast::Expression* written : grouping.keys) {
        addKey(*written);
        Key key = std::move(m_keys.back());
        m_keys.pop_back();
        const auto known = std::find_if(m_keys.begin(), m_keys.end(),
            [&](const Key& one) { return sameExpression(*one.expression, *key.expression); });
        if (m_keys.size() >= (grouping.hasSets ? mostKeysOfSets : mostOfAKind))
            throw StatementError(written->span, "a query groups by 1,000 columns at most, 60 with sets.");
        keyOf.push_back(static_cast<std::size_t>(known - m_keys.begin()));
        if (known == m_keys.end())
            m_keys.push_back(std::move(key));
    }
    for (std::vector<std::size_t>& set : grouping.sets) {
        for (std::size_t& key : set)
            key = keyOf[key];
    }
    decide(grouping);
}

void AggregateBinder::addAllColumns()
{
    requireFinalRows(m_input, m_span, "SELECT DISTINCT");
    Grouping grouping;
    grouping.sets.emplace_back();
    for (std::size_t i = 0; i < m_input.scope.columns.size(); ++i) {
        const ScopeColumn& column = m_input.scope.columns[i];
        m_keys.push_back({columnReference(i, column.type), column.name, column.role});
        grouping.sets.front().push_back(i);
    }
    decide(grouping);
}

bool AggregateBinder::bothBoundsIn(const std::vector<std::size_t>& set) const
{
    const auto holds = [&](WindowRole role) {
        return std::any_of(set.begin(), set.end(), [&](std::size_t key) { return m_keys[key].role == role; });
    };
    return holds(WindowRole::Start) && holds(WindowRole::End);
}

/// A session belongs to the columns it was partitioned by: grouped otherwise, it is no window of the groups.
bool AggregateBinder::sessionAllows(bool hasSets) const
{
    if (m_input.window->kind != WindowKind::Session)
        return true;
    std::size_t sessionKeys = 0;
    for (const Key& key : m_keys) {
        const bool column = key.expression->kind == Expression::Kind::Column;
        if (column && m_input.scope.columns[key.expression->column].sessionKey)
            ++sessionKeys;
        else if (key.role == WindowRole::None)
            return false;
    }
    return !hasSets && sessionKeys == m_input.window->sessionKeys;
}

void AggregateBinder::decide(const Grouping& grouping)
{
    m_windowed = m_input.window
        && std::all_of(grouping.sets.begin(), grouping.sets.end(),
            [&](const std::vector<std::size_t>& set) { return bothBoundsIn(set); })
        && sessionAllows(grouping.hasSets);
    const bool severalSets = grouping.hasSets && grouping.sets.size() > 1;
    if (severalSets && !m_windowed)
        throw StatementError(m_span,
            "GROUPING SETS, ROLLUP and CUBE without a window are an updating aggregation, which is not supported with "
            "them.",
            "Add window_start and window_end to every set, in front of GROUPING SETS");
    m_numbers.resize(m_keys.size());
    for (std::size_t i = 0; i < m_keys.size(); ++i) {
        Key& key = m_keys[i];
        if (m_windowed && key.role != WindowRole::None)
            continue;
        key.role = WindowRole::None;
        m_numbers[i] = m_groupKeys.size();
        m_groupNames.push_back(key.name.empty() ? "EXPR$" + std::to_string(m_groupKeys.size()) : key.name);
        m_groupKeys.push_back(key.expression);
    }
    if (!severalSets)
        return;
    for (const std::vector<std::size_t>& set : grouping.sets) {
        std::vector<std::size_t> numbers;
        for (const std::size_t key : set) {
            const bool known = std::find(numbers.begin(), numbers.end(), m_numbers[key]) != numbers.end();
            if (m_keys[key].role == WindowRole::None && !known)
                numbers.push_back(m_numbers[key]);
        }
        std::sort(numbers.begin(), numbers.end());
        m_sets.push_back(std::move(numbers));
    }
}

ExpressionPtr AggregateBinder::bind(const ast::Expression& expression)
{
    return ExpressionBinder(m_input.scope, [this](const ast::Expression& part) {
        return replace(part);
    }).bind(expression);
}

ExpressionPtr AggregateBinder::bindWith(const ast::Expression& expression, const ExpressionBinder::Replace& first)
{
    return ExpressionBinder(m_input.scope, [&](const ast::Expression& part) {
        ExpressionPtr replaced = first(part);
        return replaced ? replaced : replace(part);
    }).bind(expression);
}

ExpressionPtr AggregateBinder::bindCondition(const ast::Expression& expression, const std::string& clause)
{
    return ExpressionBinder(m_input.scope, [this](const ast::Expression& part) {
        return replace(part);
    }).bindCondition(expression, clause);
}

ExpressionPtr AggregateBinder::replace(const ast::Expression& expression)
{
    if (expression.kind == ast::ExpressionKind::Call && !expression.over) {
        if (isAggregateName(expression.text))
            return aggregate(expression);
        if (expression.text == "GROUPING" || expression.text == "GROUPING_ID")
            return groupingId(expression);
    }
    if (hasAggregate(expression))
        return nullptr;
    if (ExpressionPtr key = keyColumn(expression))
        return key;
    if (expression.kind == ast::ExpressionKind::Column) {
        const std::string& name = expression.names.back().text;
        (void)ExpressionBinder(m_input.scope).bind(expression); // an unknown column is the better error
        throw StatementError(expression.span, "Expression '" + name + "' is not being grouped.",
            "Add it to GROUP BY, or aggregate it: MAX(" + name + ")");
    }
    return nullptr;
}

/// The output column of a group key that is written exactly so, else null.
ExpressionPtr AggregateBinder::keyColumn(const ast::Expression& expression)
{
    if (m_keys.empty())
        return nullptr;
    ExpressionPtr bound;
    try {
        bound = ExpressionBinder(m_input.scope).bind(expression);
    } catch (const StatementError&) {
        return nullptr; // told again, with its span, where the parts are bound
    }
    if (bound->kind == Expression::Kind::Constant)
        return nullptr;
    for (std::size_t i = 0; i < m_keys.size(); ++i) {
        if (sameExpression(*m_keys[i].expression, *bound))
            return outputOf(i, expression.span);
    }
    return nullptr;
}

ExpressionPtr AggregateBinder::outputOf(std::size_t key, const SourceSpan& span) const
{
    const WindowRole role = m_keys[key].role;
    if (role != WindowRole::None) {
        const auto place = static_cast<std::size_t>(role) - static_cast<std::size_t>(WindowRole::Start);
        return columnReference(place, outputScope().columns[place].type, span);
    }
    const std::size_t place = firstKey() + m_numbers[key];
    return columnReference(place, outputScope().columns[place].type, span);
}

/// What Flink's own aggregates cannot do in windows that share or merge their states.
void AggregateBinder::checkMerging(const AggregateCall& call, const SourceSpan& span) const
{
    if (!m_windowed || !m_input.window->direct || m_input.window->kind == WindowKind::Tumble)
        return;
    const AggregateFunction function = call.spec.function;
    const bool sums = function == AggregateFunction::Sum
        || (function >= AggregateFunction::StddevPop && function <= AggregateFunction::VarSamp);
    if (call.spec.distinct && sums && m_input.window->kind == WindowKind::Hop)
        throw StatementError(span,
            "This function does not support retraction: " + std::string(aggregate::nameOf(function))
                + "(DISTINCT …) over HOP windows is refused by Flink.",
            "TUMBLE and CUMULATE take it");
    if (function == AggregateFunction::FirstValue || function == AggregateFunction::LastValue)
        throw StatementError(span,
            std::string(aggregate::nameOf(function)) + " is refused by Flink in windows other than TUMBLE.",
            "Use TUMBLE, or MIN and MAX");
}

ExpressionPtr AggregateBinder::aggregate(const ast::Expression& written)
{
    AggregateCall call = bindAggregateCall(
        written, [this](const ast::Expression& part) { return ExpressionBinder(m_input.scope).bind(part); });
    checkMerging(call, written.span);
    if (m_keys.empty() && call.spec.function != AggregateFunction::Count
        && call.spec.function != AggregateFunction::ApproxCountDistinct)
        call.spec.result.nullable = true; // one group, which may be of no row at all
    const auto known =
        std::find_if(m_calls.begin(), m_calls.end(), [&](const AggregateCall& one) { return sameCall(one, call); });
    const auto index = static_cast<std::size_t>(known - m_calls.begin());
    if (index >= mostOfAKind)
        throw StatementError(written.span, "a query computes 1,000 aggregates at most.");
    const LogicalType type = call.spec.result;
    if (known == m_calls.end())
        m_calls.push_back(std::move(call));
    return columnReference(firstKey() + m_groupKeys.size() + index, type, written.span);
}

/// GROUPING(a) and GROUPING_ID(a, b): bits of the column that has one for each key of the aggregation, the first key's
/// the highest.
ExpressionPtr AggregateBinder::groupingId(const ast::Expression& call)
{
    const SourceSpan& span = call.span;
    if (call.arguments.empty())
        throw StatementError(span, call.text + " takes at least one column of GROUP BY.");
    const LogicalType type = types::bigInt().notNull();
    const ExpressionPtr whole = columnReference(groupingColumn, type, span);
    ExpressionPtr sum;
    for (const auto& argument : call.arguments) {
        const ExpressionPtr bound = ExpressionBinder(m_input.scope).bind(*argument);
        const auto key = std::find_if(
            m_keys.begin(), m_keys.end(), [&](const Key& one) { return sameExpression(*one.expression, *bound); });
        if (key == m_keys.end())
            throw StatementError(argument->span, "Argument to " + call.text + " must be a grouped expression.");
        ExpressionPtr bit = bigInt(0, span);
        if (!m_sets.empty() && key->role == WindowRole::None) {
            const std::size_t place = m_numbers[static_cast<std::size_t>(key - m_keys.begin())];
            const std::int64_t unit = std::int64_t{1} << (m_groupKeys.size() - 1 - place);
            bit = callOf(Function::Modulo, type,
                {callOf(Function::Divide, type, {whole, bigInt(unit, span)}, span), bigInt(2, span)}, span);
        }
        sum = !sum
            ? bit
            : callOf(Function::Add, type, {callOf(Function::Multiply, type, {sum, bigInt(2, span)}, span), bit}, span);
    }
    return sum;
}

Scope AggregateBinder::outputScope() const
{
    Scope scope;
    if (m_windowed) {
        const LogicalType bound = types::timestamp(3).notNull();
        scope.columns.push_back({"window_start", bound, false, {}, WindowRole::Start});
        scope.columns.push_back({"window_end", bound, false, {}, WindowRole::End});
        scope.columns.push_back({"window_time", m_input.window->timeType, true, {}, WindowRole::Time});
    }
    for (std::size_t i = 0; i < m_groupKeys.size(); ++i) {
        ScopeColumn column{m_groupNames[i], m_groupKeys[i]->type};
        const auto lacks = [&](const std::vector<std::size_t>& set) {
            return !std::binary_search(set.begin(), set.end(), i);
        };
        column.type.nullable = column.type.nullable || std::any_of(m_sets.begin(), m_sets.end(), lacks);
        if (m_windowed && m_groupKeys[i]->kind == Expression::Kind::Column)
            column.sessionKey = m_input.scope.columns[m_groupKeys[i]->column].sessionKey;
        scope.columns.push_back(std::move(column));
    }
    for (std::size_t i = 0; i < m_calls.size(); ++i)
        scope.columns.push_back({"AGG$" + std::to_string(i), m_calls[i].spec.result});
    if (!m_sets.empty())
        scope.columns.push_back({"GROUPING_ID", types::bigInt().notNull()});
    return scope;
}

Relation AggregateBinder::aggregated() const
{
    Relation relation;
    relation.scope = outputScope();
    if (!m_windowed) {
        relation.updating = true;
        relation.updates = m_span;
        relation.plan =
            nodeOf(GroupAggregateNode{m_input.plan, m_groupKeys, m_groupNames, m_calls}, schemaOf(relation.scope));
        return relation;
    }
    WindowAggregateNode node;
    const bool session = m_input.window->direct && m_input.window->kind == WindowKind::Session;
    node.input = session ? withFiltersBelowSession(m_input.plan) : m_input.plan;
    node.window = *m_input.windowColumns();
    for (const Key& key : m_keys) { // the bounds that were written: a join has those of both sides
        if (key.role == WindowRole::Start)
            node.window.start = key.expression->column;
        if (key.role == WindowRole::End)
            node.window.end = key.expression->column;
    }
    node.keys = m_groupKeys;
    node.keyNames = m_groupNames;
    node.calls = m_calls;
    node.groupingSets = m_sets;
    relation.plan = nodeOf(std::move(node), schemaOf(relation.scope));
    relation.window = m_input.window;
    relation.window->direct = false;
    return relation;
}

ExpressionPtr AggregateBinder::finished(const ExpressionPtr& bound) const
{
    if (m_sets.empty())
        return bound;
    const std::size_t last = firstKey() + m_groupKeys.size() + m_calls.size();
    return withColumns(bound, [&](std::size_t column) { return column == groupingColumn ? last : column; });
}

} // namespace weir::sql
