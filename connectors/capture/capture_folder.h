// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/manifest.h"
#include "connectors/capture/observations.h"
#include "connectors/capture/partition_log.h"

namespace weir::capture {

/// One partition of an opened folder.
struct FolderPartition
{
    std::shared_ptr<PartitionLog> log;
    Ledger ledger; ///< empty where nobody kept one
    std::shared_ptr<const KnownBatches> known; ///< never null; empty without arrivals

    /// Of the log, or of what arrivals say was written to it, whichever is later: damage takes nothing from that. For
    /// a folder that nobody writes any more.
    Result<std::int64_t> writtenEnd() const;
};

struct FolderTopic
{
    std::string id; ///< empty: not told
    std::string cleanupPolicy; ///< empty: not told
    SchemaUses schemas; ///< of a complete capture
};

/// What lies in a folder that was opened: a capture of ours, the data folder of a broker (one of its log.dirs), or the
/// folder of one partition.
struct CaptureFolder
{
    std::string root;
    bool isCapture = false;
    bool grows = false; ///< somebody may still be writing it
    std::optional<Manifest> manifest; ///< of a capture, when it is there and intact
    std::optional<std::int64_t> arrivalFiles; ///< how many there are; nullopt: none
    std::string clusterId; ///< empty: not told
    std::map<TopicPartition, FolderPartition> partitions;
    std::map<std::string, FolderTopic> topics;
    std::shared_ptr<const Observations> observations; ///< of a capture; null otherwise
    std::vector<std::string> damages; ///< of manifest, arrivals and observations, in words, with the file's name

    /// Reads names, sizes and arrivals, no segments: as quick for a large capture as for a small one. An Error when
    /// this is none of the three.
    static Result<std::shared_ptr<CaptureFolder>> open(const std::string& root);
};

} // namespace weir::capture
