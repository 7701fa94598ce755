// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/kafka/real_kafka.h"

#include <QElapsedTimer>

#include <algorithm>

namespace weir::test {

bool RealKafka::start()
{
    if (server)
        return cluster != nullptr;
    skip = KafkaServer::whySkip();
    if (!skip.isEmpty())
        return false;
    server = std::make_unique<KafkaServer>(
        qEnvironmentVariable("WEIR_KAFKA_VERSION", QStringLiteral("4.1.1")), KafkaServer::withAuthorizer());
    if (!server->start()) {
        qWarning("%s", qPrintable(server->problem()));
        return false;
    }
    settings.bootstrapServers = server->bootstrap();
    settings.budget = std::make_shared<MemoryBudget>(std::size_t{512} << 20);
    feeder = std::make_unique<KafkaFeeder>(server->bootstrap(), "lz4");
    auto opened = kafka::openCluster(settings);
    if (opened)
        cluster = *opened;
    return opened.ok();
}

bool RealKafka::fill(const std::string& topic, int from, int to) const
{
    for (int i = from; i < to; ++i)
        feeder->produce(topic, Sample(i, 1).record);
    return feeder->flush();
}

std::unique_ptr<Source> RealKafka::follow(const std::string& topic) const
{
    ReadRequest request = bounded(topic, 1);
    request.stop = Unbounded{};
    auto sources = cluster->open(request);
    return sources ? std::move(sources->front()) : nullptr;
}

Sample::Sample(int i, int partitions)
{
    static const std::string_view bytes("\0\xff\xc3(", 4); // no text in any encoding
    const std::size_t size = i % 25'000 == 24'999 ? 3'000'000 : i % 1000 == 0 ? 6000 : i % 170;
    m_key = "key-" + std::to_string(i);
    m_value = std::string(size, static_cast<char>('a' + i % 26)) + std::to_string(i);
    if (i % 13 == 0)
        m_value.push_back('\0');
    record.partition = PartitionId{i % partitions};
    record.timestamp = firstTime + i;
    record.timestampType = TimestampType::CreateTime;
    if (i % 7 != 0)
        record.key = i % 11 == 0 ? std::string_view() : std::string_view(m_key);
    if (i % 17 != 0)
        record.value = i % 19 == 0 ? std::string_view() : std::string_view(m_value);
    if (i % 3 == 0)
        record.headers = {{"trace", m_key}, {"again", "1"}, {"again", std::nullopt}, {"empty", ""}, {"bytes", bytes},
            {"", "a header without a name"}};
}

ReadRequest bounded(const std::string& topic, int instances)
{
    ReadRequest request;
    request.topic = topic;
    request.start = FromBeginning{};
    request.stop = UntilEnd{};
    request.instances = instances;
    return request;
}

bool drain(std::vector<std::unique_ptr<Source>>& sources, std::vector<RecordBatchPtr>& batches, int timeoutMs)
{
    QElapsedTimer timer;
    timer.start();
    const auto more = [](const auto& source) { return !source->state().ended; };
    while (std::any_of(sources.begin(), sources.end(), more)) {
        for (const auto& source : sources) {
            auto polled = source->poll(std::chrono::milliseconds(sources.size() == 1 ? 100 : 10));
            if (!polled || timer.elapsed() > timeoutMs)
                return false;
            batches.insert(batches.end(), polled->begin(), polled->end());
        }
    }
    return true;
}

std::size_t readUpTo(Source& source, std::size_t wanted, int timeoutMs, std::int64_t* last)
{
    QElapsedTimer timer;
    timer.start();
    std::size_t count = 0;
    while (count < wanted && timer.elapsed() < timeoutMs) {
        auto polled = source.poll(std::chrono::milliseconds(50));
        if (!polled)
            break;
        for (const RecordBatchPtr& batch : *polled) {
            count += batch->size();
            if (last && !batch->empty())
                *last = batch->offset(batch->size() - 1);
        }
    }
    return count;
}

bool hasProblem(const SourceState& state, ProblemKind kind)
{
    return std::any_of(
        state.problems.begin(), state.problems.end(), [kind](const Problem& problem) { return problem.kind == kind; });
}

bool pollsWith(Source& source, ProblemKind kind)
{
    (void)source.poll(std::chrono::milliseconds(20));
    return hasProblem(source.state(), kind);
}

} // namespace weir::test
