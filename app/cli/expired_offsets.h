// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/verb.h"
#include "connectors/record/record_batch.h"

#include <string>

namespace weir::cli {

/// Offsets in front of and within the batch that were asked for but that retention removed before they were read.
std::int64_t expiredOffsets(const RecordBatch& batch);

/// Done when there are none, else Incomplete and a word on stderr.
ExitCode tellExpired(const std::string& topic, std::int64_t offsets);

} // namespace weir::cli
