// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <vector>

namespace weir::capture {

/// Offsets from `from` to the batch's last record that have none, ascending and without overlap: the gaps that the
/// batch tells of, and jumps that it is silent about as "not told". Gaps behind the last record come last.
std::vector<Gap> holesOf(const RecordBatch& batch, std::int64_t from);

/// First offset that a batch tells something of: `start`, its first record or its first gap.
std::int64_t beginningOf(const RecordBatch& batch, std::int64_t start);

} // namespace weir::capture
