// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/sql/naive_evaluate.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace weir;
using sql::Expression;
using sql::Function;
using sql::Literal;

namespace {

const Literal null{};

Int128 powerOf10(int exponent)
{
    Int128 value = 1;
    for (int i = 0; i < exponent; ++i)
        value *= 10;
    return value;
}

Int128 dividedHalfUp(Int128 value, Int128 divisor)
{
    const bool negative = (value < 0) != (divisor < 0);
    const Int128 a = value < 0 ? -value : value;
    const Int128 b = divisor < 0 ? -divisor : divisor;
    const Int128 quotient = a / b + (a % b * 2 >= b ? 1 : 0);
    return negative ? -quotient : quotient;
}

Literal decimalOf(Int128 unscaled, int scale, const LogicalType& type)
{
    Int128 value = scale > type.scale ? dividedHalfUp(unscaled, powerOf10(scale - type.scale))
                                      : unscaled * powerOf10(type.scale - scale);
    const Int128 size = value < 0 ? -value : value;
    return size < powerOf10(type.precision) ? Literal(value) : null;
}

std::int64_t wrapped(std::int64_t value, TypeKind kind)
{
    switch (kind) {
    case TypeKind::TinyInt:
        return static_cast<std::int8_t>(value);
    case TypeKind::SmallInt:
        return static_cast<std::int16_t>(value);
    case TypeKind::Int:
        return static_cast<std::int32_t>(value);
    default:
        return value;
    }
}

std::int64_t integerResult(Function function, std::int64_t a, std::int64_t b)
{
    const auto ua = static_cast<std::uint64_t>(a);
    const auto ub = static_cast<std::uint64_t>(b);
    switch (function) {
    case Function::Add:
        return static_cast<std::int64_t>(ua + ub);
    case Function::Subtract:
        return static_cast<std::int64_t>(ua - ub);
    case Function::Multiply:
        return static_cast<std::int64_t>(ua * ub);
    default:
        break;
    }
    if (b == 0)
        throw NaiveFailure("/ by zero");
    if (b == -1)
        return function == Function::Divide ? static_cast<std::int64_t>(-ua) : 0;
    return function == Function::Divide ? a / b : a % b;
}

double realResult(Function function, double a, double b)
{
    switch (function) {
    case Function::Add:
        return a + b;
    case Function::Subtract:
        return a - b;
    case Function::Multiply:
        return a * b;
    case Function::Divide:
        return a / b;
    default:
        return std::fmod(a, b);
    }
}

Literal decimalResult(const Expression& call, Int128 a, Int128 b)
{
    const int scaleA = call.arguments[0]->type.scale;
    const int scaleB = call.arguments[1]->type.scale;
    if (call.function == Function::Multiply)
        return decimalOf(a * b, scaleA + scaleB, call.type);
    const bool divides = call.function == Function::Divide || call.function == Function::Modulo;
    if (divides && b == 0)
        throw NaiveFailure("Division by zero");
    if (call.function == Function::Divide) {
        const int more = call.type.scale + scaleB - scaleA;
        return decimalOf(dividedHalfUp(a * powerOf10(std::max(0, more)), b * powerOf10(std::max(0, -more))),
            call.type.scale, call.type);
    }
    const int scale = std::max(scaleA, scaleB);
    const Int128 left = a * powerOf10(scale - scaleA);
    const Int128 right = b * powerOf10(scale - scaleB);
    if (call.function == Function::Modulo)
        return decimalOf(left % right, scale, call.type);
    return decimalOf(call.function == Function::Add ? left + right : left - right, scale, call.type);
}

Literal arithmetic(const Expression& call, const Literal& a, const Literal& b)
{
    if (const auto* left = std::get_if<std::int64_t>(&a))
        return wrapped(integerResult(call.function, *left, std::get<std::int64_t>(b)), call.type.kind);
    if (const auto* left = std::get_if<double>(&a))
        return realResult(call.function, *left, std::get<double>(b));
    return decimalResult(call, std::get<Int128>(a), std::get<Int128>(b));
}

template <typename T>
bool compared(Function function, const T& a, const T& b)
{
    switch (function) {
    case Function::Equal:
        return a == b;
    case Function::NotEqual:
        return !(a == b);
    case Function::Less:
        return a < b;
    case Function::LessOrEqual:
        return a <= b;
    case Function::Greater:
        return a > b;
    default:
        return a >= b;
    }
}

Literal comparison(const Expression& call, const Literal& a, const Literal& b)
{
    return std::visit(
        [&](const auto& left) -> Literal {
            using T = std::decay_t<decltype(left)>;
            if constexpr (std::is_same_v<T, std::monostate>)
                return null;
            else if constexpr (std::is_same_v<T, Int128>) {
                // Both sides may keep their own scale.
                const int scaleA = call.arguments[0]->type.scale;
                const int scaleB = call.arguments[1]->type.scale;
                return compared(call.function, left * powerOf10(std::max(0, scaleB - scaleA)),
                    std::get<T>(b) * powerOf10(std::max(0, scaleA - scaleB)));
            } else
                return compared(call.function, left, std::get<T>(b));
        },
        a);
}

std::vector<std::string> characters(const std::string& text)
{
    std::vector<std::string> result;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0) == 0x80)
            result.back() += c;
        else
            result.emplace_back(1, c);
    }
    return result;
}

