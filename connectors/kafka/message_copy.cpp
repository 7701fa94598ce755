// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/message_copy.h"

#include <cstring>

namespace weir::kafka {

namespace {

std::optional<std::string_view> bytesOf(const void* data, std::size_t size)
{
    if (!data)
        return std::nullopt;
    return std::string_view(static_cast<const char*>(data), size);
}

/// Calls `visit(name, value)` for every header in order.
template <typename Visit>
void forEachHeader(const rd_kafka_message_t& message, Visit&& visit)
{
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i)
        visit(std::string_view(name), bytesOf(value, size));
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

BatchSize sizeOf(std::span<rd_kafka_message_t* const> messages)
{
    BatchSize size;
    size.records = messages.size();
    for (const rd_kafka_message_t* message : messages) {
        size.bytes += message->len + message->key_len;
        forEachHeader(*message, [&size](std::string_view name, std::optional<std::string_view> value) {
            ++size.headers;
            size.bytes += name.size() + (value ? value->size() : 0);
        });
    }
    return size;
}

void append(RecordBatchBuilder& builder, const rd_kafka_message_t& message)
{
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const std::int64_t timestamp = rd_kafka_message_timestamp(&message, &type);
    const TimestampType recordType = typeOf(type);
    builder.add(message.offset, recordType == TimestampType::NotAvailable ? 0 : timestamp, recordType,
        bytesOf(message.key, message.key_len), bytesOf(message.payload, message.len));
    forEachHeader(message,
        [&builder](std::string_view name, std::optional<std::string_view> value) { builder.addHeader(name, value); });
}

} // namespace weir::kafka
