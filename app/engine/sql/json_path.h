// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir::sql {

/// One step of a JSON path.
struct JsonStep
{
    enum class Kind : std::uint8_t { Member, Items, Slice, All };

    Kind kind = Kind::Member;
    bool deep = false; ///< at any depth: ..name
    std::string name; ///< Member
    std::vector<std::int64_t> items; ///< Items, from 0; negative ones from the end
    std::int64_t from = 0; ///< Slice, like items
    std::int64_t to = std::numeric_limits<std::int64_t>::max(); ///< Slice, exclusive
};

/// "lax $.a.b[2]['c d']" as Flink's JSON functions take it: strict unless `lax` stands in front.
struct JsonPath
{
    bool lax = false;
    std::vector<JsonStep> steps;

    /// Whether it means one value at most; otherwise it gives a list, which may be empty.
    bool definite() const;
};

/// The path, or what is wrong with it.
std::variant<JsonPath, std::string> parseJsonPath(std::string_view text);

} // namespace weir::sql
