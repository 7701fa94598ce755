// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/expired_offsets.h"

#include "app/cli/output.h"

namespace weir::cli {

std::int64_t expiredOffsets(const RecordBatch& batch)
{
    std::int64_t offsets = 0;
    for (const Gap& gap : batch.gaps()) {
        if (gap.reason == GapReason::Retention)
            offsets += gap.end - gap.first;
    }
    return offsets;
}

ExitCode tellExpired(const std::string& topic, std::int64_t offsets)
{
    if (offsets == 0)
        return ExitCode::Done;
    complain("Incomplete: " + grouped(offsets) + " of the offsets asked for are no longer in " + topic + ".");
    return ExitCode::Incomplete;
}

} // namespace weir::cli
