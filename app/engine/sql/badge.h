// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/diagnostic.h"

#include <string>
#include <vector>

namespace weir::sql {

enum class BadgeColour : std::uint8_t {
    Green, ///< runs unchanged on Flink 1.20 and later
    Amber, ///< runs there with a version or an option that the reason names, or not in every respect as here
    Red, ///< runs here only
};

struct BadgeReason
{
    BadgeColour colour = BadgeColour::Amber;
    SourceSpan span; ///< of the token that needs it
    std::string message;
};

/// Whether a query can leave this machine: the worst of its reasons; green where there are none.
struct Badge
{
    std::vector<BadgeReason> reasons; ///< worst first, then by place; each message once
    BadgeColour colour() const;
    void add(BadgeColour colour, const SourceSpan& span, std::string message);
};

const char* nameOf(BadgeColour colour);

/// "amber: SESSION needs Flink 1.19 or later (line 12)", or "green: runs unchanged on Flink".
std::string describe(const Badge& badge);

} // namespace weir::sql
