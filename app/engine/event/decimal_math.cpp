// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_math.h"

#include "app/engine/event/decimal_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace weir {

namespace {

__extension__ using UInt128 = unsigned __int128;

UInt128 magnitude(Int128 value)
{
    return value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

/// An unsigned number of 256 bits, lowest limb first.
class Wide
{
public:
    static Wide product(UInt128 a, UInt128 b)
    {
        const std::uint64_t as[2] = {static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(a >> 64)};
        const std::uint64_t bs[2] = {static_cast<std::uint64_t>(b), static_cast<std::uint64_t>(b >> 64)};
        Wide result;
        for (std::size_t i = 0; i < 2; ++i) {
            UInt128 carry = 0;
            for (std::size_t j = 0; j < 2; ++j) {
                carry += static_cast<UInt128>(as[i]) * bs[j] + result.m_limbs[i + j];
                result.m_limbs[i + j] = static_cast<std::uint64_t>(carry);
                carry >>= 64;
            }
            result.m_limbs[i + 2] = static_cast<std::uint64_t>(carry);
        }
        return result;
    }

    void add(const Wide& other)
    {
        UInt128 carry = 0;
        for (std::size_t i = 0; i < m_limbs.size(); ++i) {
            carry += static_cast<UInt128>(m_limbs[i]) + other.m_limbs[i];
            m_limbs[i] = static_cast<std::uint64_t>(carry);
            carry >>= 64;
        }
    }

    /// `other` is not larger.
    void subtract(const Wide& other)
    {
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < m_limbs.size(); ++i) {
            const UInt128 taken = static_cast<UInt128>(other.m_limbs[i]) + borrow;
            borrow = m_limbs[i] < taken ? 1 : 0;
            m_limbs[i] = static_cast<std::uint64_t>(m_limbs[i] - taken);
        }
    }

    bool less(const Wide& other) const
    {
        return std::lexicographical_compare(
            m_limbs.rbegin(), m_limbs.rend(), other.m_limbs.rbegin(), other.m_limbs.rend());
    }

    /// What is left over.
    std::uint64_t divide(std::uint64_t divisor)
    {
        UInt128 rest = 0;
        for (std::size_t i = m_limbs.size(); i-- > 0;) {
            rest = rest << 64 | m_limbs[i];
            m_limbs[i] = static_cast<std::uint64_t>(rest / divisor);
            rest %= divisor;
        }
        return static_cast<std::uint64_t>(rest);
    }

    /// Drops `digits` decimal digits, rounding half up: the first digit dropped decides.
    void round(int digits)
    {
        for (; digits > 1; --digits)
            divide(10);
        if (digits == 1 && divide(10) >= 5)
            add(product(1, 1));
    }

    /// The value with a sign, if it is below 10^precision.
    std::optional<Int128> value(bool negative, int precision) const
    {
        const UInt128 low = static_cast<UInt128>(m_limbs[1]) << 64 | m_limbs[0];
        if (m_limbs[2] != 0 || m_limbs[3] != 0 || low >= static_cast<UInt128>(powerOfTen(precision)))
            return std::nullopt;
        return negative ? -static_cast<Int128>(low) : static_cast<Int128>(low);
    }

private:
    std::array<std::uint64_t, 4> m_limbs{};
};

Wide scaledUp(DecimalValue value, int scale)
{
    return Wide::product(magnitude(value.unscaled), static_cast<UInt128>(powerOfTen(scale - value.scale)));
}

/// (rest * 10) / divisor and what is left over, without a product that could overflow. rest < divisor < 2^127.
int nextDigit(UInt128& rest, UInt128 divisor)
{
    int digit = 0;
    UInt128 sum = 0;
    for (int i = 0; i < 10; ++i) {
        sum += rest;
        if (sum >= divisor) {
            sum -= divisor;
            ++digit;
        }
    }
    rest = sum;
    return digit;
}

std::optional<Int128> fitted(UInt128 value, bool negative, int precision)
{
    if (value >= static_cast<UInt128>(powerOfTen(precision)))
        return std::nullopt;
    return negative ? -static_cast<Int128>(value) : static_cast<Int128>(value);
}

} // namespace

