// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_text.h"
#include "app/engine/sql/evaluation.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace weir::sql {

namespace {

/// Java rounds the shortest text of a double half up, not its exact value: 1.005 to two digits is 1.01.
/// Truncating drops the digits instead.
double roundedReal(double value, std::int64_t digits, bool truncate)
{
    if (!std::isfinite(value) || value == 0 || digits > 400)
        return value;
    char buffer[32] = {};
    const auto written =
        std::to_chars(std::begin(buffer), std::end(buffer), std::abs(value), std::chars_format::scientific);
    const std::string_view text(buffer, static_cast<std::size_t>(written.ptr - buffer));
    const std::size_t exponentAt = text.find('e');
    std::string number(1, text[0]);
    if (exponentAt > 2)
        number += text.substr(2, exponentAt - 2);
    const std::int64_t exponent = std::atoi(buffer + exponentAt + 1);
    const std::int64_t kept = exponent + 1 + digits; // digits of `number` that stay
    if (kept >= static_cast<std::int64_t>(number.size()))
        return value;
    if (kept < 0)
        return 0;
    const auto stays = static_cast<std::size_t>(kept);
    const bool up = !truncate && number[stays] >= '5';
    std::uint64_t whole = 0; // 17 digits at most
    std::from_chars(number.data(), number.data() + stays, whole);
    const std::string rounded = std::to_string(whole + (up ? 1 : 0)) + "e" + std::to_string(-digits);
    double result = 0;
    std::from_chars(rounded.data(), rounded.data() + rounded.size(), result);
    return value < 0 ? -result : result;
}

std::int64_t roundedInteger(std::int64_t value, std::int64_t digits, bool truncate)
{
    if (digits >= 0)
        return value;
    if (digits < -19)
        return 0;
    const Int128 unit = powerOfTen(static_cast<int>(-digits));
    const Int128 half = truncate ? 0 : value < 0 ? -unit / 2 : unit / 2;
    return static_cast<std::int64_t>((value + half) / unit * unit); // beyond 64 bits it wraps, as in Java
}

/// Rounded half up to `digits` behind the point, or in front of it if negative; at the scale of the result.
Int128 roundedDecimal(Int128 value, int scale, std::int64_t digits, const Expression& call)
{
    const LogicalType& type = call.type;
    if (digits < -maxDecimalDigits)
        return 0;
    const auto kept = static_cast<int>(std::min<std::int64_t>(digits, scale));
    const int dropped = scale - kept;
    if (dropped > maxDecimalDigits)
        return 0;
    const Int128 unit = powerOfTen(dropped);
    const Int128 rest = value % unit;
    const Int128 down = value / unit;
    const bool up =
        call.function != Function::Truncate && (rest < 0 ? -rest : rest) >= unit - (rest < 0 ? -rest : rest);
    const Int128 rounded = up && dropped > 0 ? down + (value < 0 ? -1 : 1) : down;
    return rounded * powerOfTen(std::max(0, type.scale - kept));
}

double realResult(Function function, double value)
{
    switch (function) {
    case Function::Negate:
        return -value;
    case Function::Abs:
        return std::abs(value);
    case Function::Sign: // NaN and zeros stay what they are
        return value > 0 ? 1.0 : value < 0 ? -1.0 : value;
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
    case Function::Sign:
        return value < 0 ? -unit : value > 0 ? unit : 0;
    case Function::Floor:
        return value / unit - (rest < 0 ? 1 : 0);
    case Function::Ceil:
        return value / unit + (rest > 0 ? 1 : 0);
    default:
        return roundedDecimal(value, from.scale, digits, call);
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
    case Function::Sign:
        return value < 0 ? -1 : value > 0 ? 1 : 0;
    case Function::Round:
    case Function::Truncate:
        return wrapped(call.type.kind, roundedInteger(value, digits, call.function == Function::Truncate));
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
    const bool truncates = call.function == Function::Truncate;
    const bool rounds = call.function == Function::Round || truncates;
    run.each(rows, [&](std::uint32_t row) {
        if (result.isNull(row))
            return;
        switch (physicalTypeOf(from.type())) {
        case PhysicalType::Float64: {
            const double value = from.values<double>()[row];
            auto& out = result.values<double>()[row];
            if (call.function == Function::Power)
                out = std::pow(value, arguments[1]->values<double>()[row]);
            else if (rounds)
                out = roundedReal(value, digitsOf(arguments, row), truncates);
            else
                out = realResult(call.function, value);
            break;
        }
        case PhysicalType::Float32: {
            const auto value = static_cast<double>(from.values<float>()[row]);
            result.values<float>()[row] = static_cast<float>(
                rounds ? roundedReal(value, digitsOf(arguments, row), truncates) : realResult(call.function, value));
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
