// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_fields.h"
#include "app/session/filter_table.h"

#include <optional>
#include <string>

namespace weir {

enum class ValueComparison : std::uint8_t { Equal, NotEqual };

/// SQL for "this value and no other", over the columns of `table`. A NULL is asked for by IS NULL; other values are
/// told from NULLs, so that excluding one keeps the NULLs.
std::string fieldCondition(const FilterTable& table, const JsonFieldPath& path,
    const std::optional<JsonFieldText>& value, ValueComparison comparison);
/// `column` is key, topic, partition, offset or timestamp (of the record `index`); empty for another.
std::string recordCondition(const FilterTable& table, const std::string& column, const RecordBatch& batch,
    std::size_t index, ValueComparison comparison);

} // namespace weir