std::optional<Int128> addDecimals(DecimalValue a, DecimalValue b, const LogicalType& type)
{
    const int scale = std::max({a.scale, b.scale, type.scale});
    Wide x = scaledUp(a, scale);
    Wide y = scaledUp(b, scale);
    bool negative = a.unscaled < 0;
    if (negative == (b.unscaled < 0)) {
        x.add(y);
    } else {
        if (x.less(y)) {
            std::swap(x, y);
            negative = b.unscaled < 0;
        }
        x.subtract(y);
    }
    x.round(scale - type.scale);
    return x.value(negative, type.precision);
}

std::optional<Int128> multiplyDecimals(DecimalValue a, DecimalValue b, const LogicalType& type)
{
    Wide product = Wide::product(magnitude(a.unscaled), magnitude(b.unscaled));
    product.round(a.scale + b.scale - type.scale);
    return product.value((a.unscaled < 0) != (b.unscaled < 0), type.precision);
}

std::optional<Int128> divideDecimals(DecimalValue a, DecimalValue b, const LogicalType& type)
{
    const bool negative = (a.unscaled < 0) != (b.unscaled < 0);
    const UInt128 divisor = magnitude(b.unscaled);
    UInt128 dividend = magnitude(a.unscaled);
    int digits = type.scale - a.scale + b.scale; // digits of the quotient behind those of an integer division
    if (digits < 0) {
        for (; digits < -1; ++digits)
            dividend /= 10;
        const UInt128 quotient = dividend / divisor;
        return fitted(quotient / 10 + (quotient % 10 >= 5 ? 1 : 0), negative, type.precision);
    }
    const auto limit = static_cast<UInt128>(powerOfTen(maxDecimalDigits - 1));
    UInt128 quotient = dividend / divisor;
    UInt128 rest = dividend % divisor;
    for (; digits > 0; --digits) {
        if (quotient >= limit)
            return std::nullopt;
        quotient = quotient * 10 + static_cast<UInt128>(nextDigit(rest, divisor));
    }
    return fitted(quotient + (nextDigit(rest, divisor) >= 5 ? 1 : 0), negative, type.precision);
}

std::optional<Int128> moduloDecimals(DecimalValue a, DecimalValue b, const LogicalType& type)
{
    const int scale = std::max(a.scale, b.scale);
    UInt128 rest = magnitude(a.unscaled);
    const auto divisor = scaledUp(b, scale).value(false, maxDecimalDigits);
    if (!divisor) { // larger than every value of 38 digits at this scale, and so than `a`
        const auto whole = scaledUp(a, scale);
        return whole.less(scaledUp(b, scale)) ? whole.value(a.unscaled < 0, type.precision) : std::nullopt;
    }
    rest %= static_cast<UInt128>(*divisor);
    for (int digits = scale - a.scale; digits > 0; --digits)
        nextDigit(rest, static_cast<UInt128>(*divisor));
    return fitted(rest, a.unscaled < 0, type.precision);
}

int compareDecimals(DecimalValue a, DecimalValue b)
{
    if ((a.unscaled < 0) != (b.unscaled < 0))
        return a.unscaled < 0 ? -1 : 1;
    const int scale = std::max(a.scale, b.scale);
    const Wide x = scaledUp(a, scale);
    const Wide y = scaledUp(b, scale);
    const int size = x.less(y) ? -1 : y.less(x) ? 1 : 0;
    return a.unscaled < 0 ? -size : size;
}

double decimalToDouble(Int128 unscaled, int scale)
{
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    constexpr int exactPower = 22; // the largest power of ten that a DOUBLE holds
    if (unscaled >= -exact && unscaled <= exact && scale <= exactPower)
        return static_cast<double>(unscaled) / static_cast<double>(powerOfTen(scale));
    std::string text;
    appendDecimal(text, unscaled, scale);
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace weir
