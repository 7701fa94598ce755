// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/join_binder.h"

#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/time_bounds.h"

#include <algorithm>

namespace weir::sql {

namespace {

bool rightIsOutput(JoinKind kind)
{
    return kind != JoinKind::Semi && kind != JoinKind::Anti;
}

/// Which sides a condition reads.
struct Sides
{
    bool left = false;
    bool right = false;
};

Sides sidesOf(const Expression& expression, std::size_t border)
{
    std::vector<bool> used;
    collectColumns(expression, used);
    Sides sides;
    for (std::size_t i = 0; i < used.size(); ++i) {
        sides.left = sides.left || (used[i] && i < border);
        sides.right = sides.right || (used[i] && i >= border);
    }
    return sides;
}

class JoinBinder
{
public:
    explicit JoinBinder(JoinParts parts) : m_parts(std::move(parts)), m_border(m_parts.left.scope.columns.size()) { }

    Relation bind()
    {
        requireFinalRows(m_parts.left, m_parts.span, "a join");
        requireFinalRows(m_parts.right, m_parts.span, "a join");
        if (boundsAreEqual())
            return windowJoin();
        std::vector<ExpressionPtr> rest = m_parts.conditions;
        const auto bounds = takeTimeBounds(m_parts.left.scope, m_parts.right.scope, rest);
        const bool interval = bounds && bounds->lowerMs && bounds->upperMs && rightIsOutput(m_parts.kind);
        if (!interval)
            refuse(bounds);
        m_parts.conditions = std::move(rest);
        return intervalJoin(*bounds);
    }

private:
    [[noreturn]] void refuse(const std::optional<TimeBounds>& bounds) const;
    bool boundsAreEqual();
    bool takeEquality(WindowRole role);
    void takeKeys();
    Relation windowJoin();
    Relation intervalJoin(const TimeBounds& bounds);
    void extendSides();
    ExpressionPtr remaining() const;
    template <typename Node>
    Relation joined(Node node);

