// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace weir {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Position behind the digits at `at`; `at` itself when there is none.
std::size_t skipDigits(std::string_view text, std::size_t at)
{
    while (at < text.size() && isDigit(text[at]))
        ++at;
    return at;
}

/// The exponent behind e or E, cut to what no text of a record can make up for: sums with a length never overflow.
std::int64_t exponentOf(std::string_view digits)
{
    constexpr std::int64_t limit = std::int64_t{1} << 40;
    const bool negative = digits.starts_with('-');
    if (digits.starts_with('+'))
        digits.remove_prefix(1);
    std::int64_t exponent = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (parsed.ec == std::errc::result_out_of_range)
        return negative ? -limit : limit;
    return std::clamp(exponent, -limit, limit);
}

/// Far beyond or far below what a double holds: from_chars says which by its error alone, so look at where the first
/// digit that counts stands.
double outOfRange(std::string_view number)
{
    const bool negative = number.front() == '-';
    if (negative)
        number.remove_prefix(1);
    const std::size_t exponentAt = std::min(number.find_first_of("eE"), number.size());
    const std::int64_t exponent = exponentAt < number.size() ? exponentOf(number.substr(exponentAt + 1)) : 0;
    const std::string_view digits = number.substr(0, exponentAt);
    const std::size_t dot = std::min(digits.find('.'), digits.size());
    const std::size_t first = std::min(digits.find_first_not_of("0."), digits.size());
    const std::int64_t position = static_cast<std::int64_t>(dot) - static_cast<std::int64_t>(first);
    const double magnitude = position + exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    return negative ? -magnitude : magnitude;
}

} // namespace

std::string_view numberText(std::string_view token)
{
    std::size_t at = !token.empty() && token[0] == '-' ? 1 : 0;
    const std::size_t first = at;
    at = skipDigits(token, at);
    if (at == first || (token[first] == '0' && at - first > 1))
        return {};
    if (at < token.size() && token[at] == '.') {
        const std::size_t fraction = at + 1;
        at = skipDigits(token, fraction);
        if (at == fraction)
            return {};
    }
    if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
        std::size_t exponent = at + 1;
        if (exponent < token.size() && (token[exponent] == '+' || token[exponent] == '-'))
            ++exponent;
        at = skipDigits(token, exponent);
        if (at == exponent)
            return {};
    }
    for (std::size_t rest = at; rest < token.size(); ++rest) {
        if (!isJsonSpace(token[rest]))
            return {};
    }
    return token.substr(0, at);
}

std::optional<std::int64_t> parseInteger(std::string_view text)
{
    if (!text.empty() && text.front() == '+')
        text.remove_prefix(text.size() > 1 && isDigit(text[1]) ? 1 : 0);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> integerOfNumber(std::string_view number)
{
    if (number.find_first_of(".eE") == std::string_view::npos)
        return parseInteger(number);
    const double value = std::trunc(doubleOfNumber(number));
    constexpr double limit = 9223372036854775808.0;
    if (!(value >= -limit && value < limit))
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

double doubleOfNumber(std::string_view number)
{
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc::result_out_of_range ? outOfRange(number) : value;
}

std::optional<double> parseJavaDouble(std::string_view text)
{
    text = trimmed(text);
    const bool negative = !text.empty() && text.front() == '-';
    std::string_view rest = text;
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+'))
        rest.remove_prefix(1);
    if (rest == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    if (rest == "Infinity")
        return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    if (!rest.empty() && (rest.back() == 'd' || rest.back() == 'D' || rest.back() == 'f' || rest.back() == 'F'))
        rest.remove_suffix(1);
    if (rest.empty() || !(isDigit(rest.front()) || (rest.front() == '.' && rest.size() > 1 && isDigit(rest[1]))))
        return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (end != rest.data() + rest.size())
        return std::nullopt;
    if (error == std::errc::result_out_of_range)
        value = outOfRange(rest);
    return negative ? -value : value;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20)
        text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20)
        text.remove_suffix(1);
    return text;
}

} // namespace weir
