// SPDX-License-Identifier: GPL-3.0-or-later
// What a real broker holds comes back as it is, and its offsets, times and groups are told to the record.
#include "connectors/kafka/connection_test.h"
#include "tests/connectors/kafka/real_kafka.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;

namespace {

constexpr int manyRecords = 100'000;

} // namespace

class TestRealRecords : public QObject
{
    Q_OBJECT

    RealKafka& m_kafka;

public:
    explicit TestRealRecords(RealKafka& kafka) : m_kafka(kafka) { }

private slots:
    void initTestCase()
    {
        const bool started = m_kafka.start();
        if (!m_kafka.skip.isEmpty())
            QSKIP(qPrintable(m_kafka.skip));
        QVERIFY(started);
    }

    void aFreshBrokerIsNotAskedForOffsets()
    {
        const auto committed = m_kafka.cluster->committedOffsets("nobody");
        QVERIFY(committed.ok());
        QVERIFY(committed->empty());
        const auto metadata = m_kafka.cluster->metadata();
        QVERIFY(metadata.ok());
        QVERIFY2(metadata->topics.empty(), "looking made a topic");
    }

    void recordsComeBackExactly_data()
    {
        QTest::addColumn<QString>("codec");
        QTest::addColumn<int>("instances");
        QTest::addColumn<bool>("appendTime");
        QTest::newRow("none") << "none" << 1 << false;
        QTest::newRow("gzip") << "gzip" << 1 << false;
        QTest::newRow("snappy") << "snappy" << 2 << false;
        QTest::newRow("lz4") << "lz4" << 3 << false;
        QTest::newRow("zstd") << "zstd" << 1 << false;
        QTest::newRow("log append time") << "zstd" << 2 << true;
    }

    void recordsComeBackExactly()
    {
        QFETCH(QString, codec);
        QFETCH(int, instances);
        QFETCH(bool, appendTime);
        const std::string topic = "exact-" + codec.toStdString() + (appendTime ? "-append" : "");
        KafkaFeeder feeder(m_kafka.server->bootstrap(), codec.toStdString());
        std::map<std::string, std::string> config{{"max.message.bytes", "8000000"}};
        if (appendTime)
            config.emplace("message.timestamp.type", "LogAppendTime");
        QVERIFY(feeder.createTopic(topic, 3, config));
        const EpochMs before = m_kafka.settings.clock->wallMs();
        for (int i = 0; i < manyRecords; ++i)
            feeder.produce(topic, Sample(i, 3).record);
        QVERIFY(feeder.flush());
        const EpochMs after = m_kafka.settings.clock->wallMs();
        auto sources = m_kafka.cluster->open(bounded(topic, instances));
        QVERIFY2(sources.ok(), sources ? "" : sources.error().text().c_str());
        QCOMPARE(sources->size(), static_cast<std::size_t>(instances));
        std::vector<RecordBatchPtr> batches;
        QVERIFY(drain(*sources, batches, 120'000));
        std::vector<int> next{0, 1, 2}; // number of the next record by partition
        for (const RecordBatchPtr& batch : batches) {
            int& i = next[static_cast<std::size_t>(batch->partition().value)];
            for (std::size_t r = 0; r < batch->size(); ++r, i += 3) {
                const Sample sample(i, 3);
                Record expected = sample.record;
                expected.offset = i / 3;
                if (appendTime) {
                    expected.timestampType = TimestampType::LogAppendTime;
                    expected.timestamp = batch->timestamp(r);
                    QVERIFY(expected.timestamp >= before && expected.timestamp <= after);
                }
                if (!(batch->record(r) == expected))
                    QFAIL(qPrintable(QStringLiteral("record %1 came back changed").arg(i)));
            }
            QVERIFY(batch->gaps().empty());
        }
        for (int p = 0; p < 3; ++p)
            QVERIFY(next[static_cast<std::size_t>(p)] >= manyRecords);
    }

    void timesAreLookedUp()
    {
        const std::vector<TopicPartition> partitions{{"exact-lz4", PartitionId{1}}};
        const auto offsets = m_kafka.cluster->offsetsForTime(partitions, firstTime + 301);
        QVERIFY(offsets.ok());
        QCOMPARE((*offsets)[0], std::int64_t(100));
        ReadRequest request = bounded("exact-lz4", 1);
        request.start = FromTime{firstTime + manyRecords - 30};
        auto sources = m_kafka.cluster->open(request);
        QVERIFY(sources.ok());
        std::vector<RecordBatchPtr> batches;
        QVERIFY(drain(*sources, batches, 20'000));
        std::size_t count = 0;
        for (const RecordBatchPtr& batch : batches)
            count += batch->size();
        QCOMPARE(count, std::size_t(30));
    }

    void lagOfARealGroup()
    {
        QVERIFY(m_kafka.feeder->createTopic("lagging", 1));
        QVERIFY(m_kafka.fill("lagging", 0, 500));
        QVERIFY(m_kafka.feeder->consumeAndCommit("billing", "lagging", 500));
        QVERIFY(m_kafka.fill("lagging", 500, 742));
        const auto committed = m_kafka.cluster->committedOffsets("billing");
        QVERIFY2(committed.ok(), committed ? "" : committed.error().text().c_str());
        QCOMPARE(committed->size(), std::size_t(1));
        const std::vector<TopicPartition> partitions{(*committed)[0].partition};
        const auto marks = m_kafka.cluster->watermarks(partitions);
        QVERIFY(marks.ok());
        QCOMPARE((*marks)[0].high - (*committed)[0].offset, std::int64_t(242));
        const auto groups = m_kafka.cluster->groups();
        QVERIFY(groups.ok());
        QVERIFY(std::any_of(groups->begin(), groups->end(), [](const GroupInfo& g) { return g.name == "billing"; }));
    }

    void topicConfigTells()
    {
        const auto config = m_kafka.cluster->topicConfig("lagging");
        QVERIFY(config.ok());
        QCOMPARE(config->at("cleanup.policy"), std::string("delete"));
    }

    void theConnectionTestPasses()
    {
        const TestReport report = testConnection(m_kafka.settings, {});
        for (const TestStep& step : report.steps)
            QVERIFY2(step.outcome == StepOutcome::Passed, (step.name + ": " + step.finding).c_str());
        QVERIFY(report.passed);
        QVERIFY2(report.version.starts_with("Kafka"), report.version.c_str());
        KafkaSettings closed = m_kafka.settings;
        closed.bootstrapServers = "127.0.0.1:1";
        const TestReport refused = testConnection(closed, {});
        QVERIFY(!refused.passed);
        QVERIFY(refused.steps[1].outcome == StepOutcome::Failed);
        QVERIFY(!refused.steps[1].whatToDo.empty());
    }
};

std::unique_ptr<QObject> weir::test::makeRecordsTest(RealKafka& kafka)
{
    return std::make_unique<TestRealRecords>(kafka);
}

#include "real_records.moc"
