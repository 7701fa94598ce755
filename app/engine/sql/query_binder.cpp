// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/query_binder.h"

#include "app/engine/sql/aggregate_binder.h"
#include "app/engine/sql/column_use.h"
#include "app/engine/sql/script.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/words.h"

#include <unordered_map>

namespace weir::sql {

namespace {

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

/// As Flink names columns that would be called alike: id, id0, id1.
Schema uniqueNames(Schema schema)
{
    std::unordered_map<std::string, std::size_t> next; // by name, which number is tried next: linear for any text
    for (RowField& field : schema) {
        const std::string name = field.name;
        while (!next.try_emplace(field.name, 0).second)
            field.name = name + std::to_string(next[name]++);
    }
    return schema;
}

class QueryBinder
{
public:
    QueryBinder(const ast::Select& select, const Catalog& catalog) : m_select(select), m_catalog(catalog) { }

    QueryPlan bind()
    {
        findTable();
        scan();
        if (m_select.from.windowed)
            window();
        if (m_select.where)
            filter();
        if (!m_select.groupBy.empty() || m_select.having || firstAggregate())
            aggregate();
        else
            project();
        QueryPlan plan;
        plan.root = nodeOf(m_plan->step, uniqueNames(m_plan->schema));
        plan.windowStartColumn = m_startColumn;
        plan.windowEndColumn = m_endColumn;
        return plan;
    }

private:
    void findTable();
    void scan();
    void window();
    std::int64_t intervalOf(const ast::Expression& expression) const;
    void filter();
    const ast::Expression* firstAggregate() const;
    void aggregate();
    void project();
    std::string itemName(const ast::SelectItem& item, std::size_t index) const;
    void noteWindowColumn(const ExpressionPtr& expression, std::size_t first, int index);

