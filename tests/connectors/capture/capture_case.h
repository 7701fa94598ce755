// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/capture_writer.h"
#include "connectors/capture/folder_cluster.h"
#include "tests/support/random_records.h"

#include <QString>

#include <functional>
#include <map>
#include <set>

namespace weir::test {

using Kept = std::map<TopicPartition, std::vector<KeptRecord>>;

/// What a capture of some topics is told about them.
capture::Manifest aboutTopics(const std::map<std::string, int>& partitionsOf);

/// Writes random batches of all partitions in turn; what was stored comes back by partition.
struct WrittenCapture
{
    Kept records;
    Result<void> finished; ///< of finish()
    std::optional<Error> failed; ///< the first append() that did
};
struct CapturePlan
{
    std::map<std::string, int> topics{{"orders", 2}, {"pay.ments", 1}};
    capture::CaptureSettings settings;
    std::uint32_t seed = 1;
    int rounds = 20; ///< batches per partition
    std::size_t mostRecords = 40; ///< per batch
    RecordShape shape;
    bool finish = true;
};
WrittenCapture writeCapture(
    const QString& folder, const CapturePlan& plan, capture::Storage& storage = capture::Storage::disk());

/// Everything in a folder through its Source, topic by topic.
struct FolderReading
{
    std::function<void(const RecordBatch& batch)> batch;
    std::function<void(const std::string& topic, const SourceState& last)> state; ///< may be null
    const ReadRequest* request = nullptr; ///< null: from the beginning to the end
};
Result<void> readFolder(const QString& folder, const FolderReading& reading);
/// All records, by partition; `states` takes the last state of each topic's source.
Result<Kept> readFolder(
    const QString& folder, std::map<std::string, SourceState>* states = nullptr, const ReadRequest* request = nullptr);

/// "" if all records of `found` are among those expected, in order and unchanged; else what is wrong.
QString foreignIn(const Kept& found, const Kept& expected);

} // namespace weir::test
