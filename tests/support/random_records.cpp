// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/random_records.h"

namespace weir::test {

namespace {

std::optional<std::string> owned(const std::optional<std::string_view>& bytes)
{
    return bytes ? std::optional(std::string(*bytes)) : std::nullopt;
}

} // namespace

RandomRecords::RandomRecords(std::uint32_t seed, std::string topic, int partition, RecordShape shape)
    : m_random(seed), m_topic(std::make_shared<const std::string>(std::move(topic))), m_partition{partition},
      m_shape(shape)
{ }

std::string RandomRecords::bytes(std::size_t size)
{
    std::string text(size, '\0');
    const bool plain = below(2) == 0;
    for (char& c : text)
        c = static_cast<char>(plain ? 'a' + below(4) : below(256));
    return text;
}

std::optional<std::string> RandomRecords::field(std::size_t largest)
{
    switch (below(10)) {
    case 0:
        return std::nullopt;
    case 1:
        return std::string();
    default:
        return bytes(static_cast<std::size_t>(below(static_cast<int>(largest) + 1)));
    }
}

void RandomRecords::addOne(RecordBatchBuilder& builder, EpochMs time, TimestampType type)
{
    const auto key = field(20);
    const auto value = field(m_shape.largest);
    builder.add(m_offset++, time, type, key, value);
    const int headers = below(4) == 0 ? below(5) : 0;
    for (int h = 0; h < headers; ++h)
        builder.addHeader(below(3) == 0 ? "same" : bytes(static_cast<std::size_t>(below(12))), field(30));
}

RecordBatchPtr RandomRecords::next(std::size_t count)
{
    RecordBatchBuilder builder(m_topic, m_partition, {count, count * 5, count * (m_shape.largest + 300) + 64});
    const bool append = m_shape.appendTime && below(4) == 0;
    const std::int32_t epoch = m_shape.epochs && below(2) == 0 ? below(50) : -1;
    for (std::size_t i = 0; i < count; ++i) {
        if (m_shape.gaps && below(20) == 0) {
            const std::int64_t first = m_offset;
            m_offset += 1 + below(50);
            if (below(2) == 0)
                builder.addGap({first, m_offset, static_cast<GapReason>(below(5))});
        }
        const bool none = m_shape.noTime && below(10) == 0;
        const TimestampType type = none ? TimestampType::NotAvailable
            : append                    ? TimestampType::LogAppendTime
                                        : TimestampType::CreateTime;
        if (!append || below(10) == 0)
            m_time += below(100) - 20;
        addOne(builder, none ? 0 : m_time, type);
        if (epoch >= 0)
            builder.setLeaderEpoch(epoch);
    }
    return builder.finish(m_time + 5, nullptr);
}

void keep(const RecordBatch& batch, std::vector<KeptRecord>& into)
{
    for (std::size_t i = 0; i < batch.size(); ++i) {
        KeptRecord record;
        record.offset = batch.offset(i);
        record.timestamp = batch.timestamp(i);
        record.type = batch.timestampType(i);
        record.key = owned(batch.key(i));
        record.value = owned(batch.value(i));
        for (std::size_t h = 0; h < batch.headerCount(i); ++h)
            record.headers.emplace_back(batch.header(i, h).name, owned(batch.header(i, h).value));
        record.epoch = batch.leaderEpoch(i);
        into.push_back(std::move(record));
    }
}

} // namespace weir::test
