// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/write_unlocked.h"
#include "connectors/record/record.h"

#include <memory>
#include <string>
#include <vector>

namespace weir::kafka {

/// A record to write; partition -1 lets the key decide, timestamp 0 means now.
struct OutgoingRecord
{
    std::int32_t partition = -1;
    EpochMs timestamp = 0;
    std::optional<std::string_view> key;
    std::optional<std::string_view> value;
    std::vector<Header> headers;
};

/// Writes records to one cluster. One thread. Everything handed over is copied.
class Producer
{
public:
    static Result<std::unique_ptr<Producer>> open(const WriteUnlocked& proof, const KafkaSettings& settings);
    virtual ~Producer() = default;

    /// Queues one record; waits while the queue is full. Delivery failures come back from the next call or flush().
    virtual Result<void> produce(const std::string& topic, const OutgoingRecord& record) = 0;
    virtual Result<void> flush(std::chrono::milliseconds timeout) = 0;
    /// Commits an offset for a group without joining it (the demo's consumers).
    virtual Result<void> commitOffset(
        const std::string& group, const TopicPartition& partition, std::int64_t offset) = 0;
};

} // namespace weir::kafka
