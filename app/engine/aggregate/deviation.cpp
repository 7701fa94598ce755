// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/states.h"
#include "app/engine/event/decimal_math.h"
#include "app/engine/event/decimal_text.h"

#include <cmath>
#include <optional>

namespace weir::aggregate {

namespace {

struct Shape
{
    LogicalType argument;
    LogicalType result;
    bool sample = false;
    bool root = false;
};

/// Flink computes (SUM(x * x) - SUM(x) * SUM(x) / COUNT(x)) / COUNT(x), or over COUNT(x) - 1, in the type of x: what is
/// kept are these three, and the surprises of that formula are Flink's too.
template <typename T>
struct Moments
{
    T sum = 0;
    T squares = 0;
    std::int64_t count = 0;
    bool overflowed = false;
};

template <typename T>
void addTo(Moments<T>& moments, T value, const Shape&)
{
    moments.sum += value;
    moments.squares += value * value;
}

void addTo(Moments<std::uint64_t>& moments, std::uint64_t value, const Shape&)
{
    moments.sum += value;
    moments.squares += value * value; // low bits are all that is kept in the end
}

/// DECIMAL moments have the scale of the result, which is that of Flink's AVG.
void addTo(Moments<Int128>& moments, Int128 value, const Shape& shape)
{
    const int scale = shape.result.scale;
    const auto wide = rescaleDecimal(value, shape.argument.scale, scale, maxDecimalDigits);
    const auto square =
        wide ? multiplyDecimals({*wide, scale}, {*wide, scale}, types::decimal(maxDecimalDigits, scale)) : wide;
    moments.overflowed = moments.overflowed || !square || __builtin_add_overflow(moments.sum, *wide, &moments.sum)
        || __builtin_add_overflow(moments.squares, *square, &moments.squares);
}

template <typename T>
std::optional<double> valueOf(const Moments<T>& moments, std::int64_t divisor, const Shape& shape)
{
    const auto n = static_cast<double>(moments.count);
    const double variance = (static_cast<double>(moments.squares) - static_cast<double>(moments.sum * moments.sum) / n)
        / static_cast<double>(divisor);
    return shape.root ? std::pow(variance, 0.5) : variance;
}

/// Java's cast of a DOUBLE to an integer: NaN is 0.
std::int64_t truncated(double value)
{
    return std::isnan(value) ? 0 : static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> valueOf(const Moments<std::uint64_t>& moments, std::int64_t divisor, const Shape& shape)
{
    const TypeKind kind = shape.result.kind;
    const std::int64_t squares = wrapTo(kind, static_cast<std::int64_t>(moments.squares));
    const std::int64_t product = wrapTo(kind, static_cast<std::int64_t>(moments.sum * moments.sum));
    const std::int64_t variance = (squares - product / moments.count) / divisor;
    return wrapTo(kind, shape.root ? truncated(std::pow(static_cast<double>(variance), 0.5)) : variance);
}

std::optional<Int128> valueOf(const Moments<Int128>& moments, std::int64_t divisor, const Shape& shape)
{
    const LogicalType type = types::decimal(maxDecimalDigits, shape.result.scale);
    const DecimalValue sum{moments.sum, type.scale};
    const auto product = multiplyDecimals(sum, sum, type);
    const auto mean = product ? divideDecimals({*product, type.scale}, {moments.count, 0}, type) : product;
    const auto rest = mean ? addDecimals({moments.squares, type.scale}, {-*mean, type.scale}, type) : mean;
    const auto variance = rest ? divideDecimals({*rest, type.scale}, {divisor, 0}, type) : rest;
    if (moments.overflowed || !variance || !shape.root)
        return moments.overflowed ? std::nullopt : variance;
    const double root = std::pow(decimalToDouble(*variance, type.scale), 0.5);
    if (std::isnan(root))
        return std::nullopt;
    return static_cast<Int128>(std::round(root * static_cast<double>(powerOfTen(type.scale))));
}

/// `Kept` is what moments are kept in, `Stored` what a column holds of argument and result.
template <typename Stored, typename Kept>
class DeviationStates final : public StructStates<Moments<Kept>>
{
public:
    explicit DeviationStates(const Shape& shape) : StructStates<Moments<Kept>>(shape.result), m_shape(shape) { }

    void update(const Column* argument, const GroupedRows& in) override
    {
        const auto& values = argument->values<Stored>();
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t group) {
            this->change(group, [&](Moments<Kept>& moments) {
                ++moments.count;
                addTo(moments, static_cast<Kept>(values[row]), m_shape);
            });
        });
    }

private:
    void merge(Moments<Kept>& into, const Moments<Kept>& from) const override
    {
        into.sum += from.sum;
        into.squares += from.squares;
        into.count += from.count;
        into.overflowed = into.overflowed || from.overflowed;
    }

    void give(const Moments<Kept>& moments, Column& column, std::size_t row) const override
    {
        const std::int64_t divisor = moments.count - (m_shape.sample ? 1 : 0);
        if (divisor <= 0)
            return column.setNull(row);
        if (const auto value = valueOf(moments, divisor, m_shape))
            column.values<Stored>()[row] = static_cast<Stored>(*value);
        else
            column.setNull(row);
    }

    Shape m_shape;
};

} // namespace

std::unique_ptr<AggregateStates> makeDeviation(const AggregateSpec& spec)
{
    const AggregateFunction function = spec.function;
    const Shape shape{spec.argument, spec.result,
        function == AggregateFunction::StddevSamp || function == AggregateFunction::VarSamp,
        function == AggregateFunction::StddevPop || function == AggregateFunction::StddevSamp};
    switch (physicalTypeOf(spec.argument)) {
    case PhysicalType::Float32:
        return std::make_unique<DeviationStates<float, float>>(shape);
    case PhysicalType::Float64:
        return std::make_unique<DeviationStates<double, double>>(shape);
    case PhysicalType::Int128:
        return std::make_unique<DeviationStates<Int128, Int128>>(shape);
    default:
        return std::make_unique<DeviationStates<std::int64_t, std::uint64_t>>(shape);
    }
}

} // namespace weir::aggregate
