// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/stage_factory.h"

#include "app/engine/window/group_aggregation.h"
#include "app/engine/window/grouping_rows.h"
#include "app/engine/window/interval_join_operator.h"
#include "app/engine/window/over_operator.h"
#include "app/engine/window/session_operator.h"
#include "app/engine/window/top_n_operator.h"
#include "app/engine/window/window_join_operator.h"
#include "app/engine/window/window_rows.h"

#include <algorithm>
#include <numeric>

namespace weir::query {

namespace {

constexpr std::int64_t mostWindowsPerRow = 1'000'000;

Error unsupported(const std::string& what)
{
    return {ErrorKind::Unsupported, what, {}};
}

std::size_t addOperand(Operands& operands, const sql::ExpressionPtr& expression, const std::string& name)
{
    operands.expressions.push_back(expression);
    operands.schema.push_back({name, expression->type});
    return operands.expressions.size() - 1;
}

void addColumns(Operands& operands, const Schema& schema, const std::vector<std::size_t>& columns)
{
    for (const std::size_t column : columns)
        addOperand(operands, sql::columnReference(column, schema[column].type), schema[column].name);
}

void addKeys(Operands& operands, const std::vector<sql::ExpressionPtr>& keys, const std::vector<std::string>& names)
{
    for (std::size_t i = 0; i < keys.size(); ++i)
        operands.keys.push_back(addOperand(operands, keys[i], i < names.size() ? names[i] : std::string()));
}

void addCalls(Operands& operands, const std::vector<sql::AggregateCall>& calls)
{
    for (const sql::AggregateCall& call : calls) {
        window::CallColumns columns{call.spec, -1, -1};
        if (call.argument)
            columns.argument = static_cast<int>(addOperand(operands, call.argument, "argument"));
        if (call.filter)
            columns.filter = static_cast<int>(addOperand(operands, call.filter, "filter"));
        operands.calls.push_back(std::move(columns));
    }
}

window::KeyColumns keyColumns(const Schema& schema, const std::vector<std::size_t>& columns)
{
    window::KeyColumns keys{{}, columns};
    for (const std::size_t column : columns)
        keys.types.push_back(schema[column].type);
    return keys;
}

/// The keys of a window aggregation's operands; with grouping sets the number of the set is one more.
window::KeyColumns aggregationKeys(const sql::WindowAggregateNode& node, const Operands& operands)
{
    window::KeyColumns keys = keyColumns(operands.schema, operands.keys);
    if (node.groupingSets.empty())
        return keys;
    keys.types.push_back(types::bigInt());
    keys.columns.push_back(operands.schema.size());
    return keys;
}

Schema givenBy(const sql::WindowAggregateNode& node, const Schema& schema)
{
    Schema given = schema;
    if (!node.groupingSets.empty())
        std::rotate(given.begin() + 3 + std::ptrdiff_t(node.keys.size()), given.end() - 1, given.end());
    return given;
}

template <typename Make>
StageProgram stageOf(const char* name, const Schema& schema, Make make)
{
    StageProgram stage;
    stage.name = name;
    stage.make = std::move(make);
    stage.given = schema;
    stage.output = schema;
    return stage;
}

template <typename Node>
window::JoinSpec joinSpec(const Node& node, const sql::EvaluationContext& context)
{
    window::JoinSpec spec;
    spec.kind = node.kind;
    spec.condition = node.condition;
    spec.left = node.left->schema;
    spec.right = node.right->schema;
    spec.context = context;
    for (const sql::JoinKey& key : node.keys) {
        spec.keyTypes.push_back(spec.left[key.left].type);
        spec.leftKeys.push_back(key.left);
        spec.rightKeys.push_back(key.right);
    }
    return spec;
}

void shareJoinKeys(StageProgram& stage, const window::JoinSpec& spec)
{
    stage.exchangeKeys = {spec.leftKeys, spec.rightKeys};
    stage.multiplies = true;
}

} // namespace

Operands windowOperands(const sql::WindowAggregateNode& node, const std::vector<std::size_t>& first)
{
    Operands operands;
    addColumns(operands, node.input->schema, first);
    addKeys(operands, node.keys, node.keyNames);
    addCalls(operands, node.calls);
    return operands;
}

Operands groupOperands(const sql::GroupAggregateNode& node)
{
    Operands operands;
    addKeys(operands, node.keys, node.keyNames);
    addCalls(operands, node.calls);
    return operands;
}

Operands overOperands(const sql::OverNode& node)
{
    Operands operands;
    std::vector<std::size_t> all(node.input->schema.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    addColumns(operands, node.input->schema, all);
    operands.keys = node.partition;
    addCalls(operands, node.calls);
    return operands;
}

Result<void> checkAggregates(const std::vector<sql::AggregateCall>& calls)
{
    for (const sql::AggregateCall& call : calls) {
        if (!aggregate::canAggregate(call.spec))
            return unsupported("An aggregate over " + call.spec.argument.text() + " is not supported yet");
    }
    return {};
}

Result<void> checkWindowCount(const sql::WindowNode& node)
{
    if (node.stepMs <= 0 || node.sizeMs / node.stepMs <= mostWindowsPerRow)
        return {};
    return unsupported("Each row would lie in " + std::to_string(node.sizeMs / node.stepMs) + " windows; at most "
        + std::to_string(mostWindowsPerRow) + " are offered. Take a longer slide or step");
}

window::SliceAssigner slicesOf(const sql::WindowNode& node)
{
    if (node.kind == sql::WindowKind::Hop)
        return window::SliceAssigner::hop(node.sizeMs, node.stepMs, node.offsetMs);
    if (node.kind == sql::WindowKind::Cumulate)
        return window::SliceAssigner::cumulate(node.sizeMs, node.stepMs, node.offsetMs, node.emitOnlyOnUpdate);
    return window::SliceAssigner::tumble(node.sizeMs, node.offsetMs);
}

Aggregation sliceAggregation(const sql::WindowAggregateNode& node, const WindowedChain& chain,
    const window::WindowZone& zone, const Schema& schema)
{
    Aggregation aggregation{
        slicesOf(*chain.window), chain.timeColumn, node.keys, {}, {}, node.groupingSets, nullptr, schema, zone, false};
    auto spec = std::make_shared<window::SliceSpec>();
    for (const sql::ExpressionPtr& key : node.keys)
        spec->keys.push_back(node.groupingSets.empty() ? key->type : key->type.asNullable());
    if (!node.groupingSets.empty())
        spec->keys.push_back(types::bigInt().notNull());
    for (const sql::AggregateCall& call : node.calls) {
        spec->aggregates.push_back(call.spec);
        aggregation.arguments.push_back(call.argument);
        aggregation.filters.push_back(call.filter);
        aggregation.orderMatters |= aggregate::dependsOnOrder(call.spec);
    }
    aggregation.spec = std::move(spec);
    return aggregation;
}

StageProgram windowRowsStage(const sql::WindowNode& node, const window::WindowZone& zone, const Schema& schema)
{
    if (node.kind != sql::WindowKind::Session) {
        return stageOf("window", schema, [slices = slicesOf(node), time = node.timeColumn, zone] {
            return std::make_unique<window::WindowRows>(slices, time, zone);
        });
    }
    const Schema& input = node.input->schema;
    StageProgram stage = stageOf("session", schema,
        [keys = keyColumns(input, node.partition), rule = window::SessionRule{node.timeColumn, node.sizeMs, zone},
            input] { return std::make_unique<window::SessionRows>(keys, rule, input); });
    stage.exchangeKeys = {node.partition};
    return stage;
}

StageProgram chainStage(const sql::WindowAggregateNode& node, const WindowedChain& chain,
    const window::WindowZone& zone, const Operands& operands, const Schema& schema)
{
    const window::KeyColumns keys = aggregationKeys(node, operands);
    StageProgram stage;
    if (chain.window->kind == sql::WindowKind::Session) {
        stage = stageOf("session", schema,
            [keys, rule = window::SessionRule{0, chain.window->sizeMs, zone}, calls = operands.calls] {
                return std::make_unique<window::SessionAggregation>(keys, rule, calls);
            });
    } else {
        const window::RowWindows windows(slicesOf(*chain.window), 0, zone);
        stage = stageOf("window aggregation", schema, [windows, keys, calls = operands.calls] {
            return std::make_unique<window::WindowAggregation>(windows, keys, calls);
        });
    }
    stage.given = givenBy(node, schema);
    stage.exchangeKeys = {keys.columns};
    return stage;
}

StageProgram attachedStage(const sql::WindowAggregateNode& node, const window::WindowZone& zone,
    const Operands& operands, const Schema& schema)
{
    const window::KeyColumns keys = aggregationKeys(node, operands);
    const window::RowWindows windows(window::BoundColumns{0, 1}, zone);
    StageProgram stage = stageOf("window aggregation", schema, [windows, keys, calls = operands.calls] {
        return std::make_unique<window::WindowAggregation>(windows, keys, calls);
    });
    stage.given = givenBy(node, schema);
    stage.exchangeKeys = {keys.columns};
    return stage;
}

StageProgram groupStage(const sql::GroupAggregateNode&, const Operands& operands, const Schema& schema)
{
    const window::KeyColumns keys = keyColumns(operands.schema, operands.keys);
    StageProgram stage = stageOf("group aggregation", schema,
        [keys, calls = operands.calls] { return std::make_unique<window::GroupAggregation>(keys, calls); });
    stage.exchangeKeys = {keys.columns};
    return stage;
}

StageProgram overStage(const sql::OverNode& node, const Operands& operands, const Schema& schema)
{
    window::OverSpec spec;
    spec.keys = keyColumns(operands.schema, operands.keys);
    spec.timeColumn = node.timeColumn;
    spec.byRows = node.byRows;
    spec.preceding = node.preceding;
    spec.calls = operands.calls;
    spec.shownColumns = node.input->schema.size();
    StageProgram stage = stageOf("over", schema,
        [spec, input = operands.schema] { return std::make_unique<window::OverOperator>(spec, input); });
    stage.exchangeKeys = {operands.keys};
    return stage;
}

StageProgram topNStage(const sql::WindowTopNNode& node, const window::WindowZone& zone, const Schema& schema)
{
    window::TopNSpec spec;
    spec.keys = keyColumns(node.input->schema, node.partition);
    spec.bounds = {node.window.start, node.window.end};
    spec.zone = zone;
    for (const sql::SortKey& key : node.order)
        spec.order.push_back({key.column, key.descending, key.nullsFirst});
    spec.first = node.first;
    spec.last = node.last;
    spec.lastOfEquals = node.deduplicates && !node.order.empty() && node.order.front().descending;
    StageProgram stage = stageOf(node.deduplicates ? "deduplication" : "top-n", schema,
        [spec, input = node.input->schema] { return std::make_unique<window::TopNOperator>(spec, input); });
    stage.exchangeKeys = {node.partition};
    return stage;
}

StageProgram groupingSetsStage(const sql::WindowAggregateNode& node, const Operands& operands)
{
    Schema schema = operands.schema;
    for (const std::size_t key : operands.keys)
        schema[key].type = schema[key].type.asNullable();
    schema.push_back({"grouping", types::bigInt()});
    return stageOf("grouping sets", schema, [keys = operands.keys, sets = node.groupingSets] {
        return std::make_unique<window::GroupingRows>(keys, sets);
    });
}

ProjectStep groupingNumberLast(const sql::WindowAggregateNode& node, const Schema& given)
{
    ProjectStep step;
    const std::size_t number = 3 + node.keys.size();
    for (std::size_t i = 0; i <= given.size(); ++i) {
        if (i == number)
            continue;
        const std::size_t column = i == given.size() ? number : i;
        step.expressions.push_back(sql::columnReference(column, given[column].type));
        step.schema.push_back(given[column]);
    }
    return step;
}

StageProgram windowJoinStage(const sql::WindowJoinNode& node, const window::WindowZone& zone, const Schema& schema,
    const sql::EvaluationContext& context)
{
    const window::RowWindows left({node.leftWindow.start, node.leftWindow.end}, zone);
    const window::RowWindows right({node.rightWindow.start, node.rightWindow.end}, zone);
    const window::JoinSpec spec = joinSpec(node, context);
    StageProgram stage = stageOf("window join", schema,
        [spec, left, right] { return std::make_unique<window::WindowJoinOperator>(spec, left, right); });
    shareJoinKeys(stage, spec);
    return stage;
}

StageProgram intervalJoinStage(
    const sql::IntervalJoinNode& node, const Schema& schema, const sql::EvaluationContext& context)
{
    const window::JoinInterval interval{node.leftTime, node.rightTime, node.lowerMs, node.upperMs};
    const window::JoinSpec spec = joinSpec(node, context);
    StageProgram stage = stageOf("interval join", schema,
        [spec, interval] { return std::make_unique<window::IntervalJoinOperator>(spec, interval); });
    shareJoinKeys(stage, spec);
    return stage;
}

} // namespace weir::query