bool likes(const std::vector<std::string>& text, std::size_t t, const std::vector<std::string>& pattern, std::size_t p,
    const std::string& escape)
{
    if (p == pattern.size())
        return t == text.size();
    if (!escape.empty() && pattern[p] == escape)
        return t < text.size() && text[t] == pattern[p + 1] && likes(text, t + 1, pattern, p + 2, escape);
    if (pattern[p] == "%")
        return likes(text, t, pattern, p + 1, escape) || (t < text.size() && likes(text, t + 1, pattern, p, escape));
    return t < text.size() && (pattern[p] == "_" || pattern[p] == text[t])
        && likes(text, t + 1, pattern, p + 1, escape);
}

double realOf(const Literal& value, const LogicalType& type)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*whole);
    if (const auto* decimal = std::get_if<Int128>(&value))
        return static_cast<double>(*decimal) / static_cast<double>(powerOf10(type.scale));
    return std::get<double>(value);
}

/// DOUBLE to an integer: toward zero, held at the bounds, NaN is 0; below INT it goes through INT and wraps, as in
/// Java.
std::int64_t saturated(double value, TypeKind kind)
{
    if (std::isnan(value))
        return 0;
    const bool big = kind == TypeKind::BigInt;
    const double low = big ? -9223372036854775808.0 : -2147483648.0;
    const double high = big ? 9223372036854775808.0 : 2147483648.0;
    if (value <= low)
        return wrapped(static_cast<std::int64_t>(low), kind);
    if (value >= high)
        return wrapped(big ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int32_t>::max(), kind);
    return wrapped(static_cast<std::int64_t>(value), kind);
}

Literal casted(const Expression& call, const Literal& value)
{
    const LogicalType& from = call.arguments[0]->type;
    const LogicalType& to = call.type;
    if (to.kind == TypeKind::Double)
        return realOf(value, from);
    if (to.kind == TypeKind::Decimal) {
        if (const auto* whole = std::get_if<std::int64_t>(&value))
            return decimalOf(*whole, 0, to);
        return decimalOf(std::get<Int128>(value), from.scale, to);
    }
    if (to.isInteger()) {
        if (const auto* whole = std::get_if<std::int64_t>(&value))
            return wrapped(*whole, to.kind);
        if (const auto* real = std::get_if<double>(&value))
            return saturated(*real, to.kind);
        return wrapped(static_cast<std::int64_t>(std::get<Int128>(value) / powerOf10(from.scale)), to.kind);
    }
    if (to.isString() && from.isString())
        return value;
    if (to.isString() && from.isInteger())
        return std::to_string(std::get<std::int64_t>(value));
    throw std::logic_error("the oracle has no cast to " + to.text());
}

std::string substring(const std::string& text, std::int64_t from, std::int64_t count)
{
    const auto all = characters(text);
    const auto size = static_cast<std::int64_t>(all.size());
    const std::int64_t begin = from > 0 ? from - 1 : from < 0 ? size + from : 0;
    std::string result;
    for (std::int64_t i = begin; begin >= 0 && i < size && i - begin < count; ++i)
        result += all[static_cast<std::size_t>(i)];
    return result;
}

/// Letters of ASCII and é, which is all that the tests use.
std::string changedCase(const std::string& text, bool up)
{
    std::string result;
    for (const std::string& one : characters(text)) {
        if (one == "é" || one == "É")
            result += up ? "É" : "é";
        else if (one.size() == 1)
            result += static_cast<char>(up ? std::toupper(one[0]) : std::tolower(one[0]));
        else
            result += one;
    }
    return result;
}

Literal textFunction(const Expression& call, const std::vector<Literal>& values)
{
    const std::string& text = std::get<std::string>(values[0]);
    switch (call.function) {
    case Function::Upper:
        return changedCase(text, true);
    case Function::Lower:
        return changedCase(text, false);
    case Function::CharLength:
        return static_cast<std::int64_t>(characters(text).size());
    case Function::Concat: {
        std::string all;
        for (const Literal& value : values)
            all += std::get<std::string>(value);
        return all;
    }
    case Function::Substring:
        return substring(text, std::get<std::int64_t>(values[1]),
            values.size() > 2 ? std::get<std::int64_t>(values[2]) : std::numeric_limits<std::int64_t>::max());
    default:
        return likes(characters(text), 0, characters(std::get<std::string>(values[1])), 0,
            values.size() > 2 ? std::get<std::string>(values[2]) : std::string());
    }
}

