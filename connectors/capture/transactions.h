// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/partition_log.h"

#include <map>

namespace weir::capture {

/// Which batches of a partition belong to transactions that were aborted or are still open, told by the control batches
/// of its log.
class Transactions
{
public:
    /// Reads the whole partition.
    static Result<Transactions> of(const PartitionLog& log);

    bool isAborted(const BatchHeader& header) const;
    /// Where the oldest transaction that is still open begins; readers of committed records stop here. INT64_MAX: none.
    std::int64_t firstOpen() const;

private:
    struct Range
    {
        std::int64_t first = 0;
        std::int64_t end = 0;
    };
    void add(const FoundBatch& batch);

    std::map<std::int64_t, std::vector<Range>> m_aborted; ///< by producer
    std::map<std::int64_t, std::int64_t> m_open; ///< by producer: first offset
};

} // namespace weir::capture
