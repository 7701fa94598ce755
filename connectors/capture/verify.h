// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/ledger.h"
#include "connectors/capture/manifest.h"

#include <functional>
#include <string>
#include <vector>

namespace weir::capture {

/// Something that verify() met.
struct Finding
{
    std::string where; ///< file or partition
    std::string what;
    bool isWrong = true; ///< false: worth a word, nothing is lost or false by it
};

struct VerifiedPartition
{
    TopicPartition name;
    std::size_t segments = 0;
    std::uint64_t bytes = 0;
    std::uint64_t batches = 0;
    std::uint64_t records = 0;
    std::uint64_t controlBatches = 0;
    std::uint64_t transactionalBatches = 0;
    std::int64_t begin = 0; ///< first offset of the first segment
    std::int64_t end = 0; ///< one past the last intact batch
    LedgerInterval ledger; ///< in total; empty where nobody kept one
};

struct VerifyReport
{
    bool isCapture = false;
    bool isOpen = false; ///< somebody still writes it
    std::string cleanupNote; ///< which holes are explained by the topic's policy alone; empty: none
    std::vector<VerifiedPartition> partitions;
    std::vector<Finding> findings;
    std::uint64_t findingsLeftOut = 0; ///< there are more than anybody reads

    bool isIntact() const;
};

/// Called now and then with the bytes looked at and those there are; false: stop.
using VerifyProgress = std::function<bool(std::uint64_t done, std::uint64_t all)>;

/// Checks everything in a folder: each batch by its checksum and each record in it, order of offsets, indexes, what
/// arrivals vouch for, and that the ledger explains each offset and counts what is there. Error: it cannot be read, or
/// `progress` said stop (ErrorKind::Cancelled).
Result<VerifyReport> verify(const std::string& root, const VerifyProgress& progress = {});

} // namespace weir::capture
