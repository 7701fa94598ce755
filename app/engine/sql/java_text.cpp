// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/java_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace weir::sql {

namespace {

template <typename T>
std::string textOf(T value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value < 0 ? "-Infinity" : "Infinity";
    const double size = std::abs(static_cast<double>(value));
    const bool plain = size == 0 || (size >= 1e-3 && size < 1e7);
    char buffer[64];
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    const auto written = std::to_chars(std::begin(buffer), std::end(buffer), value, format);
    std::string text(buffer, written.ptr);
    const std::size_t exponentAt = plain ? text.size() : text.find('e');
    std::string digits = text.substr(0, exponentAt);
    if (digits.find('.') == std::string::npos)
        digits += ".0";
    return plain ? digits : digits + "E" + std::to_string(std::atoi(text.c_str() + exponentAt + 1));
}

} // namespace

std::string javaText(double value)
{
    return textOf(value);
}

std::string javaText(float value)
{
    return textOf(value);
}

} // namespace weir::sql
