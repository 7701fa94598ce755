// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/over_binder.h"

#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/words.h"

#include <algorithm>

namespace weir::sql {

namespace {

constexpr int deepestBase = 50;
constexpr std::size_t mostCalls = 1000;

bool isRank(const std::string& name)
{
    return name == "ROW_NUMBER" || name == "RANK" || name == "DENSE_RANK";
}

bool sameAll(const std::vector<ExpressionPtr>& a, const std::vector<ExpressionPtr>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
        [](const ExpressionPtr& x, const ExpressionPtr& y) { return sameExpression(*x, *y); });
}

} // namespace

bool OverBinder::Window::operator==(const Window& other) const
{
    const auto sameDirection = [](const SortKey& a, const SortKey& b) {
        return a.descending == b.descending && a.nullsFirst == b.nullsFirst;
    };
    return sameAll(partition, other.partition) && sameAll(order, other.order) && byRows == other.byRows
        && preceding == other.preceding
        && std::equal(
            directions.begin(), directions.end(), other.directions.begin(), other.directions.end(), sameDirection);
}

OverBinder::OverBinder(const ast::Select& select, const Relation& input, BindPart bind)
    : m_select(select), m_input(input), m_bind(std::move(bind))
{
    collect();
    if (!any())
        return;
    requireFinalRows(m_input, m_written.front()->over->span, "OVER");
    bindWindows();
    bindCalls();
}

void OverBinder::collect()
{
    for (const ast::SelectItem& item : m_select.items) {
        if (!item.expression)
            continue;
        forEachPart(*item.expression, [this](const ast::Expression& part) {
            if (part.over)
                m_written.push_back(&part);
        });
    }
    const bool named =
        std::any_of(m_written.begin(), m_written.end(), [](const ast::Expression* call) { return isRank(call->text); });
    m_ranks = named;
}

OverBinder::Window OverBinder::windowOf(const ast::Expression& call) const
{
    if (call.filter)
        throw StatementError(call.span, "OVER must be applied to aggregate function, and not behind FILTER.",
            "Write SUM(CASE WHEN … THEN x END) OVER …");
    if (!isRank(call.text) && !isAggregateName(call.text))
        throw StatementError(call.span, "OVER must be applied to aggregate function.");
    return windowOf(*call.over, 0);
}

OverBinder::Window OverBinder::windowOf(const ast::WindowSpec& spec, int depth) const
{
    Window window;
    if (spec.base) {
        const auto base = std::find_if(m_select.windows.begin(), m_select.windows.end(),
            [&](const ast::NamedWindow& named) { return named.name.text == spec.base->text; });
        if (base == m_select.windows.end()) {
            std::vector<std::string> known;
            for (const ast::NamedWindow& named : m_select.windows)
                known.push_back(named.name.text);
            throw StatementError(
                spec.base->span, "Window '" + spec.base->text + "' not found.", didYouMean(spec.base->text, known));
        }
        if (depth > deepestBase)
            throw StatementError(spec.base->span, "Window '" + spec.base->text + "' is defined by itself.");
        window = windowOf(*base->spec, depth + 1);
    }
    for (const auto& key : spec.partition)
        window.partition.push_back(m_bind(*key));
    for (const ast::OrderItem& item : spec.order) {
        window.order.push_back(m_bind(*item.expression));
        window.directions.push_back({0, item.descending, item.nullsFirst});
    }
    if (spec.hasFrame)
        addFrame(spec, window);
    return window;
}

void OverBinder::addFrame(const ast::WindowSpec& spec, Window& window) const
{
    using Kind = ast::FrameBound::Kind;
    const char* const kind = spec.rows ? "ROWS" : "RANGE";
    if (spec.from.kind == Kind::Following || spec.to.kind == Kind::Following)
        throw StatementError(
            spec.span, std::string("OVER ") + kind + " FOLLOWING windows are not supported yet.", "End at CURRENT ROW");
    if (spec.to.kind != Kind::CurrentRow || spec.from.kind == Kind::CurrentRow)
        throw StatementError(spec.span,
            "an OVER window that does not reach from before the current row up to it is not "
            "supported yet.",
            std::string("Write ") + kind + " BETWEEN " + (spec.rows ? "2 PRECEDING" : "INTERVAL '1' MINUTE PRECEDING")
                + " AND CURRENT ROW");
    window.byRows = spec.rows;
    window.preceding = spec.from.kind == Kind::UnboundedPreceding ? -1 : precedingOf(spec.from, spec.rows, spec.span);
}

std::int64_t OverBinder::precedingOf(const ast::FrameBound& bound, bool rows, const SourceSpan& span) const
{
    const ExpressionPtr offset = m_bind(*bound.offset);
    const auto* value = std::get_if<std::int64_t>(&offset->literal);
    const bool fits = rows ? offset->type.isInteger() : offset->type.kind == TypeKind::IntervalDayTime;
    if (offset->kind != Expression::Kind::Constant || !value || !fits || *value < 0)
        throw StatementError(bound.offset ? bound.offset->span : span,
            rows ? "ROWS counts rows: a whole number stands in front of PRECEDING."
                 : "RANGE measures time: an interval stands in front of PRECEDING.",
            rows ? "Write ROWS BETWEEN 2 PRECEDING AND CURRENT ROW"
                 : "Write RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND CURRENT ROW");
    return *value;
}

