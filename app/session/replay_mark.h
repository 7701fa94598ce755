// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"
#include "connectors/record/topic_partition.h"

#include <map>
#include <string>

namespace weir {

/// How far a replay got: the next offset of each partition of its source, kept in a file of a few lines of text.
struct ReplayMark
{
    std::string source; ///< which topic of which cluster is read
    std::string target; ///< and written
    std::map<PartitionId, std::int64_t> next;

    /// ErrorKind::NotFound when there is no such file, Corrupt when it is none of these.
    static Result<ReplayMark> load(const std::string& path);
    /// The file is the old or the new one, whole, at any moment.
    Result<void> save(const std::string& path) const;
};

} // namespace weir
