// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/capture_folder.h"
#include "connectors/capture/playback.h"
#include "connectors/record/cluster.h"

namespace weir::capture {

struct FolderSettings
{
    std::string root;
    std::shared_ptr<MemoryBudget> budget; ///< may be null
    const Clock* clock = &SystemClock::instance();
    std::shared_ptr<Playback> playback = nullptr; ///< the folder's time; null: everything is there at once
};

/// A capture, or a broker's own data folder, as a cluster to look at. Its topics end where the folder ends; a folder
/// that somebody still writes is followed. A capture plays from its beginning where a live topic would start at its
/// end. Touches the disk with the first question, and again with the next one after a failure; that tells what is wrong
/// with the folder.
class FolderCluster : public Cluster
{
public:
    /// *Blocks.* What lies in the folder; the same for all that is opened here.
    virtual Result<std::shared_ptr<CaptureFolder>> content() = 0;
};

std::shared_ptr<FolderCluster> openFolder(const FolderSettings& settings);

} // namespace weir::capture