void OverBinder::bindWindows()
{
    m_window = windowOf(*m_written.front());
    if (m_written.size() > mostCalls || m_window.partition.size() > mostCalls)
        throw StatementError(m_written.front()->span, "a query has 1,000 calls and columns of OVER at most.");
    for (const ast::Expression* call : m_written) {
        if (!(windowOf(*call) == m_window))
            throw StatementError(call->span,
                "Over Agg: Unsupported use of OVER windows. All aggregates must be computed on the same window.",
                "Write one WINDOW w AS (…) and OVER w everywhere");
    }
    ColumnExtender columns(m_input);
    for (const ExpressionPtr& key : m_window.partition)
        m_partition.push_back(columns.columnFor(key));
    for (std::size_t i = 0; i < m_window.order.size(); ++i) {
        m_order.push_back(m_window.directions[i]);
        m_order.back().column = columns.columnFor(m_window.order[i]);
    }
    m_extended = columns.extended();
    if (!m_ranks)
        requireTimeOrder();
    else if (m_order.empty())
        throw StatementError(
            m_written.front()->over->span, "a row number needs an order.", "Write OVER (PARTITION BY … ORDER BY x)");
}

void OverBinder::requireTimeOrder() const
{
    const SourceSpan& span = m_written.front()->over->span;
    if (m_order.size() != 1)
        throw StatementError(span, "The window can only be ordered by a single time column.",
            "Write ORDER BY the column with the WATERMARK");
    if (!m_extended.scope.columns[m_order[0].column].timeAttribute)
        throw StatementError(span, "OVER windows' ordering in stream mode must be defined on a time attribute.",
            "Order by the column with the WATERMARK, or by window_time");
    if (m_order[0].descending)
        throw StatementError(span, "The window can only be ordered in ASCENDING mode.");
}

void OverBinder::bindCalls()
{
    for (const ast::Expression* written : m_written) {
        if (m_ranks && m_written.size() > 1)
            throw StatementError(written->span,
                "Over Agg: Unsupported use of OVER windows: a row number stands by itself.",
                "Compute the other one in a query of its own");
        if (m_ranks) {
            if (!written->arguments.empty() || written->star)
                throw StatementError(written->span, written->text + "() takes no argument.");
            m_callOf.push_back(0);
            continue;
        }
        AggregateCall call = bindAggregateCall(*written, m_bind);
        const auto known =
            std::find_if(m_calls.begin(), m_calls.end(), [&](const AggregateCall& one) { return sameCall(one, call); });
        m_callOf.push_back(static_cast<std::size_t>(known - m_calls.begin()));
        if (known == m_calls.end())
            m_calls.push_back(std::move(call));
    }
}

ExpressionPtr OverBinder::replace(const ast::Expression& expression) const
{
    const auto found = std::find(m_written.begin(), m_written.end(), &expression);
    if (found == m_written.end())
        return nullptr;
    const std::size_t call = m_callOf[static_cast<std::size_t>(found - m_written.begin())];
    const LogicalType type = m_ranks ? types::bigInt().notNull() : m_calls[call].spec.result;
    return columnReference(m_extended.scope.columns.size() + call, type, expression.span);
}

Relation OverBinder::relation(const std::vector<NamedExpression>& outputs) const
{
    return m_ranks ? rankRelation(outputs) : overRelation(outputs);
}

Relation OverBinder::rankRelation(const std::vector<NamedExpression>& outputs) const
{
    auto rank = std::make_shared<PendingRank>();
    rank->input = m_extended;
    rank->partition = m_partition;
    rank->order = m_order;
    rank->function = m_written.front()->text;
    rank->span = m_written.front()->span;
    Scope numbered = m_extended.scope;
    numbered.columns.push_back({"", types::bigInt().notNull()});
    Relation relation;
    relation.window = m_extended.window;
    for (const NamedExpression& output : outputs) {
        rank->outputs.push_back(output.expression);
        relation.scope.columns.push_back(outputColumn(numbered, output));
    }
    relation.rank = std::move(rank);
    return relation;
}

Relation OverBinder::overRelation(const std::vector<NamedExpression>& outputs) const
{
    OverNode node;
    node.input = m_extended.plan;
    node.partition = m_partition;
    node.timeColumn = m_order[0].column;
    node.byRows = m_window.byRows;
    node.preceding = m_window.preceding;
    node.calls = m_calls;
    Relation relation = m_extended;
    for (const AggregateCall& call : m_calls)
        relation.scope.columns.push_back({"", call.spec.result});
    relation.plan = nodeOf(std::move(node), schemaOf(relation.scope));
    for (ScopeColumn& column : relation.scope.columns)
        column.role = WindowRole::None; // Flink knows no windows behind OVER
    relation.window.reset();
    return projected(relation, outputs);
}

} // namespace weir::sql
