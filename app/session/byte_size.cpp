// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/byte_size.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string_view>

namespace weir {

namespace {

/// Power of two that a unit stands for, -1 when unknown.
int shiftOf(const std::string& unit)
{
    std::string upper = unit;
    std::transform(upper.begin(), upper.end(), upper.begin(),
        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (upper.empty() || upper == "B")
        return 0;
    constexpr std::string_view letters = "KMGT";
    const std::size_t letter = letters.find(upper.front());
    const std::string_view rest = std::string_view(upper).substr(1);
    const bool known = letter != std::string_view::npos && (rest.empty() || rest == "IB");
    return known ? 10 * (static_cast<int>(letter) + 1) : -1;
}

} // namespace

std::string byteSizeText(std::size_t bytes)
{
    constexpr const char* units[] = {"KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024)
        return std::to_string(bytes) + " B";
    auto size = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    for (; size >= 1024 && unit + 1 < std::size(units); size /= 1024)
        ++unit;
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %s", size, units[unit]);
    return text;
}

Result<std::size_t> parseByteSize(const std::string& text, std::size_t least)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string unit(end, text.data() + text.size());
    unit.erase(0, unit.find_first_not_of(' ') == std::string::npos ? unit.size() : unit.find_first_not_of(' '));
    const int shift = shiftOf(unit);
    if (error != std::errc() || shift < 0)
        return Error{ErrorKind::InvalidInput, "'" + text + "' is no size. Write it as 256MiB or 1GiB.", {}};
    const std::size_t bytes = std::size_t{number} << shift;
    if (bytes < least)
        return Error{
            ErrorKind::InvalidInput, "'" + text + "' is too little. Give at least " + byteSizeText(least) + ".", {}};
    return bytes;
}

} // namespace weir
