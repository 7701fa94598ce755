// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/capture_folder.h"
#include "connectors/capture/playback.h"
#include "connectors/record/cluster.h"

namespace weir::capture {

/// When what a folder holds came: by its arrivals, and where nobody wrote them down by the highest timestamp so far.
/// Timestamps cost a look at both ends of each partition.
Result<std::optional<PlaybackSpan>> spanOf(const CaptureFolder& folder);

/// The first time behind `after` at which something came to any partition; nullopt: never, or not written down.
std::optional<EpochMs> nextArrival(const CaptureFolder& folder, EpochMs after);

/// One past the last offset of a partition that had come by `time`; nullopt: not written down.
std::optional<std::int64_t> endOffsetAt(const FolderPartition& partition, EpochMs time);

/// Records of a topic by the second in which they came, in (after, until]; empty where that was not written down.
std::vector<ArrivedRecords> arrivedRecords(
    const CaptureFolder& folder, const std::string& topic, EpochMs after, EpochMs until);

} // namespace weir::capture
