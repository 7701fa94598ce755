// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/window_binder.h"

#include "app/engine/sql/expression_binder.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/words.h"

namespace weir::sql {

namespace {

constexpr std::int64_t dayMs = 86'400'000;

std::int64_t intervalOf(const ast::Expression& expression)
{
    const Scope nothing;
    const ExpressionPtr bound = ExpressionBinder(nothing).bind(expression);
    if (bound->type.kind == TypeKind::IntervalYearMonth)
        throw StatementError(expression.span,
            "Window aggregate only support SECOND, MINUTE, HOUR, DAY as the time unit, not MONTH and YEAR.",
            "Only constant window descriptors of one length can be windows: INTERVAL '30' DAY");
    const auto* millis = std::get_if<std::int64_t>(&bound->literal);
    if (bound->kind != Expression::Kind::Constant || bound->type.kind != TypeKind::IntervalDayTime || !millis)
        throw StatementError(
            expression.span, "Only constant window descriptors are supported.", "Write INTERVAL '1' MINUTE");
    return *millis;
}

bool truthOf(const ast::Expression& expression)
{
    if (expression.kind != ast::ExpressionKind::Boolean)
        throw StatementError(expression.span, "EMITONLYONUPDATE is TRUE or FALSE.",
            "It comes behind the offset: CUMULATE(TABLE t, DESCRIPTOR(c), step, size, INTERVAL '0' SECOND, TRUE)");
    return expression.text == "TRUE";
}

std::string inMs(std::int64_t value)
{
    return std::to_string(value) + "ms";
}

class WindowBinder
{
public:
    WindowBinder(const ast::WindowFunction& function, const Relation& input, BindContext& context)
        : m_function(function), m_input(input), m_context(context)
    { }

    Relation bind()
    {
        findTime();
        requireFinalRows(m_input, m_function.span, m_function.name);
        m_node.sizeMs = intervalOf(*m_function.size);
        m_node.stepMs = m_function.step ? intervalOf(*m_function.step) : 0;
        m_node.offsetMs = m_function.offset ? intervalOf(*m_function.offset) : 0;
        m_node.emitOnlyOnUpdate = m_function.emitOnlyOnUpdate && truthOf(*m_function.emitOnlyOnUpdate);
        if (m_function.name == "TUMBLE")
            tumble();
        else if (m_function.name == "SESSION")
            session();
        else
            stepped(m_function.name == "HOP");
        addBadge();
        return relation();
    }

private:
    void findTime()
    {
        const ast::Name& name = m_function.timeColumn;
        const std::vector<ScopeColumn>& columns = m_input.scope.columns;
        m_node.timeColumn = columnNamed(name);
        const ScopeColumn& time = columns[m_node.timeColumn];
        const std::string type = time.type.asNullable().text();
        if (!time.timeAttribute)
            throw StatementError(name.span,
                "The window function requires the timecol is a time attribute type, but is " + type + ".",
                time.type.isTimestamp()
                    ? "A time attribute is a column with a WATERMARK that no calculation, aggregation without a "
                      "window or outer query has touched; windows give window_time"
                    : "Give the table a WATERMARK FOR a TIMESTAMP(3) column");
        if (time.windowed)
            throw StatementError(name.span, "a window cannot stand directly on the rows of another window.",
                "Aggregate the inner one first, with window_time in its GROUP BY, and use that");
    }

    std::size_t columnNamed(const ast::Name& name) const
    {
        std::vector<std::string> known;
        std::optional<std::size_t> found;
        const std::vector<ScopeColumn>& columns = m_input.scope.columns;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            known.push_back(columns[i].name);
            if (columns[i].name != name.text)
                continue;
            if (found)
                throw StatementError(name.span, "Column '" + name.text + "' is ambiguous.");
            found = i;
        }
        if (!found)
            throw StatementError(name.span, "Unknown identifier '" + name.text + "'.", didYouMean(name.text, known));
        return *found;
    }

    void tumble()
    {
        m_node.kind = WindowKind::Tumble;
        if (m_node.sizeMs <= 0)
            throw StatementError(m_function.size->span,
                "Tumbling Window parameters must satisfy size > 0, but got size " + inMs(m_node.sizeMs) + ".");
        if (std::abs(m_node.offsetMs) >= m_node.sizeMs)
            throw StatementError(m_function.offset->span,
                "Tumbling Window parameters must satisfy abs(offset) < size, but got size " + inMs(m_node.sizeMs)
                    + " and offset " + inMs(m_node.offsetMs) + ".");
    }

