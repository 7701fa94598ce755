// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/ledger.h"
#include "connectors/capture/schema_ids.h"
#include "connectors/record/clock.h"
#include "connectors/record/result.h"
#include "connectors/record/topic_partition.h"

#include <map>
#include <string>
#include <vector>

namespace weir::capture {

inline constexpr std::string_view manifestName = "capture.json";

/// How one partition lies in a capture.
struct PartitionEntry
{
    PartitionId id;
    std::string folder; ///< its name below the root
    Ledger ledger;
};

struct TopicEntry
{
    std::string name;
    std::string id; ///< as the cluster tells it; empty: not told
    std::string cleanupPolicy; ///< "delete", "compact", …; empty: not told
    SchemaUses schemas; ///< met in what was stored; known when the capture is complete
    std::vector<PartitionEntry> partitions;
};

/// How a capture came about and where it stands.
enum class CaptureState : std::uint8_t { Running, Complete };

/// capture.json: what the capture is of, how it was made, and the ledger. A checksum of its own at the end.
struct Manifest
{
    CaptureState state = CaptureState::Running;
    std::string program; ///< that wrote it
    std::string clusterId; ///< empty: not told
    std::string connection; ///< the user's name for it; never an address with credentials
    /// Whether batch bounds, leader epochs and control batches are the broker's own ("log") or made here ("client").
    bool exact = false;
    std::map<std::string, std::string> settings; ///< as they were asked: where, from, until, codec, …
    EpochMs startedAt = 0;
    EpochMs stoppedAt = 0; ///< 0 while it runs
    std::string stopReason;
    std::vector<TopicEntry> topics;
};

std::string toJson(const Manifest& manifest);
/// Errors: no JSON, another format, a newer version, wrong checksum, folders that are no plain names, a ledger that
/// does not add up.
Result<Manifest> manifestOf(std::string_view json);

/// The folder of a partition: "orders-3", as a broker names it. What is no legal topic name in Kafka is escaped.
std::string folderOf(const TopicPartition& partition);
/// The other way round, for folders without a manifest. nullopt: no folder of a partition.
std::optional<TopicPartition> partitionOf(std::string_view folder);

} // namespace weir::capture