    const ast::Select& m_select;
    const Catalog& m_catalog;
    TablePtr m_table;
    Scope m_scope; ///< of m_plan's output
    PlanPtr m_plan;
    int m_startColumn = -1;
    int m_endColumn = -1;
};

void QueryBinder::findTable()
{
    const ast::Name& name = m_select.from.table;
    const auto found = m_catalog.find(name.text);
    if (found == m_catalog.end()) {
        std::vector<std::string> known;
        for (const auto& [table, definition] : m_catalog)
            known.push_back(table);
        throw StatementError(name.span, "Object '" + name.text + "' not found.",
            known.empty() ? "Define it with CREATE TABLE" : didYouMean(name.text, known));
    }
    m_table = found->second;
    const std::string connector = m_table->option("connector");
    if (connector == "print" || connector == "blackhole")
        throw StatementError(name.span, "Connector '" + connector + "' can only be used as a sink.");
    m_scope.qualifier = m_select.from.alias ? m_select.from.alias->text : name.text;
}

void QueryBinder::scan()
{
    ScanNode node;
    node.table = m_table;
    node.columns = columnsNeeded(m_select, *m_table);
    for (const std::size_t index : node.columns) {
        const TableColumn& column = m_table->columns[index];
        const bool isTime = m_table->watermark && m_table->watermark->column == index;
        m_scope.columns.push_back({column.name, column.type, isTime});
    }
    for (const TableColumn& column : m_table->columns)
        m_scope.unread.push_back(column.name);
    if (m_table->watermark)
        node.watermark = renumbered(m_table->watermark->expression, node.columns);
    m_plan = nodeOf(std::move(node), schemaOf(m_scope));
}

std::int64_t QueryBinder::intervalOf(const ast::Expression& expression) const
{
    const Scope nothing;
    const ExpressionPtr bound = ExpressionBinder(nothing).bind(expression);
    const auto* millis = std::get_if<std::int64_t>(&bound->literal);
    if (bound->kind != Expression::Kind::Constant || bound->type.kind != TypeKind::IntervalDayTime || !millis)
        throw StatementError(
            expression.span, "Only constant window descriptors are supported.", "Write INTERVAL '1' MINUTE");
    return *millis;
}

void QueryBinder::window()
{
    const ast::TableReference& from = m_select.from;
    WindowNode node;
    const ast::Name& name = from.timeColumn;
    std::size_t index = 0;
    while (index < m_scope.columns.size() && m_scope.columns[index].name != name.text)
        ++index;
    if (index == m_scope.columns.size()) {
        std::vector<std::string> known;
        for (const TableColumn& column : m_table->columns)
            known.push_back(column.name);
        throw StatementError(name.span, "Unknown identifier '" + name.text + "'.", didYouMean(name.text, known));
    }
    const ScopeColumn time = m_scope.columns[index];
    if (!time.timeAttribute)
        throw StatementError(name.span,
            "The window function requires the timecol is a time attribute type, but is " + time.type.asNullable().text()
                + ".",
            "Give the table a WATERMARK FOR " + quoteIdentifier(name.text));
    node.timeColumn = index;
    node.sizeMs = intervalOf(*from.size);
    node.offsetMs = from.offset ? intervalOf(*from.offset) : 0;
    if (node.sizeMs <= 0)
        throw StatementError(from.size->span,
            "Tumbling Window parameters must satisfy size > 0, but got size " + std::to_string(node.sizeMs) + "ms.");
    if (std::abs(node.offsetMs) >= node.sizeMs)
        throw StatementError(from.offset->span,
            "Tumbling Window parameters must satisfy abs(offset) < size, but got size " + std::to_string(node.sizeMs)
                + "ms and offset " + std::to_string(node.offsetMs) + "ms.");
    node.input = m_plan;
    LogicalType timeType = time.type.notNull();
    timeType.precision = 3;
    m_scope.columns[index].timeAttribute = false;
    m_scope.columns.push_back({"window_start", types::timestamp(3).notNull(), false});
    m_scope.columns.push_back({"window_end", types::timestamp(3).notNull(), false});
    m_scope.columns.push_back({"window_time", timeType, true});
    m_plan = nodeOf(std::move(node), schemaOf(m_scope));
}

void QueryBinder::filter()
{
    FilterNode node;
    node.input = m_plan;
    node.predicate = ExpressionBinder(m_scope).bindCondition(*m_select.where, "WHERE");
    m_plan = nodeOf(std::move(node), m_plan->schema);
}

std::string QueryBinder::itemName(const ast::SelectItem& item, std::size_t index) const
{
    if (item.alias)
        return item.alias->text;
    if (item.expression->kind == ast::ExpressionKind::Column)
        return item.expression->names.back().text;
    return "EXPR$" + std::to_string(index);
}

void QueryBinder::noteWindowColumn(const ExpressionPtr& expression, std::size_t first, int index)
{
    if (expression->kind != Expression::Kind::Column)
        return;
    if (expression->column == first && m_startColumn < 0)
        m_startColumn = index;
    if (expression->column == first + 1 && m_endColumn < 0)
        m_endColumn = index;
}

/// The first item of SELECT that holds an aggregate: such a query aggregates without a GROUP BY too.
const ast::Expression* QueryBinder::firstAggregate() const
{
    for (const ast::SelectItem& item : m_select.items) {
        if (item.expression && hasAggregate(*item.expression))
            return item.expression.get();
    }
    return nullptr;
}

void QueryBinder::aggregate()
{
    const ast::Expression* cause = m_select.groupBy.empty() ? m_select.having.get() : m_select.groupBy.front().get();
    if (!cause)
        cause = firstAggregate();
    if (!m_select.from.windowed)
        throw StatementError(cause->span, "an aggregation (GROUP BY) without a window is not supported yet.",
            "Read FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE)) and group by window_start, "
            "window_end");
    AggregateBinder binder(m_scope);
    binder.addKeys(m_select.groupBy);
    if (!binder.hasBothBounds())
        throw StatementError(cause->span,
            "a window aggregation groups by window_start and window_end; without both it is an updating aggregation, "
            "which is not supported yet.",
            "Add window_start, window_end to GROUP BY");
    std::vector<ExpressionPtr> expressions;
    Schema schema;
    for (const ast::SelectItem& item : m_select.items) {
        if (item.star)
            throw StatementError(item.span, "'*' cannot stand in a query with GROUP BY.");
        expressions.push_back(binder.bind(*item.expression));
        noteWindowColumn(expressions.back(), 0, static_cast<int>(schema.size()));
        schema.push_back({itemName(item, schema.size()), expressions.back()->type});
    }
    const ExpressionPtr having = m_select.having ? binder.bindCondition(*m_select.having, "HAVING") : nullptr;
    WindowAggregateNode node;
    const std::size_t first = m_scope.columns.size() - 3;
    node.input = m_plan;
    node.window = {first, first + 1, first + 2};
    node.keys = binder.keys();
    node.calls = binder.calls();
    Schema output = binder.schema();
    for (std::size_t i = 0; i < node.keys.size(); ++i)
        node.keyNames.push_back(output[3 + i].name);
    m_plan = nodeOf(std::move(node), output);
    if (having)
        m_plan = nodeOf(FilterNode{m_plan, having}, output);
    m_plan = nodeOf(ProjectNode{m_plan, std::move(expressions)}, std::move(schema));
}

void QueryBinder::project()
{
    if (m_select.from.windowed)
        throw StatementError(m_select.from.span,
            "a window without GROUP BY window_start, window_end is not supported yet.",
            "Add GROUP BY window_start, window_end");
    ProjectNode node;
    node.input = m_plan;
    Schema schema;
    for (const ast::SelectItem& item : m_select.items) {
        if (!item.star) {
            node.expressions.push_back(ExpressionBinder(m_scope).bind(*item.expression));
            schema.push_back({itemName(item, schema.size()), node.expressions.back()->type});
            continue;
        }
        for (std::size_t i = 0; i < m_scope.columns.size(); ++i) {
            node.expressions.push_back(columnReference(i, m_scope.columns[i].type, item.span));
            schema.push_back({m_scope.columns[i].name, m_scope.columns[i].type});
        }
    }
    m_plan = nodeOf(std::move(node), std::move(schema));
}

} // namespace

QueryPlan bindQuery(const ast::Select& select, const Catalog& catalog)
{
    return QueryBinder(select, catalog).bind();
}

} // namespace weir::sql
