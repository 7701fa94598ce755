// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/capture_folder.h"
#include "connectors/record/cluster.h"

namespace weir::capture {

struct FolderSettings
{
    std::string root;
    std::shared_ptr<MemoryBudget> budget; ///< may be null
    const Clock* clock = &SystemClock::instance();
};

/// A capture, or a broker's own data folder, as a cluster to look at. Its topics end where the folder ends; a folder
/// that somebody still writes is followed. A capture plays from its beginning where a live topic would start at its
/// end. Touches the disk with the first question, and again with the next one after a failure; that tells what is wrong
/// with the folder.
std::shared_ptr<Cluster> openFolder(const FolderSettings& settings);

} // namespace weir::capture
