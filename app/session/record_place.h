// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/cluster.h"
#include "connectors/record/row_store.h"

#include <atomic>
#include <string>

namespace weir {

/// Where a record stands in its topic.
struct RecordPlace
{
    TopicPartition partition;
    std::int64_t offset = 0;

    /// "7@88120314" of a topic. Error: what cannot be understood.
    static Result<RecordPlace> parse(const std::string& topic, const std::string& words);
    std::string text() const; ///< as parse() understands it, without the topic
    auto operator<=>(const RecordPlace&) const = default;
};

RecordPlace placeOf(const RecordBatch& batch, std::size_t index);

/// *Blocks.* ErrorKind::NotFound where there is no record.
Result<StoredRow> readRecord(Cluster& cluster, const RecordPlace& place);

/// *Blocks.* The record in front of another that has its key, in the same partition: the one before, as consumers see
/// it. Reads backwards in growing steps, to the beginning if need be. ErrorKind::NotFound where there is none,
/// ErrorKind::Cancelled when `cancelled` was set.
Result<StoredRow> recordBefore(Cluster& cluster, const RecordPlace& place, std::optional<std::string_view> key,
    const std::atomic<bool>& cancelled);

/// *Blocks* up to `patience` and a disk. The row of a record in a view; nullopt: it is not among them.
std::optional<std::int64_t> findRow(const RowStore& rows, const RecordPlace& place);

} // namespace weir
