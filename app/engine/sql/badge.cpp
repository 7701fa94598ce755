// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/badge.h"

#include <algorithm>

namespace weir::sql {

BadgeColour Badge::colour() const
{
    return reasons.empty() ? BadgeColour::Green : reasons.front().colour;
}

void Badge::add(BadgeColour colour, const SourceSpan& span, std::string message)
{
    const bool known = std::any_of(
        reasons.begin(), reasons.end(), [&](const BadgeReason& reason) { return reason.message == message; });
    if (known)
        return;
    BadgeReason added{colour, span, std::move(message)};
    const auto place =
        std::upper_bound(reasons.begin(), reasons.end(), added, [](const BadgeReason& a, const BadgeReason& b) {
            return a.colour != b.colour ? a.colour > b.colour : a.span.offset < b.span.offset;
        });
    reasons.insert(place, std::move(added));
}

const char* nameOf(BadgeColour colour)
{
    static constexpr const char* names[] = {"green", "amber", "red"};
    return names[static_cast<std::size_t>(colour)];
}

std::string describe(const Badge& badge)
{
    if (badge.reasons.empty())
        return "green: runs unchanged on Flink";
    std::string text = nameOf(badge.colour());
    for (const BadgeReason& reason : badge.reasons) {
        text += &reason == &badge.reasons.front() ? ": " : "; ";
        text += reason.message + " (line " + std::to_string(reason.span.line) + ")";
    }
    return text;
}

} // namespace weir::sql
