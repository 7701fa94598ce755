// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/embedded_cluster.h"
#include "connectors/kafka/kafka_cluster.h"
#include "connectors/kafka/producer.h"

#include <QElapsedTimer>
#include <QTest>

#include <map>

using namespace weir;
using namespace weir::kafka;

namespace {

constexpr int recordsPerPartition = 1200;

std::string valueOf(int partition, int i)
{
    return i % 97 == 0 ? std::string() : "value " + std::to_string(partition) + "/" + std::to_string(i);
}

/// Reads until every source has ended; by partition, in the order of arrival.
std::map<int, std::vector<RecordBatchPtr>> readAll(std::vector<std::unique_ptr<Source>>& sources)
{
    std::map<int, std::vector<RecordBatchPtr>> batches;
    QElapsedTimer timer;
    timer.start();
    for (const auto& source : sources) {
        while (!source->state().ended && timer.elapsed() < 20'000) {
            auto polled = source->poll(std::chrono::milliseconds(100));
            if (!polled)
                return batches;
            for (const RecordBatchPtr& batch : *polled)
                batches[batch->partition().value].push_back(batch);
        }
    }
    return batches;
}

std::size_t countOf(const std::map<int, std::vector<RecordBatchPtr>>& batches)
{
    std::size_t count = 0;
    for (const auto& [partition, list] : batches) {
        for (const RecordBatchPtr& batch : list)
            count += batch->size();
    }
    return count;
}

} // namespace

class TestEmbeddedStream : public QObject
{
    Q_OBJECT

    std::unique_ptr<EmbeddedCluster> m_embedded;
    std::unique_ptr<Producer> m_producer;
    std::shared_ptr<Cluster> m_cluster;
    KafkaSettings m_settings;

    ReadRequest everything() const
    {
        ReadRequest request;
        request.topic = "orders";
        request.start = FromBeginning{};
        request.stop = UntilEnd{};
        return request;
    }

private slots:
    void initTestCase()
    {
        auto embedded = EmbeddedCluster::start({{"orders", 3}, {"empty", 1}});
        QVERIFY2(embedded.ok(), embedded ? "" : embedded.error().text().c_str());
        m_embedded = std::move(*embedded);
        m_settings.bootstrapServers = m_embedded->bootstrapServers();
        m_settings.budget = std::make_shared<MemoryBudget>(std::size_t{256} << 20);
        auto proof = unlockWriting(m_settings, m_embedded->clusterId());
        QVERIFY(proof.ok());
        auto producer = Producer::open(*proof, m_settings);
        QVERIFY(producer.ok());
        m_producer = std::move(*producer);
        for (int i = 0; i < recordsPerPartition; ++i) {
            for (int p = 0; p < 3; ++p) {
                const std::string key = "key " + std::to_string(i);
                const std::string value = valueOf(p, i);
                OutgoingRecord record;
                record.partition = p;
                record.timestamp = 1'700'000'000'000 + i;
                if (i % 5 != 0)
                    record.key = key;
                if (i % 11 != 0)
                    record.value = value;
                record.headers = {{"traceparent", "00-abc"}, {"twice", "1"}, {"twice", std::nullopt}, {"empty", ""}};
                QVERIFY(m_producer->produce("orders", record).ok());
            }
        }
        QVERIFY(m_producer->flush(std::chrono::seconds(10)).ok());
        auto cluster = openCluster(m_settings);
        QVERIFY(cluster.ok());
        m_cluster = *cluster;
    }

    void writingNeedsTheClustersId()
    {
        const auto wrong = unlockWriting(m_settings, "another-cluster");
        QVERIFY(!wrong);
        QVERIFY(wrong.error().text().find("another-cluster") != std::string::npos);
        QVERIFY(wrong.error().text().find(m_embedded->clusterId()) != std::string::npos);
    }

