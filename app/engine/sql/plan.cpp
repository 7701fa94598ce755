// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/plan.h"

#include "app/engine/event/decimal_text.h"
#include "app/engine/event/timestamp_text.h"

#include <iterator>

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
    "ToTimestampLtz", "Extract", "DateFormat", "Greatest", "Least", "Sign", "FloorTime", "CeilTime", "TimestampDiff",
    "Truncate", "ConcatWs", "Replace", "Position", "Left", "Right", "Repeat", "LeftPad", "RightPad", "Reverse",
    "InitCap", "TrimLeading", "TrimTrailing", "Similar", "RegexpMatches", "RegexpExtract", "RegexpReplace",
    "SplitIndex", "Digest", "Field", "Item", "Cardinality", "Element", "MakeRow", "MakeArray", "MakeMap", "MapKeys",
    "MapValues", "ArrayContains", "JsonValue", "JsonQuery", "JsonExists", "IsJson"};
static_assert(std::size(functionTexts) == static_cast<std::size_t>(Function::IsJson) + 1);

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
    return std::string(aggregate::nameOf(call.spec.function)) + (call.spec.distinct ? "(DISTINCT " : "(")
        + (call.argument ? textOf(*call.argument) : std::string("*")) + ")"
        + (call.filter ? " FILTER " + textOf(*call.filter) : std::string());
}

std::string callsText(const std::vector<AggregateCall>& calls)
{
    std::string text;
    for (const AggregateCall& call : calls)
        text += (text.empty() ? "" : ", ") + callText(call);
    return " calls [" + text + "]";
}

std::string columnsText(const std::vector<std::size_t>& columns)
{
    std::string text;
    for (const std::size_t column : columns)
        text += (text.empty() ? "$" : ", $") + std::to_string(column);
    return "[" + text + "]";
}

std::string joinText(JoinKind kind, const std::vector<JoinKey>& keys, const ExpressionPtr& condition)
{
    static constexpr const char* names[] = {"Inner", "Left", "Right", "Full", "Semi", "Anti"};
    std::string text = std::string(names[static_cast<std::size_t>(kind)]) + " keys [";
    for (std::size_t i = 0; i < keys.size(); ++i)
        text += (i == 0 ? "$" : ", $") + std::to_string(keys[i].left) + " = $" + std::to_string(keys[i].right);
    return text + "]" + (condition ? " and " + textOf(*condition) : std::string());
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
        static constexpr const char* names[] = {"Tumble", "Hop", "Cumulate", "Session"};
        return std::string(names[static_cast<std::size_t>(window.kind)]) + " $" + std::to_string(window.timeColumn)
            + " size " + std::to_string(window.sizeMs)
            + (window.stepMs > 0 ? " step " + std::to_string(window.stepMs) : std::string()) + " offset "
            + std::to_string(window.offsetMs) + (window.emitOnlyOnUpdate ? " on update" : "")
            + (window.partition.empty() ? std::string() : " by " + columnsText(window.partition));
    }
    std::string operator()(const WindowAggregateNode& node) const
    {
        std::string sets;
        for (const std::vector<std::size_t>& set : node.groupingSets)
            sets += " set " + columnsText(set);
        return "WindowAggregate keys " + listOf(node.keys) + sets + callsText(node.calls);
    }
    std::string operator()(const GroupAggregateNode& node) const
    {
        return "GroupAggregate keys " + listOf(node.keys) + callsText(node.calls);
    }
    std::string operator()(const WindowTopNNode& node) const
    {
        std::string order;
        for (const SortKey& key : node.order)
            order += (order.empty() ? "$" : ", $") + std::to_string(key.column) + (key.descending ? " DESC" : "");
        return std::string(node.deduplicates ? "WindowDeduplicate" : "WindowTopN") + " by "
            + columnsText(node.partition) + " order [" + order + "] rows " + std::to_string(node.first) + " to "
            + std::to_string(node.last);
    }
    std::string operator()(const WindowJoinNode& node) const
    {
        return "WindowJoin " + joinText(node.kind, node.keys, node.condition);
    }
    std::string operator()(const IntervalJoinNode& node) const
    {
        return "IntervalJoin " + joinText(node.kind, node.keys, node.condition) + " within "
            + std::to_string(node.lowerMs) + " to " + std::to_string(node.upperMs);
    }
    std::string operator()(const OverNode& node) const
    {
        return "Over by " + columnsText(node.partition) + " time $" + std::to_string(node.timeColumn)
            + (node.byRows ? " rows " : " range ") + std::to_string(node.preceding) + callsText(node.calls);
    }
    std::string operator()(const ProjectNode& project) const { return "Project " + listOf(project.expressions); }
};

void describe(const PlanNode& node, const std::string& indent, std::string& text)
{
    text += indent + std::visit(StepText{}, node.step) + "\n";
    for (const PlanPtr& input : inputsOf(node))
        describe(*input, indent + "  ", text);
}

} // namespace

std::vector<PlanPtr> inputsOf(const PlanNode& node)
{
    return std::visit(
        [](const auto& step) -> std::vector<PlanPtr> {
            if constexpr (requires { step.input; })
                return {step.input};
            else if constexpr (requires { step.left; })
                return {step.left, step.right};
            else
                return {};
        },
        node.step);
}

std::string describe(const QueryPlan& plan)
{
    std::string text;
    describe(*plan.root, {}, text);
    return text;
}

} // namespace weir::sql
