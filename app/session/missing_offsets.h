// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

namespace weir {

/// How many offsets that were asked for the batch tells to be gone: by retention, by damage, for want of room. Others
/// without a record (control records, compaction, a filter) are not missed.
std::int64_t missingOffsets(const RecordBatch& batch);

} // namespace weir