Literal negated(const Literal& value, TypeKind kind)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return wrapped(static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(*whole)), kind);
    if (const auto* real = std::get_if<double>(&value))
        return -*real;
    return -std::get<Int128>(value);
}

bool isNegative(const Literal& value)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return *whole < 0;
    if (const auto* real = std::get_if<double>(&value))
        return std::signbit(*real);
    return std::get<Int128>(value) < 0;
}

class Row
{
public:
    Row(const EventBatch& batch, std::size_t row) : m_batch(batch), m_row(row) { }

    Literal value(const Expression& expression) const
    {
        if (expression.kind == Expression::Kind::Column)
            return cellOf(m_batch.columns[expression.column], m_row);
        if (expression.kind != Expression::Kind::Call)
            return expression.literal;
        if (isLogic(expression.function))
            return logic(expression);
        std::vector<Literal> values;
        for (const auto& argument : expression.arguments)
            values.push_back(value(*argument));
        for (const Literal& one : values) {
            if (std::holds_alternative<std::monostate>(one))
                return null;
        }
        return strict(expression, values);
    }

private:
    static bool isLogic(Function function)
    {
        return (function >= Function::And && function <= Function::IsNotFalse) || function == Function::Case
            || function == Function::Coalesce;
    }

    static Literal strict(const Expression& call, const std::vector<Literal>& values)
    {
        if (call.function <= Function::Modulo)
            return arithmetic(call, values[0], values[1]);
        if (call.function >= Function::Equal && call.function <= Function::GreaterOrEqual)
            return comparison(call, values[0], values[1]);
        if (call.function == Function::Cast || call.function == Function::TryCast)
            return casted(call, values[0]);
        if (call.function == Function::Negate)
            return negated(values[0], call.type.kind);
        if (call.function == Function::Abs)
            return isNegative(values[0]) ? negated(values[0], call.type.kind) : values[0];
        return textFunction(call, values);
    }

    Literal logic(const Expression& call) const
    {
        if (call.function == Function::And || call.function == Function::Or)
            return andOr(call, call.function == Function::Or);
        if (call.function == Function::Case)
            return caseOf(call);
        if (call.function == Function::Coalesce) {
            for (const auto& argument : call.arguments) {
                if (Literal candidate = value(*argument); !std::holds_alternative<std::monostate>(candidate))
                    return candidate;
            }
            return null;
        }
        const Literal operand = value(*call.arguments[0]);
        const bool isNull = std::holds_alternative<std::monostate>(operand);
        const auto is = [&](bool wanted) { return !isNull && std::get<bool>(operand) == wanted; };
        switch (call.function) {
        case Function::Not:
            return isNull ? null : Literal(!std::get<bool>(operand));
        case Function::IsNull:
            return isNull;
        case Function::IsNotNull:
            return !isNull;
        case Function::IsTrue:
            return is(true);
        case Function::IsNotTrue:
            return !is(true);
        case Function::IsFalse:
            return is(false);
        default:
            return !is(false);
        }
    }

    /// The value that decides (FALSE for AND, TRUE for OR) ends the evaluation.
    Literal andOr(const Expression& call, bool deciding) const
    {
        bool unknown = false;
        for (const auto& argument : call.arguments) {
            const Literal side = value(*argument);
            if (std::holds_alternative<std::monostate>(side))
                unknown = true;
            else if (std::get<bool>(side) == deciding)
                return deciding;
        }
        return unknown ? null : Literal(!deciding);
    }

    Literal caseOf(const Expression& call) const
    {
        for (std::size_t i = 0; i + 1 < call.arguments.size(); i += 2) {
            const Literal condition = value(*call.arguments[i]);
            if (!std::holds_alternative<std::monostate>(condition) && std::get<bool>(condition))
                return value(*call.arguments[i + 1]);
        }
        return value(*call.arguments.back());
    }

    const EventBatch& m_batch;
    std::size_t m_row;
};

} // namespace

Literal naiveValue(const Expression& expression, const EventBatch& batch, std::size_t row)
{
    return Row(batch, row).value(expression);
}

Literal cellOf(const Column& column, std::size_t row)
{
    if (column.isNull(row))
        return null;
    switch (physicalTypeOf(column.type())) {
    case PhysicalType::Bool:
        return column.values<std::uint8_t>()[row] != 0;
    case PhysicalType::Int64:
        return column.values<std::int64_t>()[row];
    case PhysicalType::Float32:
        return column.values<float>()[row];
    case PhysicalType::Float64:
        return column.values<double>()[row];
    case PhysicalType::Int128:
        return column.values<Int128>()[row];
    case PhysicalType::String:
        return std::string(column.values<std::string_view>()[row]);
    case PhysicalType::Timestamp:
        return column.values<Timestamp>()[row];
    }
    return null;
}
