// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <librdkafka/rdkafka.h>

#include <optional>

namespace weir::kafka {

/// Copies messages into batches as the client library hands them out: a batch ends where another partition begins or
/// where it is full. One thread.
class BatchCollector
{
public:
    /// `budget` may be null.
    BatchCollector(std::shared_ptr<const std::string> topic, std::shared_ptr<MemoryBudget> budget);

    /// Of the messages that add() copies from now on.
    void setReceiveTime(EpochMs time) { m_receiveTime = time; }
    /// Copies key, value and headers (null stays null, empty stays empty) and takes the gaps in front of the message
    /// away. `next` is the message that the client library handed out behind this one, null if there is none.
    void add(const rd_kafka_message_t& message, const rd_kafka_message_t* next, std::vector<Gap>& gaps);
    /// All batches since the last call.
    std::vector<RecordBatchPtr> take();

private:
    RecordBatchBuilder& builderFor(PartitionId partition, std::size_t bytes);
    void finishBatch();

    std::shared_ptr<const std::string> m_topic;
    std::shared_ptr<MemoryBudget> m_budget;
    EpochMs m_receiveTime = 0;
    std::optional<RecordBatchBuilder> m_builder;
    PartitionId m_partition; ///< of the builder
    std::vector<RecordBatchPtr> m_batches;
};

} // namespace weir::kafka
