// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_text.h"
#include "app/engine/sql/evaluation.h"

#include <cmath>

namespace weir::sql {

namespace {

/// Java's BigDecimal.setScale(digits, HALF_UP) on a double by way of its shortest text would allocate; this rounds the
/// exact value, which differs only where the text itself is a rounding.
double roundedReal(double value, std::int64_t digits)
{
    const double unit = std::pow(10.0, static_cast<double>(digits));
    const double scaled = value * unit;
    return std::isfinite(scaled) ? std::round(scaled) / unit : value;
}

std::int64_t roundedInteger(std::int64_t value, std::int64_t digits)
{
    if (digits >= 0)
        return value;
    if (digits < -18)
        return 0;
    std::int64_t unit = 1;
    for (; digits < 0; ++digits)
        unit *= 10;
    const std::int64_t rest = value % unit;
    const std::int64_t down = value - rest;
    if (std::abs(rest) * 2 < unit)
        return down;
    return value < 0 ? down - unit : down + unit;
}

Int128 roundedDecimal(Int128 value, int scale, int digits)
{
    return rescaleDecimal(value, scale, digits, maxDecimalDigits).value_or(value);
}

double realResult(Function function, double value)
{
    switch (function) {
    case Function::Negate:
        return -value;
    case Function::Abs:
        return std::abs(value);
    case Function::Floor:
        return std::floor(value);
    case Function::Ceil:
        return std::ceil(value);
    default:
        return std::sqrt(value);
    }
}

Int128 decimalResult(const Expression& call, const LogicalType& from, Int128 value, std::int64_t digits)
{
    const Int128 unit = powerOfTen(from.scale);
    const Int128 rest = value % unit;
    switch (call.function) {
    case Function::Negate:
        return -value;
    case Function::Abs:
        return value < 0 ? -value : value;
    case Function::Floor:
        return value / unit - (rest < 0 ? 1 : 0);
    case Function::Ceil:
        return value / unit + (rest > 0 ? 1 : 0);
    default: { // ROUND: to `digits`, kept in the scale of the result
        const Int128 rounded =
            roundedDecimal(value, from.scale, static_cast<int>(std::clamp<std::int64_t>(digits, 0, from.scale)));
        return rescaleDecimal(rounded, static_cast<int>(std::clamp<std::int64_t>(digits, 0, from.scale)),
            call.type.scale, maxDecimalDigits)
            .value_or(rounded);
    }
    }
}

std::int64_t integerResult(const Expression& call, std::int64_t value, std::int64_t digits)
{
    const auto bits = static_cast<std::uint64_t>(value);
    switch (call.function) {
    case Function::Negate:
        return wrapped(call.type.kind, static_cast<std::int64_t>(-bits));
    case Function::Abs:
        return wrapped(call.type.kind, value < 0 ? static_cast<std::int64_t>(-bits) : value);
    case Function::Round:
        return roundedInteger(value, digits);
    default:
        return value;
    }
}

std::int64_t digitsOf(const Arguments& arguments, std::uint32_t row)
{
    return arguments.size() == 2 ? arguments[1]->values<std::int64_t>()[row] : 0;
}

} // namespace

Column evaluateNumber(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    const Column& from = *arguments.front();
    run.each(rows, [&](std::uint32_t row) {
        if (result.isNull(row))
            return;
        switch (physicalTypeOf(from.type())) {
        case PhysicalType::Float64: {
            const double value = from.values<double>()[row];
            auto& out = result.values<double>()[row];
            if (call.function == Function::Power)
                out = std::pow(value, arguments[1]->values<double>()[row]);
            else if (call.function == Function::Round)
                out = roundedReal(value, digitsOf(arguments, row));
            else
                out = realResult(call.function, value);
            break;
        }
        case PhysicalType::Float32: {
            const auto value = static_cast<double>(from.values<float>()[row]);
            result.values<float>()[row] =
                static_cast<float>(call.function == Function::Round ? roundedReal(value, digitsOf(arguments, row))
                                                                    : realResult(call.function, value));
            break;
        }
        case PhysicalType::Int128:
            result.values<Int128>()[row] =
                decimalResult(call, from.type(), from.values<Int128>()[row], digitsOf(arguments, row));
            break;
        default:
            result.values<std::int64_t>()[row] =
                integerResult(call, from.values<std::int64_t>()[row], digitsOf(arguments, row));
        }
    });
    return result;
}

} // namespace weir::sql