    void metadataAndWatermarksInBulk()
    {
        const auto metadata = m_cluster->metadata();
        QVERIFY(metadata.ok());
        QCOMPARE(metadata->clusterId, m_embedded->clusterId());
        QCOMPARE(metadata->topics.size(), std::size_t(2));
        QCOMPARE(metadata->topics[1].partitions.size(), std::size_t(3));
        const std::vector<TopicPartition> partitions{
            {"orders", PartitionId{2}}, {"empty", PartitionId{0}}, {"orders", PartitionId{0}}};
        const auto marks = m_cluster->watermarks(partitions);
        QVERIFY(marks.ok());
        QCOMPARE((*marks)[0].high, std::int64_t(recordsPerPartition));
        QCOMPARE((*marks)[1].high, std::int64_t(0));
        QCOMPARE((*marks)[2].low, std::int64_t(0));
    }

    void recordsComeBackExactly_data()
    {
        QTest::addColumn<int>("instances");
        QTest::newRow("one instance") << 1;
        QTest::newRow("two instances") << 2;
    }

    void recordsComeBackExactly()
    {
        QFETCH(int, instances);
        ReadRequest request = everything();
        request.instances = instances;
        auto sources = m_cluster->open(request);
        QVERIFY(sources.ok());
        QCOMPARE(sources->size(), static_cast<std::size_t>(instances));
        const auto batches = readAll(*sources);
        QCOMPARE(countOf(batches), std::size_t(3 * recordsPerPartition));
        for (const auto& [partition, list] : batches) {
            int i = 0;
            for (const RecordBatchPtr& batch : list) {
                for (std::size_t r = 0; r < batch->size(); ++r, ++i) {
                    const Record record = batch->record(r);
                    QCOMPARE(record.offset, std::int64_t(i));
                    QCOMPARE(record.timestamp, std::int64_t(1'700'000'000'000 + i));
                    QCOMPARE(record.key.has_value(), i % 5 != 0);
                    QCOMPARE(record.value.has_value(), i % 11 != 0);
                    if (record.value)
                        QCOMPARE(std::string(*record.value), valueOf(partition, i));
                    const std::vector<Header> headers{
                        {"traceparent", "00-abc"}, {"twice", "1"}, {"twice", std::nullopt}, {"empty", ""}};
                    QVERIFY(record.headers == headers);
                }
            }
        }
    }

