// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/plan.h"

#include "app/engine/event/decimal_text.h"
#include "app/engine/event/timestamp_text.h"

namespace weir::sql {

namespace {

struct LiteralText
{
    const LogicalType& type;

    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool value) const { return value ? "TRUE" : "FALSE"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(float value) const { return std::to_string(value); }
    std::string operator()(double value) const { return std::to_string(value); }
    std::string operator()(Int128 value) const
    {
        std::string text;
        appendDecimal(text, value, type.scale);
        return text;
    }
    std::string operator()(const std::string& value) const { return "'" + value + "'"; }
    std::string operator()(Timestamp value) const
    {
        std::string text;
        appendTimestamp(text, value, type.precision);
        return "'" + text + "'";
    }
};

/// In the order of Function.
constexpr const char* functionTexts[] = {"Add", "Subtract", "Multiply", "Divide", "Modulo", "Negate", "Abs", "Equal",
    "NotEqual", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Not", "IsNull", "IsNotNull", "IsTrue",
    "IsNotTrue", "IsFalse", "IsNotFalse", "Like", "In", "Case", "Coalesce", "NullIf", "Cast", "TryCast", "Upper",
    "Lower", "CharLength", "Substring", "Trim", "Concat", "Floor", "Ceil", "Round", "Power", "Sqrt", "ToTimestamp",
    "ToTimestampLtz", "Extract", "DateFormat", "Greatest", "Least", "Sign", "FloorTime", "CeilTime"};

std::string textOf(const Expression& expression)
{
    if (expression.kind == Expression::Kind::Column)
        return "$" + std::to_string(expression.column);
    if (expression.kind == Expression::Kind::Constant)
        return std::visit(LiteralText{expression.type}, expression.literal);
    std::string text = std::string(functionTexts[static_cast<std::size_t>(expression.function)]) + "(";
    for (std::size_t i = 0; i < expression.arguments.size(); ++i)
        text += (i == 0 ? "" : ", ") + textOf(*expression.arguments[i]);
    return text + "):" + expression.type.text();
}

std::string listOf(const std::vector<ExpressionPtr>& expressions)
{
    std::string text;
    for (const ExpressionPtr& expression : expressions)
        text += (text.empty() ? "" : ", ") + textOf(*expression);
    return "[" + text + "]";
}

std::string callText(const AggregateCall& call)
{
    static constexpr const char* names[] = {"COUNT", "SUM", "AVG", "MIN", "MAX"};
    return std::string(names[static_cast<std::size_t>(call.kind)]) + "("
        + (call.argument ? textOf(*call.argument) : std::string("*")) + ")"
        + (call.filter ? " FILTER " + textOf(*call.filter) : std::string());
}

struct StepText
{
    std::string operator()(const ScanNode& scan) const
    {
        std::string columns;
        for (const std::size_t index : scan.columns)
            columns += (columns.empty() ? "" : ", ") + scan.table->columns[index].name;
        return "Scan " + scan.table->name + " [" + columns + "]"
            + (scan.watermark ? " watermark " + textOf(*scan.watermark) : std::string());
    }
    std::string operator()(const FilterNode& filter) const { return "Filter " + textOf(*filter.predicate); }
    std::string operator()(const WindowNode& window) const
    {
        return "Tumble $" + std::to_string(window.timeColumn) + " size " + std::to_string(window.sizeMs) + " offset "
            + std::to_string(window.offsetMs);
    }
    std::string operator()(const WindowAggregateNode& node) const
    {
        std::string calls;
        for (const AggregateCall& call : node.calls)
            calls += (calls.empty() ? "" : ", ") + callText(call);
        return "WindowAggregate keys " + listOf(node.keys) + " calls [" + calls + "]";
    }
    std::string operator()(const ProjectNode& project) const { return "Project " + listOf(project.expressions); }
};

} // namespace

const PlanNode* inputOf(const PlanNode& node)
{
    return std::visit(
        [](const auto& step) -> const PlanNode* {
            if constexpr (requires { step.input; })
                return step.input.get();
            else
                return nullptr;
        },
        node.step);
}

std::string describe(const QueryPlan& plan)
{
    std::string text;
    std::string indent;
    for (const PlanNode* node = plan.root.get(); node; node = inputOf(*node)) {
        text += indent + std::visit(StepText{}, node->step) + "\n";
        indent += "  ";
    }
    return text;
}

} // namespace weir::sql
