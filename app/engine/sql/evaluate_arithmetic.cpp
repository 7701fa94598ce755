// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_math.h"
#include "app/engine/event/timestamp_text.h"
#include "app/engine/sql/evaluation.h"

#include <cmath>

namespace weir::sql {

namespace {

constexpr std::int64_t dayMs = 86'400'000;

/// Java's integer arithmetic: it wraps. The caller has seen to it that nothing is divided by zero.
std::int64_t integerResult(Function function, std::int64_t a, std::int64_t b)
{
    const auto x = static_cast<std::uint64_t>(a);
    const auto y = static_cast<std::uint64_t>(b);
    switch (function) {
    case Function::Add:
        return static_cast<std::int64_t>(x + y);
    case Function::Subtract:
        return static_cast<std::int64_t>(x - y);
    case Function::Multiply:
        return static_cast<std::int64_t>(x * y);
    case Function::Divide:
        return b == -1 ? static_cast<std::int64_t>(-x) : a / b;
    default:
        return b == -1 ? 0 : a % b;
    }
}

void integers(
    const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run, Column& result)
{
    const auto& left = arguments[0]->values<std::int64_t>();
    const auto& right = arguments[1]->values<std::int64_t>();
    auto& out = result.values<std::int64_t>();
    const bool divides = call.function == Function::Divide || call.function == Function::Modulo;
    run.each(rows, [&](std::uint32_t row) {
        if (divides && right[row] == 0) {
            if (!result.isNull(row))
                run.fail(row, "/ by zero");
            result.setNull(row);
            return;
        }
        out[row] = wrapped(call.type.kind, integerResult(call.function, left[row], right[row]));
    });
}

template <typename T>
void reals(
    const Expression& call, const Arguments& arguments, const Selection& rows, const Evaluation& run, Column& result)
{
    const auto& left = arguments[0]->values<T>();
    const auto& right = arguments[1]->values<T>();
    auto& out = result.values<T>();
    run.each(rows, [&](std::uint32_t row) {
        switch (call.function) {
        case Function::Add:
            out[row] = left[row] + right[row];
            break;
        case Function::Subtract:
            out[row] = left[row] - right[row];
            break;
        case Function::Multiply:
            out[row] = left[row] * right[row];
            break;
        case Function::Divide:
            out[row] = left[row] / right[row];
            break;
        default:
            out[row] = std::fmod(left[row], right[row]);
        }
    });
}

std::optional<Int128> decimalResult(Function function, DecimalValue a, DecimalValue b, const LogicalType& type)
{
    switch (function) {
    case Function::Add:
        return addDecimals(a, b, type);
    case Function::Subtract:
        return addDecimals(a, {-b.unscaled, b.scale}, type);
    case Function::Multiply:
        return multiplyDecimals(a, b, type);
    case Function::Divide:
        return divideDecimals(a, b, type);
    default:
        return moduloDecimals(a, b, type);
    }
}

void decimals(
    const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run, Column& result)
{
    const auto& left = arguments[0]->values<Int128>();
    const auto& right = arguments[1]->values<Int128>();
    auto& out = result.values<Int128>();
    const int leftScale = arguments[0]->type().scale;
    const int rightScale = arguments[1]->type().scale;
    const bool divides = call.function == Function::Divide || call.function == Function::Modulo;
    run.each(rows, [&](std::uint32_t row) {
        if (result.isNull(row))
            return;
        if (divides && right[row] == 0) {
            run.fail(row, "Division by zero");
            result.setNull(row);
            return;
        }
        const auto value = decimalResult(call.function, {left[row], leftScale}, {right[row], rightScale}, call.type);
        if (value)
            out[row] = *value;
        else
            result.setNull(row);
    });
}

/// Months later, on the same day of the month or its last.
std::int64_t addMonths(std::int64_t days, std::int64_t months)
{
    CivilDate date = civilFromDays(days);
    const std::int64_t count = date.year * 12 + date.month - 1 + months;
    date.year = count >= 0 ? count / 12 : -((11 - count) / 12);
    date.month = static_cast<int>(count - date.year * 12) + 1;
    CivilDate next = date;
    next.day = 1;
    next.month = date.month == 12 ? 1 : date.month + 1;
    next.year = date.month == 12 ? date.year + 1 : date.year;
    CivilDate first = date;
    first.day = 1;
    const auto length = static_cast<int>(daysFromCivil(next) - daysFromCivil(first));
    date.day = std::min(date.day, length);
    return daysFromCivil(date);
}

std::int64_t floorDiv(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

std::int64_t shiftedMillis(std::int64_t millis, std::int64_t amount, bool months)
{
    if (!months)
        return millis + amount;
    const std::int64_t days = floorDiv(millis, dayMs);
    return addMonths(days, amount) * dayMs + (millis - days * dayMs);
}

void times(
    const Expression& call, const Arguments& arguments, const Selection& rows, const Evaluation& run, Column& result)
{
    const auto& amounts = arguments[1]->values<std::int64_t>();
    const bool months = arguments[1]->type().kind == TypeKind::IntervalYearMonth;
    const std::int64_t sign = call.function == Function::Add ? 1 : -1;
    const LogicalType& type = arguments[0]->type();
    if (type.isTimestamp()) {
        const auto& from = arguments[0]->values<Timestamp>();
        auto& out = result.values<Timestamp>();
        run.each(rows, [&](std::uint32_t row) {
            out[row] = {shiftedMillis(from[row].millis, sign * amounts[row], months), from[row].nanos};
        });
        return;
    }
    const auto& from = arguments[0]->values<std::int64_t>();
    auto& out = result.values<std::int64_t>();
    run.each(rows, [&](std::uint32_t row) {
        if (type.kind == TypeKind::Date)
            out[row] = floorDiv(shiftedMillis(from[row] * dayMs, sign * amounts[row], months), dayMs);
        else
            out[row] = from[row] + sign * amounts[row];
    });
}

} // namespace

Column evaluateArithmetic(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    if (arguments[1]->type().isInterval())
        times(call, arguments, rows, run, result);
    else if (call.type.kind == TypeKind::Decimal)
        decimals(call, arguments, rows, run, result);
    else if (call.type.kind == TypeKind::Double)
        reals<double>(call, arguments, rows, run, result);
    else if (call.type.kind == TypeKind::Float)
        reals<float>(call, arguments, rows, run, result);
    else
        integers(call, arguments, rows, run, result);
    return result;
}

} // namespace weir::sql
