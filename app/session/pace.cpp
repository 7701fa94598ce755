// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/pace.h"

#include <charconv>
#include <string_view>

namespace weir {

Result<double> parsePace(const std::string& text)
{
    if (text == "original")
        return 1.0;
    if (text == "flat")
        return 0.0;
    std::string_view factor = text;
    if (factor.ends_with('x'))
        factor.remove_suffix(1);
    double pace = 0;
    const auto [end, error] = std::from_chars(factor.data(), factor.data() + factor.size(), pace);
    if (error == std::errc() && end == factor.data() + factor.size() && pace > 0 && pace < 1e9)
        return pace;
    return Error{ErrorKind::InvalidInput,
        "'" + text + "' is no pace. Give original, flat or a factor such as 10 or 0.5.", "--speed"};
}

} // namespace weir
