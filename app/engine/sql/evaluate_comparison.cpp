// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_math.h"
#include "app/engine/sql/evaluation.h"

namespace weir::sql {

namespace {

template <typename T, typename Compare>
void compareValues(
    Column& result, const Arguments& arguments, const Selection& rows, const Evaluation& run, Compare compare)
{
    const auto& left = arguments[0]->values<T>();
    const auto& right = arguments[1]->values<T>();
    auto& out = result.values<std::uint8_t>();
    run.each(rows, [&](std::uint32_t row) { out[row] = compare(left[row], right[row]) ? 1 : 0; });
}

template <typename T>
void compareAs(
    const Expression& call, Column& result, const Arguments& arguments, const Selection& rows, const Evaluation& run)
{
    switch (call.function) {
    case Function::Equal:
        return compareValues<T>(result, arguments, rows, run, [](const T& a, const T& b) { return a == b; });
    case Function::NotEqual:
        return compareValues<T>(result, arguments, rows, run, [](const T& a, const T& b) { return a != b; });
    case Function::Less:
        return compareValues<T>(result, arguments, rows, run, [](const T& a, const T& b) { return a < b; });
    case Function::LessOrEqual:
        return compareValues<T>(result, arguments, rows, run, [](const T& a, const T& b) { return a <= b; });
    case Function::Greater:
        return compareValues<T>(result, arguments, rows, run, [](const T& a, const T& b) { return a > b; });
    default:
        return compareValues<T>(result, arguments, rows, run, [](const T& a, const T& b) { return a >= b; });
    }
}

/// Decimals keep their own scales: a common one could cost digits.
void compareDecimalColumns(
    const Expression& call, Column& result, const Arguments& arguments, const Selection& rows, const Evaluation& run)
{
    const int leftScale = arguments[0]->type().scale;
    const int rightScale = arguments[1]->type().scale;
    const auto& left = arguments[0]->values<Int128>();
    const auto& right = arguments[1]->values<Int128>();
    Column order(types::bigInt(), run.rowCount());
    auto& orders = order.values<std::int64_t>();
    run.each(rows, [&](std::uint32_t row) {
        if (!result.isNull(row))
            orders[row] = compareDecimals({left[row], leftScale}, {right[row], rightScale});
    });
    const Column zero(types::bigInt(), run.rowCount());
    compareAs<std::int64_t>(call, result, {&order, &zero}, rows, run);
}

/// Row by row, the argument that holds the largest (or smallest) value is copied.
template <typename T>
void chooseExtremes(
    const Expression& call, Column& result, const Arguments& arguments, const Selection& rows, const Evaluation& run)
{
    const bool greatest = call.function == Function::Greatest;
    run.each(rows, [&](std::uint32_t row) {
        if (result.isNull(row))
            return;
        const Column* best = arguments.front();
        for (const Column* argument : arguments) {
            const T& value = argument->values<T>()[row];
            const T& held = best->values<T>()[row];
            if (greatest ? value > held : value < held)
                best = argument;
        }
        copyValue(*best, result, row);
    });
}

} // namespace

Column evaluateExtreme(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    switch (physicalTypeOf(call.type)) {
    case PhysicalType::Bool:
        chooseExtremes<std::uint8_t>(call, result, arguments, rows, run);
        break;
    case PhysicalType::Int64:
        chooseExtremes<std::int64_t>(call, result, arguments, rows, run);
        break;
    case PhysicalType::Float32:
        chooseExtremes<float>(call, result, arguments, rows, run);
        break;
    case PhysicalType::Float64:
        chooseExtremes<double>(call, result, arguments, rows, run);
        break;
    case PhysicalType::Int128:
        chooseExtremes<Int128>(call, result, arguments, rows, run);
        break;
    case PhysicalType::Timestamp:
        chooseExtremes<Timestamp>(call, result, arguments, rows, run);
        break;
    case PhysicalType::String:
        chooseExtremes<std::string_view>(call, result, arguments, rows, run);
        break;
    }
    return result;
}

Column evaluateComparison(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    switch (physicalTypeOf(arguments[0]->type())) {
    case PhysicalType::Bool:
        compareAs<std::uint8_t>(call, result, arguments, rows, run);
        break;
    case PhysicalType::Int64:
        compareAs<std::int64_t>(call, result, arguments, rows, run);
        break;
    case PhysicalType::Float32:
        compareAs<float>(call, result, arguments, rows, run);
        break;
    case PhysicalType::Float64:
        compareAs<double>(call, result, arguments, rows, run);
        break;
    case PhysicalType::Int128:
        if (arguments[0]->type().scale == arguments[1]->type().scale)
            compareAs<Int128>(call, result, arguments, rows, run);
        else
            compareDecimalColumns(call, result, arguments, rows, run);
        break;
    case PhysicalType::Timestamp:
        compareAs<Timestamp>(call, result, arguments, rows, run);
        break;
    case PhysicalType::String:
        compareAs<std::string_view>(call, result, arguments, rows, run);
        break;
    }
    return result;
}

} // namespace weir::sql
