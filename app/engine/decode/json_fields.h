// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_text.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Where a field stands in a JSON value, from the outside in: names of objects and places in arrays.
struct JsonFieldPath
{
    struct Step
    {
        std::string name;
        std::optional<std::size_t> place; ///< in an array; then there is no name
        bool operator==(const Step&) const = default;
    };
    std::vector<Step> steps;

    /// "customer.id", "items[0].sku"; a name with dots or brackets stands in back-quotes. Nothing for no path.
    static std::optional<JsonFieldPath> parse(std::string_view text);
    std::string text() const;
    bool operator==(const JsonFieldPath&) const = default;
};

/// A field as it stands in a value.
struct JsonFieldText
{
    std::string text; ///< strings without quotes and escapes; objects and arrays as they stand
    JsonLineKind kind = JsonLineKind::Null;
};

/// The fields of one value, for the eye: bounded like layOutJson(), so that a field far behind in a huge value is not
/// found. The last one of a name counts.
std::vector<std::optional<JsonFieldText>> jsonFieldsOf(std::string_view value, std::span<const JsonFieldPath> paths);

} // namespace weir
