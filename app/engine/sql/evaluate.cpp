// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/evaluate.h"

#include "app/engine/sql/evaluation.h"

#include <algorithm>

namespace weir::sql {

namespace {

template <typename T>
void fill(Column& column, const T& value)
{
    std::fill(column.values<T>().begin(), column.values<T>().end(), value);
}

/// Puts one constant into every row.
struct Fill
{
    Column& column;

    void operator()(std::monostate) const
    {
        for (std::size_t row = 0; row < column.size(); ++row)
            column.setNull(row);
    }
    void operator()(bool value) const { fill<std::uint8_t>(column, value ? 1 : 0); }
    void operator()(std::int64_t value) const { fill(column, value); }
    void operator()(float value) const { fill(column, value); }
    void operator()(double value) const { fill(column, value); }
    void operator()(Int128 value) const { fill(column, value); }
    void operator()(Timestamp value) const { fill(column, value); }
    void operator()(const std::string& value) const { fill(column, column.ownHeap().add(value)); }
};

/// Functions over nested values, over JSON and over text.
Column callTextKernel(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    switch (call.function) {
    case Function::Field:
    case Function::Item:
    case Function::Cardinality:
    case Function::Element:
    case Function::MakeRow:
    case Function::MakeArray:
    case Function::MakeMap:
    case Function::MapKeys:
    case Function::MapValues:
    case Function::ArrayContains:
        return evaluateNested(call, arguments, rows, run);
    case Function::JsonValue:
    case Function::JsonQuery:
    case Function::JsonExists:
    case Function::IsJson:
        return evaluateJson(call, arguments, rows, run);
    default:
        return evaluateText(call, arguments, rows, run);
    }
}

Column callKernel(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    switch (call.function) {
    case Function::Add:
    case Function::Subtract:
    case Function::Multiply:
    case Function::Divide:
    case Function::Modulo:
        return evaluateArithmetic(call, arguments, rows, run);
    case Function::Equal:
    case Function::NotEqual:
    case Function::Less:
    case Function::LessOrEqual:
    case Function::Greater:
    case Function::GreaterOrEqual:
        return evaluateComparison(call, arguments, rows, run);
    case Function::Greatest:
    case Function::Least:
        return evaluateExtreme(call, arguments, rows, run);
    case Function::Not:
    case Function::IsNull:
    case Function::IsNotNull:
    case Function::IsTrue:
    case Function::IsNotTrue:
    case Function::IsFalse:
    case Function::IsNotFalse:
        return evaluateTest(call, arguments, rows, run);
    case Function::Cast:
    case Function::TryCast:
        return evaluateCast(call, arguments, rows, run);
    case Function::ToTimestamp:
    case Function::ToTimestampLtz:
    case Function::Extract:
    case Function::DateFormat:
    case Function::FloorTime:
    case Function::CeilTime:
    case Function::TimestampDiff:
        return evaluateTime(call, arguments, rows, run);
    case Function::Negate:
    case Function::Abs:
    case Function::Sign:
    case Function::Floor:
    case Function::Ceil:
    case Function::Round:
    case Function::Truncate:
    case Function::Power:
    case Function::Sqrt:
        return evaluateNumber(call, arguments, rows, run);
    default:
        return callTextKernel(call, arguments, rows, run);
    }
}

bool isLazy(Function function)
{
    return function == Function::And || function == Function::Or || function == Function::Case
        || function == Function::Coalesce;
}

} // namespace

Column Evaluation::constant(const Expression& expression) const
{
    Column column(expression.type, m_batch.rowCount);
    std::visit(Fill{column}, expression.literal);
    return column;
}

const Column& Evaluation::column(const Expression& expression, const Selection& rows)
{
    if (expression.kind == Expression::Kind::Column)
        return m_batch.columns[expression.column];
    return m_computed.emplace_back(compute(expression, rows));
}

Column Evaluation::compute(const Expression& expression, const Selection& rows)
{
    if (expression.kind == Expression::Kind::Constant)
        return constant(expression);
    if (expression.function == Function::And || expression.function == Function::Or)
        return evaluateLogic(expression, rows, *this);
    if (isLazy(expression.function))
        return evaluateChoice(expression, rows, *this);
    Arguments arguments;
    for (const ExpressionPtr& argument : expression.arguments)
        arguments.push_back(&column(*argument, rows));
    return callKernel(expression, arguments, rows, *this);
}

Column Evaluation::resultFor(
    const Expression& call, const std::vector<const Column*>& arguments, const Selection& rows) const
{
    Column result(call.type, m_batch.rowCount);
    for (const Column* argument : arguments) {
        if (argument->validity().allValid())
            continue;
        each(rows, [&](std::uint32_t row) {
            if (argument->isNull(row))
                result.setNull(row);
        });
    }
    return result;
}

void copyValue(const Column& from, Column& to, std::uint32_t row)
{
    if (from.isNull(row)) {
        to.setNull(row);
        return;
    }
    switch (physicalTypeOf(to.type())) {
    case PhysicalType::Bool:
        to.values<std::uint8_t>()[row] = from.values<std::uint8_t>()[row];
        break;
    case PhysicalType::Int64:
        to.values<std::int64_t>()[row] = from.values<std::int64_t>()[row];
        break;
    case PhysicalType::Float32:
        to.values<float>()[row] = from.values<float>()[row];
        break;
    case PhysicalType::Float64:
        to.values<double>()[row] = from.values<double>()[row];
        break;
    case PhysicalType::Int128:
        to.values<Int128>()[row] = from.values<Int128>()[row];
        break;
    case PhysicalType::Timestamp:
        to.values<Timestamp>()[row] = from.values<Timestamp>()[row];
        break;
    case PhysicalType::String:
        to.values<std::string_view>()[row] = to.ownHeap().add(from.values<std::string_view>()[row]);
        break;
    }
}

Evaluated evaluate(const Expression& expression, const EventBatch& batch, const EvaluationContext& context)
{
    Evaluation run(batch, context);
    Evaluated evaluated;
    evaluated.column = run.column(expression, batch.selection);
    evaluated.failure = run.failure();
    return evaluated;
}

std::optional<EvaluationFailure> applyFilter(
    const Expression& predicate, EventBatch& batch, const EvaluationContext& context)
{
    Evaluation run(batch, context);
    const Column& matches = run.column(predicate, batch.selection);
    const auto& values = matches.values<std::uint8_t>();
    std::vector<std::uint32_t> rows;
    rows.reserve(batch.selectedCount());
    batch.forEachSelected([&](std::uint32_t row) {
        if (values[row] != 0 && !matches.isNull(row))
            rows.push_back(row);
    });
    if (rows.size() != batch.rowCount || !batch.selection.all) {
        batch.selection.all = false;
        batch.selection.rows = std::move(rows);
    }
    return run.failure();
}

} // namespace weir::sql
