// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/cluster.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// Which records of a batch an SQL expression lets through. Records that it cannot be asked for, because their value
/// cannot be decoded, are let through and counted: what is kept can still be thrown away. One thread.
class RecordFilter
{
public:
    virtual ~RecordFilter() = default;
    virtual std::vector<std::uint32_t> select(const RecordBatchPtr& batch) = 0;
    virtual std::uint64_t undecodable() const = 0; ///< records let through because of that
};

/// An expression bound to one topic; makes a filter for each thread.
class RecordFilterFactory
{
public:
    virtual ~RecordFilterFactory() = default;
    virtual std::unique_ptr<RecordFilter> make() const = 0;

    /// `where` is what stands behind WHERE: SQL over the fields of the topic's JSON values, as a sample of the newest
    /// ones tells them, and over `topic`, `partition`, `offset`, `timestamp`, `key` and `headers`; of equal names the
    /// field is meant, and the others have an underscore in front too. *Blocks*: reads that sample. Error: what is
    /// wrong with the expression, with its line and column.
    static Result<std::shared_ptr<const RecordFilterFactory>> compile(
        Cluster& cluster, const std::string& topic, const std::string& where, const Clock& clock);
};

} // namespace weir
