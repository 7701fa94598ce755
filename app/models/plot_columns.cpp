// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/plot_columns.h"

#include "app/models/cell_text.h"

#include <algorithm>

namespace weir {

namespace {

/// For each output column whether it is made of what the rows are grouped by, and of nothing else.
using Keys = std::vector<bool>;

Keys keysOf(const sql::PlanNode& node);

/// Whether an expression names at least one column, and only keys.
bool isKey(const sql::Expression& expression, const Keys& input)
{
    if (expression.kind == sql::Expression::Kind::Column)
        return expression.column < input.size() && input[expression.column];
    bool any = false;
    for (const sql::ExpressionPtr& argument : expression.arguments) {
        if (argument->kind == sql::Expression::Kind::Constant)
            continue;
        if (!isKey(*argument, input))
            return false;
        any = true;
    }
    return any;
}

Keys project(const sql::ProjectNode& node)
{
    const Keys input = keysOf(*node.input);
    Keys keys;
    for (const sql::ExpressionPtr& expression : node.expressions)
        keys.push_back(isKey(*expression, input));
    return keys;
}

Keys join(const sql::WindowJoinNode& node)
{
    Keys keys = keysOf(*node.left);
    const Keys right = keysOf(*node.right);
    keys.insert(keys.end(), right.begin(), right.end());
    return keys;
}

Keys keysOf(const sql::PlanNode& node)
{
    constexpr std::size_t bounds = 3; // window_start, window_end, window_time
    Keys keys;
    if (const auto* aggregate = std::get_if<sql::WindowAggregateNode>(&node.step)) {
        keys.assign(bounds, false);
        keys.insert(keys.end(), aggregate->keys.size(), true);
    } else if (const auto* step = std::get_if<sql::ProjectNode>(&node.step)) {
        keys = project(*step);
    } else if (const auto* filter = std::get_if<sql::FilterNode>(&node.step)) {
        keys = keysOf(*filter->input);
    } else if (const auto* top = std::get_if<sql::WindowTopNNode>(&node.step)) {
        keys = keysOf(*top->input);
        keys.push_back(true); // the rank
    } else if (const auto* both = std::get_if<sql::WindowJoinNode>(&node.step)) {
        keys = join(*both);
    }
    keys.resize(node.schema.size(), false);
    return keys;
}

} // namespace

QueryPlotColumns plotColumns(const sql::QueryPlan& plan, const QString& wanted)
{
    QueryPlotColumns columns;
    columns.time = plan.windowStartColumn;
    const Schema& schema = plan.root->schema;
    Keys keys = keysOf(*plan.root);
    if (std::none_of(keys.begin(), keys.end(), [](bool key) { return key; })) {
        for (std::size_t i = 0; i < schema.size(); ++i)
            keys[i] = schema[i].type.isString();
    }
    for (std::size_t i = 0; i < schema.size(); ++i) {
        const int index = static_cast<int>(i);
        if (keys[i])
            columns.keys.push_back(index);
        else if (isPlottable(schema[i].type))
            columns.values.push_back(index);
    }
    for (const int index : columns.values) {
        const bool isWanted = QString::fromStdString(schema[static_cast<std::size_t>(index)].name) == wanted;
        if (columns.time >= 0 && (columns.value < 0 || wanted.isEmpty() || isWanted))
            columns.value = index;
    }
    return columns;
}

} // namespace weir
