// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/duration.h"

#include <charconv>
#include <cstdint>
#include <map>

namespace weir::sql {

std::optional<std::chrono::milliseconds> parseDuration(std::string_view text)
{
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc() || number < 0 || number > std::int64_t{1} << 40)
        return std::nullopt;
    const char* unit = parsed.ptr;
    while (unit != end && *unit == ' ')
        ++unit;
    static const std::map<std::string_view, std::int64_t> units{{"", 1}, {"ms", 1}, {"milli", 1}, {"millis", 1},
        {"millisecond", 1}, {"milliseconds", 1}, {"s", 1000}, {"sec", 1000}, {"secs", 1000}, {"second", 1000},
        {"seconds", 1000}, {"m", 60'000}, {"min", 60'000}, {"minute", 60'000}, {"minutes", 60'000}, {"h", 3'600'000},
        {"hour", 3'600'000}, {"hours", 3'600'000}, {"d", 86'400'000}, {"day", 86'400'000}, {"days", 86'400'000}};
    const auto found = units.find(std::string_view(unit, static_cast<std::size_t>(end - unit)));
    if (found == units.end())
        return std::nullopt;
    return std::chrono::milliseconds(number * found->second);
}

} // namespace weir::sql
