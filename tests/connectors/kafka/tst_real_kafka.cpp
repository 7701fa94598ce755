// SPDX-License-Identifier: GPL-3.0-or-later
// Runs against a real broker of the version in WEIR_KAFKA_VERSION.
#include "connectors/kafka/connection_test.h"
#include "connectors/kafka/kafka_cluster.h"
#include "tests/support/kafka_server.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <memory>
#include <set>

using namespace weir;
using namespace weir::kafka;
using weir::test::KafkaFeeder;
using weir::test::KafkaServer;

namespace {

constexpr int manyRecords = 100'000;
constexpr EpochMs firstTime = 1'700'000'000'000;

/// Record i of a test, a pure function of i: nulls, empties, bytes, repeated headers, sizes from nothing to 6 KiB.
class Sample
{
public:
    explicit Sample(int i, int partitions)
    {
        m_key = "key-" + std::to_string(i);
        m_value =
            std::string(static_cast<std::size_t>(i % 1000 == 0 ? 6000 : i % 170), static_cast<char>('a' + i % 26));
        m_value += std::to_string(i);
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
            record.headers = {{"trace", m_key}, {"again", "1"}, {"again", std::nullopt}, {"empty", ""}};
    }

    Record record;

private:
    std::string m_key;
    std::string m_value;
};

ReadRequest bounded(const std::string& topic, int instances)
{
    ReadRequest request;
    request.topic = topic;
    request.start = FromBeginning{};
    request.stop = UntilEnd{};
    request.instances = instances;
    return request;
}

/// Polls all sources until they have ended; false after `timeoutMs`.
bool drain(std::vector<std::unique_ptr<Source>>& sources, std::vector<RecordBatchPtr>& batches, int timeoutMs)
{
    QElapsedTimer timer;
    timer.start();
    for (const auto& source : sources) {
        while (!source->state().ended) {
            auto polled = source->poll(std::chrono::milliseconds(100));
            if (!polled || timer.elapsed() > timeoutMs)
                return false;
            batches.insert(batches.end(), polled->begin(), polled->end());
        }
    }
    return true;
}

bool hasProblem(const SourceState& state, ProblemKind kind)
{
    return std::any_of(
        state.problems.begin(), state.problems.end(), [kind](const Problem& problem) { return problem.kind == kind; });
}

} // namespace

class TestRealKafka : public QObject
{
    Q_OBJECT

    std::unique_ptr<KafkaServer> m_server;
    std::shared_ptr<Cluster> m_cluster;
    KafkaSettings m_settings;
    std::unique_ptr<KafkaFeeder> m_feeder;

    void fill(const std::string& topic, int from, int to)
    {
        for (int i = from; i < to; ++i)
            m_feeder->produce(topic, Sample(i, 1).record);
        QVERIFY(m_feeder->flush());
    }

    std::unique_ptr<Source> follow(const std::string& topic)
    {
        ReadRequest request = bounded(topic, 1);
        request.stop = Unbounded{};
        auto sources = m_cluster->open(request);
        return sources ? std::move(sources->front()) : nullptr;
    }

    /// Reads until `wanted` records came or time is over.
    static std::size_t readUpTo(Source& source, std::size_t wanted, int timeoutMs, std::int64_t* last = nullptr)
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

private slots:
    void initTestCase()
    {
        const QString reason = KafkaServer::whyNot();
        if (!reason.isEmpty() && qEnvironmentVariableIsEmpty("WEIR_REQUIRE_SERVERS"))
            QSKIP(qPrintable(reason));
        m_server = std::make_unique<KafkaServer>(qEnvironmentVariable("WEIR_KAFKA_VERSION", QStringLiteral("4.1.1")));
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
        m_settings.bootstrapServers = m_server->bootstrap();
        m_settings.budget = std::make_shared<MemoryBudget>(std::size_t{512} << 20);
        m_feeder = std::make_unique<KafkaFeeder>(m_server->bootstrap(), "lz4");
        auto cluster = openCluster(m_settings);
        QVERIFY(cluster.ok());
        m_cluster = *cluster;
    }

    void cleanupTestCase()
    {
        m_cluster.reset();
        m_feeder.reset();
        m_server.reset();
    }

    void aFreshBrokerIsNotAskedForOffsets()
    {
        const auto committed = m_cluster->committedOffsets("nobody");
        QVERIFY(committed.ok());
        QVERIFY(committed->empty());
        const auto metadata = m_cluster->metadata();
        QVERIFY(metadata.ok());
        QVERIFY2(metadata->topics.empty(), "looking made a topic");
    }

