// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_source.h"

#include <algorithm>
#include <thread>

namespace weir {

RecordBatchPtr fakeBatch(const std::string& topic, PartitionId partition, const std::vector<FakeRecord>& records,
    const std::shared_ptr<MemoryBudget>& budget)
{
    BatchSize size{records.size(), 0, 0};
    for (const FakeRecord& record : records)
        size.bytes += record.value ? record.value->size() : 0;
    RecordBatchBuilder builder(std::make_shared<const std::string>(topic), partition, size);
    for (const FakeRecord& record : records) {
        builder.add(record.offset, record.timestamp, TimestampType::CreateTime, std::nullopt,
            record.value ? std::optional<std::string_view>(*record.value) : std::nullopt);
    }
    return builder.finish(0, budget);
}

FakeSource::FakeSource(std::string topic, std::vector<PartitionId> partitions, bool bounded)
    : m_topic(std::move(topic)), m_partitions(std::move(partitions)), m_bounded(bounded)
{ }

void FakeSource::addPoll(std::vector<RecordBatchPtr> batches)
{
    const std::scoped_lock lock(m_mutex);
    m_script.push_back({std::move(batches), std::nullopt});
}

void FakeSource::addError(Error error)
{
    const std::scoped_lock lock(m_mutex);
    m_script.push_back({{}, std::move(error)});
}

void FakeSource::end()
{
    const std::scoped_lock lock(m_mutex);
    m_bounded = true;
}

Result<std::vector<RecordBatchPtr>> FakeSource::poll(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    if (m_next == m_script.size()) {
        lock.unlock();
        std::this_thread::sleep_for(std::min(timeout, std::chrono::milliseconds(1)));
        return std::vector<RecordBatchPtr>();
    }
    Entry entry = std::move(m_script[m_next++]);
    if (entry.error)
        return *entry.error;
    return std::move(entry.batches);
}

bool FakeSource::hasMore(PartitionId partition) const
{
    for (std::size_t i = m_next; i < m_script.size(); ++i) {
        for (const RecordBatchPtr& batch : m_script[i].batches) {
            if (batch->partition() == partition)
                return true;
        }
    }
    return false;
}

SourceState FakeSource::state() const
{
    const std::scoped_lock lock(m_mutex);
    SourceState state;
    state.connection = Connection::Up;
    for (const PartitionId partition : m_partitions) {
        PartitionPosition position;
        position.partition = partition;
        position.ended = m_bounded && !hasMore(partition);
        state.partitions.push_back(position);
    }
    state.ended = m_bounded && m_next == m_script.size();
    return state;
}

} // namespace weir
