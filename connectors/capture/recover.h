// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/storage.h"
#include "connectors/capture/verify.h"
#include "connectors/record/clock.h"

namespace weir::capture {

/// Offsets of a partition that could not be saved.
struct LostRange
{
    TopicPartition partition;
    std::int64_t first = 0;
    std::int64_t end = 0;
};

struct RecoverReport
{
    std::uint64_t batches = 0; ///< saved, byte for byte
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    std::vector<LostRange> lost;
    std::vector<std::string> damages; ///< met in the old folder, in words
    VerifyReport verified; ///< of the new capture: only its word counts
};

/// Writes a new capture at `to` with everything that is intact in the folder `from`, which stays as it is, and verifies
/// the new one. Error: `from` cannot be read, `to` cannot be written, or `progress` said stop.
Result<RecoverReport> recover(const std::string& from, const std::string& to, const Clock& clock,
    const VerifyProgress& progress = {}, Storage& storage = Storage::disk());

} // namespace weir::capture
