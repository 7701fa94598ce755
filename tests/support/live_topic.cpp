// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/live_topic.h"

namespace weir::test {

namespace {

std::optional<std::string_view> viewOf(const std::optional<std::string>& text)
{
    return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

} // namespace

class LiveTopic::LiveSource final : public Source
{
public:
    LiveSource(std::string topic, std::shared_ptr<State> state) : m_topic(std::move(topic)), m_state(std::move(state))
    {
        ++m_state->opened;
        ++m_state->alive;
    }
    ~LiveSource() override { --m_state->alive; }

    Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds timeout) override
    {
        std::unique_lock lock(m_state->mutex);
        m_state->changed.wait_for(
            lock, std::min(timeout, std::chrono::milliseconds(5)), [this] { return !m_state->next.empty(); });
        return std::exchange(m_state->next, {});
    }
    SourceState state() const override
    {
        const std::scoped_lock lock(m_state->mutex);
        return m_state->source;
    }
    const std::string& topic() const override { return m_topic; }

private:
    std::string m_topic;
    std::shared_ptr<State> m_state;
};

class LiveTopic::RangeSource final : public Source
{
public:
    RangeSource(std::string topic, std::vector<RecordBatchPtr> batches)
        : m_topic(std::move(topic)), m_batches(std::move(batches))
    { }

    Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds) override
    {
        m_ended = true;
        return std::exchange(m_batches, {});
    }
    SourceState state() const override
    {
        SourceState state;
        state.connection = Connection::Up;
        state.ended = m_ended;
        state.partitions.push_back(PartitionPosition{PartitionId{0}, 0, 0, 0, 0, m_ended, m_ended});
        return state;
    }
    const std::string& topic() const override { return m_topic; }

private:
    std::string m_topic;
    std::vector<RecordBatchPtr> m_batches;
    std::atomic<bool> m_ended{false};
};

LiveTopic::LiveTopic(std::string name, std::shared_ptr<MemoryBudget> budget)
    : m_name(std::move(name)), m_budget(std::move(budget)), m_state(std::make_shared<State>())
{
    m_state->source.connection = Connection::Up;
    m_state->source.partitions.push_back(PartitionPosition{PartitionId{0}, 0, 0, 0, 0, false, false});
}

void LiveTopic::give(const std::vector<GivenRecord>& records, EpochMs receivedAt)
{
    BatchSize size{records.size(), 0, 0};
    for (const GivenRecord& record : records)
        size.bytes += (record.value ? record.value->size() : 0) + (record.key ? record.key->size() : 0);
    RecordBatchBuilder builder(std::make_shared<const std::string>(m_name), PartitionId{0}, size);
    for (const GivenRecord& record : records)
        builder.add(m_offset++, record.timestamp, TimestampType::CreateTime, viewOf(record.key), viewOf(record.value));
    const std::scoped_lock lock(m_state->mutex);
    m_state->next.push_back(builder.finish(receivedAt, m_budget));
    m_state->all.push_back(m_state->next.back());
    m_state->source.partitions.front().high = m_offset;
    m_state->source.partitions.front().next = m_offset;
    m_state->changed.notify_all();
}

void LiveTopic::setProblem(const std::string& text)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->source.problems.clear();
    m_state->source.connection = text.empty() ? Connection::Up : Connection::Down;
    if (!text.empty())
        m_state->source.problems.push_back({ProblemKind::BrokerUnreachable, text, std::nullopt, 0});
}

std::vector<std::unique_ptr<Source>> LiveTopic::open()
{
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(std::make_unique<LiveSource>(m_name, m_state));
    return sources;
}

std::vector<std::unique_ptr<Source>> LiveTopic::openRange(std::int64_t first, std::int64_t end)
{
    std::vector<RecordBatchPtr> batches;
    const std::scoped_lock lock(m_state->mutex);
    for (const RecordBatchPtr& batch : m_state->all) {
        std::vector<std::uint32_t> rows;
        for (std::uint32_t i = 0; i < batch->size(); ++i) {
            if (first <= batch->offset(i) && batch->offset(i) < end)
                rows.push_back(i);
        }
        if (!rows.empty())
            batches.push_back(copyOf(*batch, rows, nullptr));
    }
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(std::make_unique<RangeSource>(m_name, std::move(batches)));
    return sources;
}

} // namespace weir::test
