// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/missing_offsets.h"

namespace weir {

std::int64_t missingOffsets(const RecordBatch& batch)
{
    std::int64_t missing = 0;
    for (const Gap& gap : batch.gaps()) {
        const bool isMissed = gap.reason == GapReason::Retention || gap.reason == GapReason::Undecodable
            || gap.reason == GapReason::Dropped;
        missing += isMissed ? gap.end - gap.first : 0;
    }
    return missing;
}

} // namespace weir