    void positions_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("expected");
        QTest::newRow("last 10 of each partition") << 0 << 30;
        QTest::newRow("from an offset") << 1 << 3 * 200;
        QTest::newRow("until an offset") << 2 << 3 * 100;
        QTest::newRow("from a time the cluster cannot look up") << 3 << 3 * 200;
        QTest::newRow("until a time the cluster cannot look up") << 4 << 3 * 100;
        QTest::newRow("from the end") << 5 << 0;
    }

    void positions()
    {
        QFETCH(int, kind);
        QFETCH(int, expected);
        ReadRequest request = everything();
        const std::vector<StartPosition> starts{FromLast{10}, FromOffset{1000}, FromBeginning{},
            FromTime{1'700'000'000'000 + 1000}, FromBeginning{}, FromEnd{}};
        request.start = starts[static_cast<std::size_t>(kind)];
        if (kind == 2)
            request.stop = UntilOffset{100};
        if (kind == 4)
            request.stop = UntilTime{1'700'000'000'000 + 100};
        auto sources = m_cluster->open(request);
        QVERIFY2(sources.ok(), sources ? "" : sources.error().text().c_str());
        QCOMPARE(countOf(readAll(*sources)), static_cast<std::size_t>(expected));
        QVERIFY(sources->front()->state().ended);
    }

    /// A full budget stops reading, as a busy window does; nothing is lost by waiting, however small the budget is.
    void aFullBudgetStopsReading()
    {
        KafkaSettings tiny = m_settings;
        tiny.budget = std::make_shared<MemoryBudget>(std::size_t{16} << 20);
        auto cluster = openCluster(tiny);
        QVERIFY(cluster.ok());
        auto sources = (*cluster)->open(everything());
        QVERIFY2(sources.ok(), sources ? "" : sources.error().text().c_str());
        {
            const MemoryLease others(tiny.budget, MemoryUse::Arenas, std::size_t{8} << 20);
            for (int i = 0; i < 3; ++i) {
                const auto polled = sources->front()->poll(std::chrono::milliseconds(100));
                QVERIFY(polled.ok() && polled->empty());
            }
            QCOMPARE(sources->front()->state().partitions.front().next, std::int64_t(0));
        }
        QCOMPARE(countOf(readAll(*sources)), std::size_t(3 * recordsPerPartition));
        sources->clear();
        QCOMPARE(tiny.budget->used(), std::size_t(0));
    }

    void wrongRequestsAreErrors()
    {
        ReadRequest beyond = everything();
        beyond.start = FromOffset{5000};
        auto outside = m_cluster->open(beyond);
        QVERIFY(!outside);
        QCOMPARE(outside.error().kind, ErrorKind::OutOfRange);
        QVERIFY(outside.error().text().find("1200") != std::string::npos);
        ReadRequest partition = everything();
        partition.partitions = {PartitionId{7}};
        QVERIFY(!m_cluster->open(partition));
    }

    void groupsAreNotListedButNamedOnesAnswer()
    {
        const auto groups = m_cluster->groups();
        QVERIFY(!groups);
        QCOMPARE(groups.error().kind, ErrorKind::Unsupported);
        QVERIFY(m_producer->commitOffset("billing", {"orders", PartitionId{1}}, 42).ok());
        const auto committed = m_cluster->committedOffsets("billing");
        QVERIFY2(committed.ok(), committed ? "" : committed.error().text().c_str());
        QCOMPARE(committed->size(), std::size_t(1));
        QCOMPARE((*committed)[0].partition.text(), std::string("orders/1"));
        QCOMPARE((*committed)[0].offset, std::int64_t(42));
    }

    void propertiesThatWouldChangeSomethingAreRefused()
    {
        for (const char* name : {"group.id", "enable.auto.commit", "allow.auto.create.topics", "check.crcs"}) {
            KafkaSettings settings = m_settings;
            settings.properties[name] = "x";
            const auto cluster = openCluster(settings);
            QVERIFY2(!cluster, name);
            QVERIFY(cluster.error().text().find(name) != std::string::npos);
        }
    }

    void whatWasNotWrittenIsTold()
    {
        KafkaSettings settings = m_settings;
        auto proof = unlockWriting(settings, m_embedded->clusterId());
        QVERIFY(proof.ok());
        settings.properties["message.timeout.ms"] = "300";
        auto producer = Producer::open(*proof, settings);
        QVERIFY(producer.ok());
        OutgoingRecord record;
        record.value = "x";
        record.partition = 77; // no such partition
        (void)(*producer)->produce("orders", record);
        const auto flushed = (*producer)->flush(std::chrono::seconds(5));
        QVERIFY(!flushed);
        QVERIFY2(flushed.error().message.starts_with("1 records were not written"), flushed.error().message.c_str());
        QVERIFY((*producer)->flush(std::chrono::seconds(1)).ok()); // told once
    }

    void anOutageIsToldAndGoesByItself()
    {
        ReadRequest request = everything();
        request.stop = Unbounded{};
        auto sources = m_cluster->open(request);
        QVERIFY(sources.ok());
        Source& source = *sources->front();
        const auto isDown = [&source] {
            (void)source.poll(std::chrono::milliseconds(20));
            const SourceState state = source.state();
            return state.connection == Connection::Down && !state.problems.empty()
                && state.problems.front().kind == ProblemKind::BrokerUnreachable;
        };
        QTRY_VERIFY_WITH_TIMEOUT(
            source.state().connection == Connection::Up || !source.poll(std::chrono::milliseconds(20))->empty(), 5000);
        m_embedded->setUp(false);
        QTRY_VERIFY_WITH_TIMEOUT(isDown(), 6000);
        m_embedded->setUp(true);
        QTRY_VERIFY_WITH_TIMEOUT(!isDown() && source.state().problems.empty(), 15'000);
        QCOMPARE(source.state().connection, Connection::Up);
    }
};

QTEST_GUILESS_MAIN(TestEmbeddedStream)
#include "tst_embedded_stream.moc"