    JoinParts m_parts;
    std::size_t m_border;
    std::vector<ExpressionPtr> m_leftKeys;
    std::vector<ExpressionPtr> m_rightKeys; ///< over the right columns alone
    std::vector<JoinKey> m_keys;
    Relation m_left; ///< with the columns that the keys need behind its own
    Relation m_right;
};

void JoinBinder::refuse(const std::optional<TimeBounds>& bounds) const
{
    const std::string words = "a regular join keeps all rows of both sides for ever, which is not supported: ";
    if (m_parts.left.window && m_parts.right.window) {
        if (!m_parts.left.window->sameWindows(*m_parts.right.window))
            throw StatementError(m_parts.span, words + "the windows of the two sides are not the same.",
                "Use the same function, size and offset on both sides");
        if (m_parts.left.window->kind == WindowKind::Session)
            throw StatementError(
                m_parts.span, words + "Flink joins no SESSION windows.", "Use TUMBLE, HOP or CUMULATE");
        throw StatementError(m_parts.span, words + "a window join needs both bounds of the window.",
            "Add a.window_start = b.window_start AND a.window_end = b.window_end");
    }
    if (bounds && !rightIsOutput(m_parts.kind))
        throw StatementError(m_parts.span, words + "IN and EXISTS within a time are none that Flink bounds.",
            "Put both sides into windows and compare window_start and window_end");
    if (bounds)
        throw StatementError(m_parts.span, words + "an interval join bounds the time from both sides.",
            "Write b.ts BETWEEN a.ts - INTERVAL '1' MINUTE AND a.ts + INTERVAL '1' MINUTE");
    throw StatementError(m_parts.span, words + "neither windows nor times are compared.",
        "Join windows (ON a.window_start = b.window_start AND a.window_end = b.window_end AND …) or within a time (AND "
        "b.ts BETWEEN a.ts - INTERVAL '1' MINUTE AND a.ts + INTERVAL '1' MINUTE)");
}

/// Takes an equality of columns with this role on both sides out of the conditions.
bool JoinBinder::takeEquality(WindowRole role)
{
    const auto isRole = [&](const Expression& operand, bool left) {
        if (operand.kind != Expression::Kind::Column || (operand.column < m_border) != left)
            return false;
        const Scope& scope = left ? m_parts.left.scope : m_parts.right.scope;
        return scope.columns[left ? operand.column : operand.column - m_border].role == role;
    };
    const auto found =
        std::find_if(m_parts.conditions.begin(), m_parts.conditions.end(), [&](const ExpressionPtr& condition) {
            if (condition->kind != Expression::Kind::Call || condition->function != Function::Equal)
                return false;
            const Expression& a = *condition->arguments[0];
            const Expression& b = *condition->arguments[1];
            return (isRole(a, true) && isRole(b, false)) || (isRole(a, false) && isRole(b, true));
        });
    if (found == m_parts.conditions.end())
        return false;
    m_parts.conditions.erase(found);
    return true;
}

bool JoinBinder::boundsAreEqual()
{
    const auto& left = m_parts.left.window;
    const auto& right = m_parts.right.window;
    if (!left || !right || !left->sameWindows(*right) || left->kind == WindowKind::Session)
        return false;
    const std::vector<ExpressionPtr> all = m_parts.conditions;
    if (takeEquality(WindowRole::Start) && takeEquality(WindowRole::End))
        return true;
    m_parts.conditions = all;
    return false;
}

/// Equalities with one side each become keys.
void JoinBinder::takeKeys()
{
    std::vector<ExpressionPtr> rest;
    for (const ExpressionPtr& condition : m_parts.conditions) {
        const bool equality = condition->kind == Expression::Kind::Call && condition->function == Function::Equal;
        const Sides a = equality ? sidesOf(*condition->arguments[0], m_border) : Sides{};
        const Sides b = equality ? sidesOf(*condition->arguments[1], m_border) : Sides{};
        const bool straight = a.left && !a.right && b.right && !b.left;
        const bool crossed = a.right && !a.left && b.left && !b.right;
        if (!straight && !crossed) {
            rest.push_back(condition);
            continue;
        }
        m_leftKeys.push_back(condition->arguments[straight ? 0 : 1]);
        m_rightKeys.push_back(shifted(condition->arguments[straight ? 1 : 0], -static_cast<std::ptrdiff_t>(m_border)));
    }
    m_parts.conditions = std::move(rest);
}

void JoinBinder::extendSides()
{
    ColumnExtender left(m_parts.left);
    ColumnExtender right(m_parts.right);
    for (std::size_t i = 0; i < m_leftKeys.size(); ++i)
        m_keys.push_back({left.columnFor(m_leftKeys[i]), right.columnFor(m_rightKeys[i])});
    m_left = left.extended();
    m_right = right.extended();
}

ExpressionPtr JoinBinder::remaining() const
{
    const ExpressionPtr condition = conjunctionOf(m_parts.conditions);
    const std::size_t added = m_left.scope.columns.size() - m_border;
    if (!condition || added == 0)
        return condition;
    return withColumns(condition, [&](std::size_t column) { return column < m_border ? column : column + added; });
}

/// The relation of a join node; columns that only the keys needed are dropped again.
template <typename Node>
Relation JoinBinder::joined(Node node)
{
    node.kind = m_parts.kind;
    node.left = m_left.plan;
    node.right = m_right.plan;
    node.keys = m_keys;
    node.condition = remaining();
    Relation relation;
    relation.scope = joinedScope(m_left.scope, m_right.scope, m_parts.kind);
    relation.plan = nodeOf(std::move(node), schemaOf(relation.scope));
    const Scope wanted = joinedScope(m_parts.left.scope, m_parts.right.scope, m_parts.kind);
    if (wanted.columns.size() == relation.scope.columns.size())
        return relation;
    ProjectNode project;
    project.input = relation.plan;
    const std::size_t added = m_left.scope.columns.size() - m_border;
    for (std::size_t i = 0; i < wanted.columns.size(); ++i)
        project.expressions.push_back(columnReference(i < m_border ? i : i + added, wanted.columns[i].type));
    relation.plan = nodeOf(std::move(project), schemaOf(wanted));
    relation.scope = wanted;
    return relation;
}

Relation JoinBinder::windowJoin()
{
    takeKeys();
    extendSides();
    WindowJoinNode node;
    node.leftWindow = *m_left.windowColumns();
    node.rightWindow = *m_right.windowColumns();
    Relation relation = joined(std::move(node));
    // A side whose rows may be missing has no bounds that every row lies in.
    const bool leftKept = m_parts.kind != JoinKind::Right && m_parts.kind != JoinKind::Full;
    const bool rightKept = m_parts.kind == JoinKind::Inner || m_parts.kind == JoinKind::Right;
    for (std::size_t i = 0; i < relation.scope.columns.size(); ++i) {
        if (!(i < m_border ? leftKept : rightKept))
            relation.scope.columns[i].role = WindowRole::None;
    }
    relation.window = m_parts.left.window;
    relation.window->direct = false;
    if (!relation.windowColumns())
        relation.window.reset();
    return relation;
}

Relation JoinBinder::intervalJoin(const TimeBounds& bounds)
{
    takeKeys();
    if (m_leftKeys.empty()) { // all rows meet all others: one key for all
        const ExpressionPtr all = literalOf(std::int64_t{0}, types::integer().notNull());
        m_leftKeys.push_back(all);
        m_rightKeys.push_back(all);
    }
    extendSides();
    IntervalJoinNode node;
    node.leftTime = bounds.leftTime;
    node.rightTime = bounds.rightTime;
    node.lowerMs = *bounds.lowerMs;
    node.upperMs = *bounds.upperMs;
    Relation relation = joined(std::move(node));
    for (ScopeColumn& column : relation.scope.columns)
        column.role = WindowRole::None;
    return relation;
}

} // namespace

Scope joinedScope(const Scope& left, const Scope& right, JoinKind kind)
{
    Scope scope = left;
    if (rightIsOutput(kind))
        scope.columns.insert(scope.columns.end(), right.columns.begin(), right.columns.end());
    const std::size_t border = left.columns.size();
    for (std::size_t i = 0; i < scope.columns.size(); ++i) {
        ScopeColumn& column = scope.columns[i];
        const bool leftMissing = kind == JoinKind::Right || kind == JoinKind::Full;
        const bool rightMissing = kind == JoinKind::Left || kind == JoinKind::Full;
        if (i < border ? leftMissing : rightMissing)
            column.type.nullable = true;
        column.windowed = false; // the join has put the rows into the order of its own watermark
        column.sessionKey = false;
    }
    return scope;
}

Relation bindJoin(JoinParts parts)
{
    return JoinBinder(std::move(parts)).bind();
}

} // namespace weir::sql