    void stepped(bool hop)
    {
        m_node.kind = hop ? WindowKind::Hop : WindowKind::Cumulate;
        const std::string step = hop ? "slide" : "step";
        const std::string size = hop ? "size" : "maxSize";
        if (m_node.stepMs <= 0 || m_node.sizeMs <= 0)
            throw StatementError((m_node.stepMs <= 0 ? m_function.step : m_function.size)->span,
                m_function.name + " parameters must satisfy " + step + " > 0 and " + size + " > 0, but got " + step
                    + " " + inMs(m_node.stepMs) + " and " + size + " " + inMs(m_node.sizeMs) + ".");
        if (m_node.sizeMs % m_node.stepMs != 0)
            throw StatementError(m_function.span,
                m_function.name + " table function based aggregate requires " + size
                    + " must be an integral multiple of " + step + ", but got " + size + " "
                    + std::to_string(m_node.sizeMs) + " ms and " + step + " " + std::to_string(m_node.stepMs) + " ms.",
                "The " + step + " comes first, then the size");
        if (m_node.sizeMs / m_node.stepMs > mostSteps)
            throw StatementError(
                m_function.span, m_function.name + " with more than 100,000 steps in a window is not supported.");
    }

    void session()
    {
        m_node.kind = WindowKind::Session;
        if (m_node.sizeMs <= 0)
            throw StatementError(
                m_function.size->span, "SESSION parameters must satisfy 0 < gap, but got " + inMs(m_node.sizeMs) + ".");
        for (const ast::Name& name : m_function.partition)
            m_node.partition.push_back(columnNamed(name));
    }

    void addBadge()
    {
        Badge& badge = m_context.badge;
        if (!m_function.wrapped)
            badge.add(BadgeColour::Amber, m_function.span,
                m_function.name + " without TABLE( ) around it needs Flink 2.0 or later");
        if (m_node.kind == WindowKind::Session)
            badge.add(BadgeColour::Amber, m_function.span, "SESSION needs Flink 1.19 or later, in streaming mode");
        if (m_node.offsetMs != 0)
            badge.add(BadgeColour::Amber, m_function.offset->span,
                "streaming Flink silently loses rows of windows with an offset (FLINK-36664)");
        if (m_function.emitOnlyOnUpdate)
            badge.add(BadgeColour::Amber, m_function.emitOnlyOnUpdate->span,
                "EMITONLYONUPDATE needs Flink 2.3 or later (FLINK-39030)");
        const LogicalType& time = m_input.scope.columns[m_node.timeColumn].type;
        if (time.kind != TypeKind::TimestampLtz || m_context.timeZone == "UTC")
            return;
        std::string reason = "these windows follow the option 'table.local-time-zone' = '" + m_context.timeZone + "'";
        if (m_node.sizeMs >= dayMs / 24)
            reason += "; streaming Flink silently loses their rows where the zone has no summer time (FLINK-36664)";
        badge.add(BadgeColour::Amber, m_function.span, std::move(reason));
    }

    Relation relation()
    {
        const LogicalType timeType = [&] {
            LogicalType type = m_input.scope.columns[m_node.timeColumn].type.notNull();
            type.precision = 3;
            return type;
        }();
        Relation relation = m_input;
        for (ScopeColumn& column : relation.scope.columns) {
            column.role = WindowRole::None;
            column.sessionKey = false;
            column.windowed = column.timeAttribute;
            column.qualifier.clear();
        }
        for (const std::size_t key : m_node.partition)
            relation.scope.columns[key].sessionKey = true;
        const LogicalType bound = types::timestamp(3).notNull();
        relation.scope.columns.push_back({"window_start", bound, false, {}, WindowRole::Start});
        relation.scope.columns.push_back({"window_end", bound, false, {}, WindowRole::End});
        relation.scope.columns.push_back({"window_time", timeType, true, {}, WindowRole::Time, false, true});
        relation.window = WindowShape{
            m_node.kind, m_node.sizeMs, m_node.stepMs, m_node.offsetMs, timeType, m_node.partition.size(), true};
        m_node.input = m_input.plan;
        relation.plan = nodeOf(std::move(m_node), schemaOf(relation.scope));
        return relation;
    }

    static constexpr std::int64_t mostSteps = 100'000;

    const ast::WindowFunction& m_function;
    const Relation& m_input;
    BindContext& m_context;
    WindowNode m_node;
};

} // namespace

Relation bindWindow(const ast::WindowFunction& function, const Relation& input, BindContext& context)
{
    return WindowBinder(function, input, context).bind();
}

} // namespace weir::sql
