// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/source.h"

#include <atomic>
#include <mutex>
#include <vector>

namespace weir {

/// One record of a script.
struct FakeRecord
{
    std::int64_t offset = 0;
    std::optional<std::string> value;
    EpochMs timestamp = 0;
};

RecordBatchPtr fakeBatch(const std::string& topic, PartitionId partition, const std::vector<FakeRecord>& records,
    const std::shared_ptr<MemoryBudget>& budget = nullptr);

/// A Source that plays a script: each poll gives the next entry. A partition ends with its last batch and the source
/// with its script, unless it is left open: then it waits for more, as a live topic does. add*() may be called while it
/// is read.
class FakeSource final : public Source
{
public:
    FakeSource(std::string topic, std::vector<PartitionId> partitions, bool bounded = true);

    void addPoll(std::vector<RecordBatchPtr> batches);
    void addError(Error error);
    /// From now on the script is all there is.
    void end();

    Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds timeout) override;
    SourceState state() const override;
    const std::string& topic() const override { return m_topic; }

private:
    struct Entry
    {
        std::vector<RecordBatchPtr> batches;
        std::optional<Error> error;
    };

    bool hasMore(PartitionId partition) const;

    const std::string m_topic;
    const std::vector<PartitionId> m_partitions;
    mutable std::mutex m_mutex;
    bool m_bounded;
    std::vector<Entry> m_script;
    std::size_t m_next = 0;
};

} // namespace weir
