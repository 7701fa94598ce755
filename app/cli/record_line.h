// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <string>

namespace weir::cli {

/// One record as a JSON object: topic, partition, offset, timestamp (ms), key, value, headers. A value that is one
/// valid JSON object or array stands as it is (white space between its tokens folded); other text is a JSON string;
/// bytes that are no UTF-8 stand as {"base64": "…"}; null is null.
void appendRecordLine(std::string& line, const RecordBatch& batch, std::size_t i);

} // namespace weir::cli
