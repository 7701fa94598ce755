// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/batch_collector.h"

#include <algorithm>

namespace weir::kafka {

namespace {

constexpr std::size_t batchRecords = 2000;
constexpr std::size_t batchBytes = 512 << 10;

std::optional<std::string_view> bytesOf(const void* data, std::size_t size)
{
    if (!data)
        return std::nullopt;
    return std::string_view(static_cast<const char*>(data), size);
}

/// Whether the bytes tell that a message has no headers. A value is followed by the number of headers, the next record
/// begins at most this many bytes later; where it does, the byte behind the value is within the same buffer. Formats
/// before version 2 have no headers at all, so that whatever byte stands there, a zero is no lie.
bool hasNoHeaders(const rd_kafka_message_t& message, const rd_kafka_message_t* next)
{
    constexpr std::ptrdiff_t longestRecordStart = 40;
    if (!message.payload || !next)
        return false;
    const char* end = static_cast<const char*>(message.payload) + message.len;
    const char* follows = static_cast<const char*>(next->key ? next->key : next->payload);
    const std::ptrdiff_t distance = follows - end;
    return follows && distance > 0 && distance <= longestRecordStart && *end == 0;
}

/// null where a message has none, which is nearly always. librdkafka allocates to find that out, which takes longer
/// than to copy a small record: the bytes are asked first.
rd_kafka_headers_t* headersOf(const rd_kafka_message_t& message, const rd_kafka_message_t* next)
{
    if (hasNoHeaders(message, next))
        return nullptr;
    rd_kafka_headers_t* headers = nullptr;
    return rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR ? headers : nullptr;
}

/// Calls `visit(name, value)` for every header in order.
template <typename Visit>
void forEachHeader(const rd_kafka_headers_t* headers, Visit&& visit)
{
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i)
        visit(std::string_view(name), bytesOf(value, size));
}

std::size_t headerBytes(const rd_kafka_headers_t* headers)
{
    std::size_t bytes = 0;
    forEachHeader(headers, [&bytes](std::string_view name, std::optional<std::string_view> value) {
        bytes += name.size() + (value ? value->size() : 0);
    });
    return bytes;
}

TimestampType typeOf(rd_kafka_timestamp_type_t type)
{
    switch (type) {
    case RD_KAFKA_TIMESTAMP_CREATE_TIME:
        return TimestampType::CreateTime;
    case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME:
        return TimestampType::LogAppendTime;
    default:
        return TimestampType::NotAvailable;
    }
}

} // namespace

BatchCollector::BatchCollector(std::shared_ptr<const std::string> topic, std::shared_ptr<MemoryBudget> budget)
    : m_topic(std::move(topic)), m_budget(std::move(budget))
{ }

void BatchCollector::add(const rd_kafka_message_t& message, const rd_kafka_message_t* next, std::vector<Gap>& gaps)
{
    const rd_kafka_headers_t* headers = headersOf(message, next);
    const std::size_t bytes = message.key_len + message.len + (headers ? headerBytes(headers) : 0);
    RecordBatchBuilder& builder = builderFor({message.partition}, bytes);
    for (const Gap& gap : gaps)
        builder.addGap(gap);
    gaps.clear();
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const std::int64_t timestamp = rd_kafka_message_timestamp(&message, &type);
    const TimestampType recordType = typeOf(type);
    builder.add(message.offset, recordType == TimestampType::NotAvailable ? 0 : timestamp, recordType,
        bytesOf(message.key, message.key_len), bytesOf(message.payload, message.len));
    if (headers)
        forEachHeader(headers, [&builder](std::string_view name, std::optional<std::string_view> value) {
            builder.addHeader(name, value);
        });
}

RecordBatchBuilder& BatchCollector::builderFor(PartitionId partition, std::size_t bytes)
{
    if (m_builder && m_partition == partition && m_builder->hasRoomFor(bytes))
        return *m_builder;
    finishBatch();
    m_partition = partition;
    return m_builder.emplace(m_topic, partition, BatchSize{batchRecords, 0, std::max(bytes, batchBytes)});
}

void BatchCollector::finishBatch()
{
    if (!m_builder)
        return;
    m_batches.push_back(m_builder->finish(m_receiveTime, m_budget));
    m_builder.reset();
}

std::vector<RecordBatchPtr> BatchCollector::take()
{
    finishBatch();
    return std::exchange(m_batches, {});
}

} // namespace weir::kafka