    void recordsComeBackExactly_data()
    {
        QTest::addColumn<QString>("codec");
        QTest::addColumn<int>("instances");
        QTest::newRow("none") << "none" << 1;
        QTest::newRow("gzip") << "gzip" << 1;
        QTest::newRow("snappy") << "snappy" << 2;
        QTest::newRow("lz4") << "lz4" << 3;
        QTest::newRow("zstd") << "zstd" << 1;
    }

    void recordsComeBackExactly()
    {
        QFETCH(QString, codec);
        QFETCH(int, instances);
        const std::string topic = "exact-" + codec.toStdString();
        KafkaFeeder feeder(m_server->bootstrap(), codec.toStdString());
        QVERIFY(feeder.createTopic(topic, 3));
        for (int i = 0; i < manyRecords; ++i)
            feeder.produce(topic, Sample(i, 3).record);
        QVERIFY(feeder.flush());
        auto sources = m_cluster->open(bounded(topic, instances));
        QVERIFY2(sources.ok(), sources ? "" : sources.error().text().c_str());
        std::vector<RecordBatchPtr> batches;
        QVERIFY(drain(*sources, batches, 60'000));
        std::vector<int> next{0, 1, 2}; // number of the next record by partition
        for (const RecordBatchPtr& batch : batches) {
            int& i = next[static_cast<std::size_t>(batch->partition().value)];
            for (std::size_t r = 0; r < batch->size(); ++r, i += 3) {
                Sample expected(i, 3);
                expected.record.offset = i / 3;
                if (!(batch->record(r) == expected.record))
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
        const auto offsets = m_cluster->offsetsForTime(partitions, firstTime + 301);
        QVERIFY(offsets.ok());
        QCOMPARE((*offsets)[0], std::int64_t(100));
        ReadRequest request = bounded("exact-lz4", 1);
        request.start = FromTime{firstTime + manyRecords - 30};
        auto sources = m_cluster->open(request);
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
        QVERIFY(m_feeder->createTopic("lagging", 1));
        fill("lagging", 0, 500);
        QVERIFY(m_feeder->consumeAndCommit("billing", "lagging", 500));
        fill("lagging", 500, 742);
        const auto committed = m_cluster->committedOffsets("billing");
        QVERIFY2(committed.ok(), committed ? "" : committed.error().text().c_str());
        QCOMPARE(committed->size(), std::size_t(1));
        const std::vector<TopicPartition> partitions{(*committed)[0].partition};
        const auto marks = m_cluster->watermarks(partitions);
        QVERIFY(marks.ok());
        QCOMPARE((*marks)[0].high - (*committed)[0].offset, std::int64_t(242));
        const auto groups = m_cluster->groups();
        QVERIFY(groups.ok());
        QVERIFY(std::any_of(groups->begin(), groups->end(), [](const GroupInfo& g) { return g.name == "billing"; }));
    }

    void topicConfigTells()
    {
        const auto config = m_cluster->topicConfig("lagging");
        QVERIFY(config.ok());
        QCOMPARE(config->at("cleanup.policy"), std::string("delete"));
    }

    void theConnectionTestPasses()
    {
        const TestReport report = testConnection(m_settings, {});
        for (const TestStep& step : report.steps)
            QVERIFY2(step.outcome == StepOutcome::Passed, (step.name + ": " + step.finding).c_str());
        QVERIFY(report.passed);
        QVERIFY2(report.version.starts_with("Kafka"), report.version.c_str());
        KafkaSettings closed = m_settings;
        closed.bootstrapServers = "127.0.0.1:1";
        const TestReport refused = testConnection(closed, {});
        QVERIFY(!refused.passed);
        QVERIFY(refused.steps[1].outcome == StepOutcome::Failed);
        QVERIFY(!refused.steps[1].whatToDo.empty());
    }

    void aMissingTopicIsAnError()
    {
        auto sources = m_cluster->open(bounded("no-such-topic", 1));
        QVERIFY(!sources);
        QCOMPARE(sources.error().kind, ErrorKind::NotFound);
        const auto metadata = m_cluster->metadata();
        QVERIFY(std::none_of(metadata->topics.begin(), metadata->topics.end(),
            [](const TopicInfo& topic) { return topic.name == "no-such-topic"; }));
    }

    void retentionMovingUnderTheReaderIsTold()
    {
        QVERIFY(m_feeder->createTopic("shrinking", 1));
        fill("shrinking", 0, 1000);
        ReadRequest request = bounded("shrinking", 1);
        QVERIFY(m_feeder->deleteRecords("shrinking", 0, 400));
        request.start = FromOffset{100};
        auto sources = m_cluster->open(request);
        QVERIFY(sources.ok());
        QVERIFY(hasProblem(sources->front()->state(), ProblemKind::OffsetOutOfRange));
        std::vector<RecordBatchPtr> batches;
        QVERIFY(drain(*sources, batches, 20'000));
        QCOMPARE(batches.front()->offset(0), std::int64_t(400));
        QVERIFY(batches.front()->gaps().size() == 1);
        QVERIFY(batches.front()->gaps()[0] == (Gap{100, 400, GapReason::Retention}));
    }

    void aDeletedTopicIsToldAndReadAgainWhenItIsBack()
    {
        QVERIFY(m_feeder->createTopic("phoenix", 1));
        fill("phoenix", 0, 300);
        const auto source = follow("phoenix");
        QVERIFY(source != nullptr);
        QCOMPARE(readUpTo(*source, 300, 10'000), std::size_t(300));
        QVERIFY(m_feeder->deleteTopic("phoenix"));
        const auto polled = [&source](ProblemKind kind) {
            (void)source->poll(std::chrono::milliseconds(20));
            return hasProblem(source->state(), kind);
        };
        QTRY_VERIFY_WITH_TIMEOUT(polled(ProblemKind::TopicDeleted), 8'000);
        QVERIFY(m_feeder->createTopic("phoenix", 1));
        fill("phoenix", 0, 50);
        std::int64_t last = -1;
        QCOMPARE(readUpTo(*source, 50, 20'000, &last), std::size_t(50));
        QCOMPARE(last, std::int64_t(49));
        QTRY_VERIFY_WITH_TIMEOUT(!polled(ProblemKind::TopicDeleted), 8'000);
    }

    /// Made anew between two looks of the watch and already longer: only the first record tells.
    void aTopicMadeAnewAndLongerIsReadFromItsBeginning()
    {
        QVERIFY(m_feeder->createTopic("swapped", 1));
        fill("swapped", 0, 100);
        const auto source = follow("swapped");
        QVERIFY(source != nullptr);
        QCOMPARE(readUpTo(*source, 100, 10'000), std::size_t(100));
        QTest::qWait(4000); // the watch has seen the first record
        QVERIFY(m_feeder->deleteTopic("swapped"));
        bool created = false;
        for (int i = 0; i < 40 && !created; ++i) {
            created = m_feeder->createTopic("swapped", 1);
            QTest::qWait(created ? 0 : 50);
        }
        QVERIFY(created);
        fill("swapped", 5000, 5600);
        std::set<std::int64_t> offsets;
        bool told = false;
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 45'000 && !(told && offsets.size() == 600)) {
            const auto batches = source->poll(std::chrono::milliseconds(50));
            QVERIFY(batches.ok());
            told = told || hasProblem(source->state(), ProblemKind::TopicRecreated);
            for (const RecordBatchPtr& batch : *batches) {
                for (std::size_t r = 0; r < batch->size(); ++r) {
                    QCOMPARE(batch->timestamp(r), firstTime + 5000 + batch->offset(r));
                    offsets.insert(batch->offset(r));
                }
            }
        }
        QVERIFY2(told, "nothing said that the topic was made anew");
        QCOMPARE(offsets.size(), std::size_t(600));
    }

    /// Last, since it stops the broker: killed while reading, nothing is lost and nothing comes twice.
    void aKilledBrokerLosesNothing()
    {
        QVERIFY(m_feeder->createTopic("survivor", 1));
        fill("survivor", 0, 30'000);
        const auto source = follow("survivor");
        QVERIFY(source != nullptr);
        std::int64_t expected = 0;
        const auto readSome = [&](std::int64_t until, int timeoutMs) {
            QElapsedTimer timer;
            timer.start();
            while (expected < until && timer.elapsed() < timeoutMs) {
                auto polled = source->poll(std::chrono::milliseconds(50));
                if (!polled)
                    return false;
                for (const RecordBatchPtr& batch : *polled) {
                    for (std::size_t r = 0; r < batch->size(); ++r) {
                        if (batch->offset(r) != expected++)
                            return false;
                    }
                }
            }
            return expected >= until;
        };
        QVERIFY(readSome(10'000, 20'000));
        m_server->kill();
        const auto down = [&] {
            auto polled = source->poll(std::chrono::milliseconds(20));
            for (const RecordBatchPtr& batch : *polled)
                expected += static_cast<std::int64_t>(batch->size());
            return hasProblem(source->state(), ProblemKind::BrokerUnreachable);
        };
        QTRY_VERIFY_WITH_TIMEOUT(down(), 8'000);
        QCOMPARE(source->state().connection, Connection::Down);
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
        fill("survivor", 30'000, 30'500);
        QVERIFY(readSome(30'500, 60'000));
        QTRY_VERIFY_WITH_TIMEOUT(!down(), 15'000);
    }
};

QTEST_GUILESS_MAIN(TestRealKafka)
#include "tst_real_kafka.moc"
