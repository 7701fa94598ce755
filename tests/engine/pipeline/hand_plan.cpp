// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/pipeline/hand_plan.h"

#include "app/engine/sql/script.h"

#include <cstdio>
#include <cstdlib>

namespace weir::plans {

namespace {

template <typename Step>
sql::PlanPtr node(Step step, Schema schema)
{
    return std::make_shared<const sql::PlanNode>(sql::PlanNode{std::move(step), std::move(schema)});
}

std::string seconds(std::int64_t millis)
{
    const std::string digits = std::to_string(1000 + millis % 1000);
    return "INTERVAL '" + std::to_string(millis / 1000) + "." + digits.substr(1) + "' SECOND";
}

sql::WindowColumns boundsOf(const Schema& schema)
{
    return {at(schema, "window_start"), at(schema, "window_end"), at(schema, "window_time")};
}

void addBounds(Schema& schema)
{
    schema.push_back({"window_start", types::timestampLtz(3)});
    schema.push_back({"window_end", types::timestampLtz(3)});
    schema.push_back({"window_time", types::timestampLtz(3)});
}

void addKeysAndCalls(Schema& schema, const Schema& input, const std::vector<std::size_t>& keys)
{
    for (const std::size_t key : keys)
        schema.push_back(input[key]);
    schema.push_back({"n", types::bigInt()});
    schema.push_back({"s", types::bigInt()});
    schema.push_back({"lo", types::bigInt()});
    schema.push_back({"hi", types::bigInt()});
}

template <typename Node>
void takeKeys(Node& node, const Schema& input, const std::vector<std::size_t>& keys)
{
    for (const std::size_t key : keys) {
        node.keys.push_back(sql::columnReference(key, input[key].type));
        node.keyNames.push_back(input[key].name);
    }
}

Schema joined(const sql::PlanPtr& left, const sql::PlanPtr& right, sql::JoinKind kind)
{
    Schema schema = left->schema;
    if (kind != sql::JoinKind::Semi && kind != sql::JoinKind::Anti)
        schema.insert(schema.end(), right->schema.begin(), right->schema.end());
    for (RowField& field : schema)
        field.type = field.type.asNullable();
    return schema;
}

} // namespace

std::size_t at(const Schema& schema, const std::string& name)
{
    for (std::size_t i = 0; i < schema.size(); ++i) {
        if (schema[i].name == name)
            return i;
    }
    std::fprintf(stderr, "no column %s\n", name.c_str());
    std::abort();
}

sql::PlanPtr table(const std::string& name, std::int64_t delayMs, const std::string& options)
{
    const sql::Script script = sql::compileScript("CREATE TABLE " + name
        + " (k STRING, v BIGINT, t BIGINT, ts AS TO_TIMESTAMP_LTZ(t, 3), WATERMARK FOR ts AS ts - " + seconds(delayMs)
        + ") WITH ('connector' = 'kafka', 'topic' = '" + name
        + "', 'properties.bootstrap.servers' = 'localhost:1', 'scan.startup.mode' = 'earliest-offset', 'format' = "
          "'json'"
        + options + ");\nSELECT k, v, ts FROM " + name + ";");
    if (script.queries.size() != 1) {
        std::fprintf(stderr, "%s\n", describe(script.diagnostics.at(0)).c_str());
        std::abort();
    }
    return script.queries[0].root;
}

sql::PlanPtr windowed(sql::PlanPtr input, std::size_t timeColumn, const Window& window)
{
    Schema schema = input->schema;
    addBounds(schema);
    sql::WindowNode step;
    step.input = std::move(input);
    step.kind = window.kind;
    step.timeColumn = timeColumn;
    step.sizeMs = window.size;
    step.stepMs = window.step;
    step.offsetMs = window.offset;
    step.partition = window.partition;
    return node(std::move(step), std::move(schema));
}

std::vector<sql::AggregateCall> calls(const Schema& schema, std::size_t value)
{
    using aggregate::AggregateFunction;
    const LogicalType type = schema[value].type;
    const sql::ExpressionPtr argument = sql::columnReference(value, type);
    const auto spec = [](AggregateFunction function, const LogicalType& of) {
        aggregate::AggregateSpec made;
        made.function = function;
        made.argument = of;
        made.result = types::bigInt();
        return made;
    };
    return {{spec(AggregateFunction::Count, {}), nullptr, nullptr},
        {spec(AggregateFunction::Sum, type), argument, nullptr},
        {spec(AggregateFunction::Min, type), argument, nullptr},
        {spec(AggregateFunction::Max, type), argument, nullptr}};
}

sql::PlanPtr aggregated(sql::PlanPtr input, const std::vector<std::size_t>& keys, std::size_t value)
{
    Schema schema;
    addBounds(schema);
    addKeysAndCalls(schema, input->schema, keys);
    sql::WindowAggregateNode step;
    step.window = boundsOf(input->schema);
    takeKeys(step, input->schema, keys);
    step.calls = calls(input->schema, value);
    step.input = std::move(input);
    return node(std::move(step), std::move(schema));
}

sql::PlanPtr updating(sql::PlanPtr input, const std::vector<std::size_t>& keys, std::size_t value)
{
    Schema schema;
    addKeysAndCalls(schema, input->schema, keys);
    sql::GroupAggregateNode step;
    takeKeys(step, input->schema, keys);
    step.calls = calls(input->schema, value);
    step.input = std::move(input);
    return node(std::move(step), std::move(schema));
}

sql::PlanPtr topN(sql::PlanPtr input, sql::WindowTopNNode step)
{
    Schema schema = input->schema;
    schema.push_back({"rn", types::bigInt().notNull()});
    step.window = boundsOf(input->schema);
    step.input = std::move(input);
    return node(std::move(step), std::move(schema));
}

sql::PlanPtr over(sql::PlanPtr input, sql::OverNode step)
{
    Schema schema = input->schema;
    addKeysAndCalls(schema, input->schema, {});
    step.calls = calls(input->schema, at(input->schema, "v"));
    step.timeColumn = at(input->schema, "ts");
    step.input = std::move(input);
    return node(std::move(step), std::move(schema));
}

sql::PlanPtr windowJoin(sql::PlanPtr left, sql::PlanPtr right, sql::WindowJoinNode step)
{
    Schema schema = joined(left, right, step.kind);
    step.leftWindow = boundsOf(left->schema);
    step.rightWindow = boundsOf(right->schema);
    step.left = std::move(left);
    step.right = std::move(right);
    return node(std::move(step), std::move(schema));
}

sql::PlanPtr intervalJoin(sql::PlanPtr left, sql::PlanPtr right, sql::IntervalJoinNode step)
{
    Schema schema = joined(left, right, step.kind);
    step.leftTime = at(left->schema, "ts");
    step.rightTime = at(right->schema, "ts");
    step.left = std::move(left);
    step.right = std::move(right);
    return node(std::move(step), std::move(schema));
}

sql::PlanPtr filtered(sql::PlanPtr input, sql::ExpressionPtr predicate)
{
    Schema schema = input->schema;
    return node(sql::FilterNode{std::move(input), std::move(predicate)}, std::move(schema));
}

sql::ExpressionPtr below(const Schema& schema, std::size_t column, std::int64_t value)
{
    return sql::callOf(sql::Function::Less, types::boolean(),
        {sql::columnReference(column, schema[column].type), sql::literalOf(value, types::bigInt())});
}

sql::QueryPlan plan(sql::PlanPtr root)
{
    sql::QueryPlan made;
    made.root = std::move(root);
    made.span.line = 1;
    return made;
}

} // namespace weir::plans
