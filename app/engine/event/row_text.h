// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"

#include <string>
#include <string_view>

namespace weir {

/// One row as a JSON object, encoded as tests compare with Flink: integers with all digits, DECIMAL as text with its
/// full scale, NaN and infinities as text, TIMESTAMP "2024-03-01 12:00:00.000", TIMESTAMP_LTZ the same in UTC with a Z,
/// BYTES as Base64, ROW and MAP as objects, ARRAY as array. A row that is no insert has "$op" first.
void appendJsonRow(std::string& out, const ResultBatch& batch, std::size_t row);

/// One row as Flink's print connector writes it: "+I[a, 1, null]".
void appendPrintRow(std::string& out, const ResultBatch& batch, std::size_t row);

/// One cell for the eye: exact, no quotes; nested values as JSON; "" for NULL (which tables draw apart).
std::string cellText(const Column& column, std::size_t row);

} // namespace weir
