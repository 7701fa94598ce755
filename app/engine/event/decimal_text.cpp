// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_text.h"

#include <algorithm>
#include <array>

namespace weir {

namespace {

__extension__ using Unsigned128 = unsigned __int128;

constexpr int digitLimit = 1'000'000; // exponents beyond this are zero or too wide, whatever stands before them

/// The digits of a number text without sign, dot and leading zeros; value = digits * 10^exponent.
struct Digits
{
    std::array<char, maxDecimalDigits + 2> kept{}; ///< the leading ones; more only round
    int count = 0; ///< kept
    int dropped = 0; ///< digits behind the kept ones
    std::int64_t exponent = 0; ///< of the last digit, dropped ones included
    bool negative = false;
    bool any = false;
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

void addDigit(Digits& digits, char c)
{
    digits.any = true;
    if (digits.count == 0 && c == '0')
        return;
    if (digits.count < static_cast<int>(digits.kept.size()))
        digits.kept[static_cast<std::size_t>(digits.count++)] = c;
    else
        ++digits.dropped;
}

bool readExponent(std::string_view text, std::size_t at, Digits& digits)
{
    bool negative = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-'))
        negative = text[at++] == '-';
    if (at == text.size())
        return false;
    std::int64_t value = 0;
    for (; at < text.size() && isDigit(text[at]); ++at)
        value = std::min<std::int64_t>(value * 10 + (text[at] - '0'), digitLimit);
    digits.exponent += negative ? -value : value;
    return at == text.size();
}

bool readDigits(std::string_view text, Digits& digits)
{
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '+' || text[at] == '-'))
        digits.negative = text[at++] == '-';
    for (; at < text.size() && isDigit(text[at]); ++at)
        addDigit(digits, text[at]);
    if (at < text.size() && text[at] == '.') {
        for (++at; at < text.size() && isDigit(text[at]); ++at) {
            addDigit(digits, text[at]);
            --digits.exponent;
        }
    }
    if (!digits.any)
        return false;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E'))
        return readExponent(text, at + 1, digits);
    return at == text.size();
}

/// The digits as an integer of units of 10^-scale, rounded half up; nothing when it has more than `precision` digits.
std::optional<Int128> assemble(const Digits& digits, int precision, int scale)
{
    if (digits.count == 0)
        return Int128(0);
    // How many of the digits (kept and dropped) stand left of the rounding position.
    const std::int64_t total = digits.count + std::int64_t{digits.dropped};
    const std::int64_t wanted = total + digits.exponent + scale;
    if (wanted > precision)
        return std::nullopt;
    if (wanted < 0)
        return Int128(0);
    Unsigned128 value = 0;
    for (std::int64_t i = 0; i < wanted; ++i) {
        const unsigned digit =
            i < digits.count ? static_cast<unsigned>(digits.kept[static_cast<std::size_t>(i)] - '0') : 0U;
        value = value * 10 + digit;
    }
    if (wanted < digits.count && digits.kept[static_cast<std::size_t>(wanted)] >= '5')
        ++value;
    if (value >= static_cast<Unsigned128>(powerOfTen(precision)))
        return std::nullopt;
    const auto magnitude = static_cast<Int128>(value);
    return digits.negative ? -magnitude : magnitude;
}

constexpr std::array<std::uint64_t, 19> smallPowers = [] {
    std::array<std::uint64_t, 19> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();

/// What nearly all texts are: a sign, digits with a dot among them, that fit into 64 bits and the type without
/// rounding. Nothing for all others, be they right or wrong.
std::optional<Int128> plainDecimal(std::string_view text, int precision, int scale)
{
    constexpr int mostDigits = 18;
    const char* at = text.data();
    const char* const end = at + text.size();
    const bool negative = at != end && *at == '-';
    if (negative)
        ++at;
    if (end - at > mostDigits + 1)
        return std::nullopt;
    std::uint64_t value = 0;
    const char* const first = at;
    for (; at != end && isDigit(*at); ++at)
        value = value * 10 + static_cast<unsigned>(*at - '0');
    auto digits = static_cast<int>(at - first);
    int fraction = 0;
    if (at != end && *at == '.') {
        const char* const dot = at;
        for (++at; at != end && isDigit(*at); ++at)
            value = value * 10 + static_cast<unsigned>(*at - '0');
        fraction = static_cast<int>(at - dot - 1);
        digits += fraction;
    }
    const int wanted = digits - fraction + scale; // digits of the result
    if (at != end || digits == 0 || digits > mostDigits || fraction > scale || wanted > std::min(precision, mostDigits))
        return std::nullopt;
    value *= smallPowers[static_cast<std::size_t>(scale - fraction)];
    const auto result = static_cast<Int128>(value);
    return negative ? -result : result;
}

} // namespace

Int128 powerOfTen(int exponent)
{
    static const auto powers = [] {
        std::array<Int128, maxDecimalDigits + 1> table{};
        Int128 power = 1;
        for (auto& entry : table) {
            entry = power;
            if (&entry != &table.back())
                power *= 10;
        }
        return table;
    }();
    return powers[static_cast<std::size_t>(exponent)];
}

DecimalParse parseDecimal(std::string_view text, int precision, int scale)
{
    if (const auto plain = plainDecimal(text, precision, scale))
        return {true, *plain};
    Digits digits;
    if (!readDigits(text, digits))
        return {};
    return {true, assemble(digits, precision, scale)};
}

std::optional<Int128> rescaleDecimal(Int128 unscaled, int fromScale, int toScale, int precision)
{
    const bool negative = unscaled < 0;
    auto magnitude = static_cast<Unsigned128>(negative ? -unscaled : unscaled);
    if (toScale < fromScale) {
        const int drop = fromScale - toScale;
        if (drop > maxDecimalDigits)
            return Int128(0);
        const auto divisor = static_cast<Unsigned128>(powerOfTen(drop));
        const Unsigned128 rest = magnitude % divisor;
        magnitude = magnitude / divisor + (rest >= divisor - rest ? 1 : 0);
    } else if (toScale > fromScale && magnitude != 0) {
        const int add = toScale - fromScale;
        if (add > maxDecimalDigits
            || magnitude
                > static_cast<Unsigned128>(powerOfTen(maxDecimalDigits)) / static_cast<Unsigned128>(powerOfTen(add)))
            return std::nullopt;
        magnitude *= static_cast<Unsigned128>(powerOfTen(add));
    }
    if (magnitude >= static_cast<Unsigned128>(powerOfTen(precision)))
        return std::nullopt;
    return negative ? -static_cast<Int128>(magnitude) : static_cast<Int128>(magnitude);
}

void appendDecimal(std::string& out, Int128 unscaled, int scale)
{
    if (unscaled < 0)
        out.push_back('-');
    auto magnitude = static_cast<Unsigned128>(unscaled < 0 ? -unscaled : unscaled);
    std::array<char, 2 * maxDecimalDigits + 4> digits{};
    int count = 0;
    for (; magnitude > 0 || count <= scale; magnitude /= 10) {
        if (count == scale && scale > 0)
            digits[static_cast<std::size_t>(count)] = '.';
        digits[static_cast<std::size_t>(count >= scale && scale > 0 ? count + 1 : count)] =
            static_cast<char>('0' + static_cast<int>(magnitude % 10));
        ++count;
    }
    const int length = scale > 0 ? count + 1 : count;
    for (int i = length - 1; i >= 0; --i)
        out.push_back(digits[static_cast<std::size_t>(i)]);
}

} // namespace weir
