// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"

namespace weir {

/// How Flink's 'raw' format lays numbers out.
struct RawOptions
{
    bool littleEndian = false; ///< 'raw.endianness'
};

/// Whether the bytes of a key can be one value of `type`: text, bytes, BOOLEAN and the numbers but DECIMAL.
bool canReadRawAs(const LogicalType& type);

/// The key of each record as one value: NULL for none, an error in `errors` where its length is not that of the type.
Column decodeRawKeys(
    const RecordBatch& batch, const LogicalType& type, RawOptions options, std::vector<RowError>& errors);

/// The bytes of row `row` of `column` in the same form; nothing for NULL.
std::optional<std::string> encodeRaw(const Column& column, std::size_t row, RawOptions options);

} // namespace weir
