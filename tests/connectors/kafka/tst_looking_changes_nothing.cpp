// SPDX-License-Identifier: GPL-3.0-or-later
// Walks through everything that looks, against a real broker behind a proxy that reads every request.
#include "connectors/kafka/connection_test.h"
#include "connectors/kafka/kafka_cluster.h"
#include "tests/support/cluster_picture.h"
#include "tests/support/kafka_proxy.h"
#include "tests/support/kafka_server.h"

#include <QElapsedTimer>
#include <QTest>

#include <memory>
#include <sstream>

using namespace weir;
using namespace weir::kafka;
using weir::test::KafkaFeeder;
using weir::test::KafkaProxy;
using weir::test::KafkaServer;
using weir::test::pictureOf;
using weir::test::SeenRequest;

namespace {

constexpr const char* feederId = "feeder";
constexpr std::int16_t offsetFetch = 9;
constexpr std::int16_t findCoordinator = 10;
constexpr std::int16_t fetch = 1;

std::string textOf(const std::vector<SeenRequest>& requests)
{
    std::ostringstream text;
    for (const SeenRequest& one : requests)
        text << one.api << " v" << one.version << " of " << one.client << "; ";
    return text.str();
}

std::size_t readAll(Cluster& cluster, ReadRequest request)
{
    request.topic = "orders";
    auto sources = cluster.open(request);
    std::size_t count = 0;
    QElapsedTimer timer;
    timer.start();
    for (std::size_t i = 0; sources && i < sources->size(); ++i) {
        while (!(*sources)[i]->state().ended && timer.elapsed() < 20'000) {
            const auto batches = (*sources)[i]->poll(std::chrono::milliseconds(50));
            for (const RecordBatchPtr& batch : batches ? *batches : std::vector<RecordBatchPtr>{})
                count += batch->size();
        }
    }
    return count;
}

} // namespace

class TestLookingChangesNothing : public QObject
{
    Q_OBJECT

    std::unique_ptr<KafkaProxy> m_proxy;
    std::unique_ptr<KafkaServer> m_server;
    std::unique_ptr<KafkaFeeder> m_feeder;
    KafkaSettings m_settings;

    std::shared_ptr<Cluster> open() const
    {
        auto cluster = openCluster(m_settings);
        return cluster ? *cluster : nullptr;
    }

    void walk(Cluster& cluster)
    {
        QVERIFY(testConnection(m_settings, {}).passed);
        ReadRequest request;
        request.start = FromBeginning{};
        request.stop = UntilEnd{};
        for (const int instances : {1, 2}) {
            request.instances = instances;
            QCOMPARE(readAll(cluster, request), std::size_t(2000));
        }
        request.isolation = IsolationLevel::ReadCommitted;
        request.start = FromTime{1'700'000'000'000 + 1990};
        QCOMPARE(readAll(cluster, request), std::size_t(10));
        ReadRequest missing;
        missing.topic = "never-made";
        QVERIFY(!cluster.open(missing));
        const std::vector<TopicPartition> partitions{{"orders", PartitionId{0}}, {"orders", PartitionId{1}}};
        QVERIFY(cluster.firstTimestamps(partitions).ok());
        QVERIFY(cluster.offsetsForTime(partitions, 1'700'000'000'500).ok());
        QVERIFY(cluster.committedOffsets("nobody").ok());
    }

    void checkKeys()
    {
        for (const SeenRequest& one : m_proxy->seen(feederId))
            QVERIFY2(KafkaProxy::lookingKeys().contains(one.api), textOf({one}).c_str());
        QVERIFY2(m_proxy->keys(feederId).contains(fetch), "the walk did not go through the proxy");
        QCOMPARE(m_proxy->malformed(), 0);
    }

private slots:
    void initTestCase()
    {
        if (const QString reason = KafkaServer::whySkip(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        m_proxy = std::make_unique<KafkaProxy>();
        m_server = std::make_unique<KafkaServer>(qEnvironmentVariable("WEIR_KAFKA_VERSION", QStringLiteral("4.1.1")),
            QStringList{QStringLiteral("advertised.listeners=CLIENT://") + QString::fromStdString(m_proxy->address())});
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
        const std::string real = m_server->bootstrap();
        m_proxy->setBroker(std::stoi(real.substr(real.find(':') + 1)));
        m_settings.bootstrapServers = m_proxy->address();
        m_feeder = std::make_unique<KafkaFeeder>(m_proxy->address(), "lz4", feederId);
        QVERIFY(m_feeder->createTopic("orders", 2));
        for (int i = 0; i < 2000; ++i) {
            Record record;
            record.partition = PartitionId{i % 2};
            record.timestamp = 1'700'000'000'000 + i;
            record.value = "v";
            m_feeder->produce("orders", record);
        }
        QVERIFY(m_feeder->flush());
    }

    void cleanupTestCase()
    {
        m_feeder.reset();
        m_server.reset();
        m_proxy.reset();
    }

    /// The proxy itself: it must be able to see a writer.
    void theProxySeesWriting()
    {
        constexpr std::int16_t produce = 0;
        constexpr std::int16_t createTopics = 19;
        QVERIFY(m_proxy->keys().contains(produce));
        QVERIFY(m_proxy->keys().contains(createTopics));
        QVERIFY(!KafkaProxy::lookingKeys().contains(produce));
        m_proxy->forget();
    }

    void onABrokerThatNeverHadAConsumer()
    {
        const auto cluster = open();
        QVERIFY(cluster != nullptr);
        const std::string before = pictureOf(*cluster, {"nobody"});
        QVERIFY(before.find("orders/1 0..1000") != std::string::npos);
        walk(*cluster);
        QCOMPARE(pictureOf(*cluster, {"nobody"}), before);
        QVERIFY2(before.find("__consumer_offsets") == std::string::npos, "looking made the offsets topic");
        checkKeys();
        const auto keys = m_proxy->keys(feederId);
        QVERIFY2(!keys.contains(findCoordinator), "FindCoordinator creates the offsets topic");
        QVERIFY(!keys.contains(offsetFetch));
    }

    void onABrokerWithGroups()
    {
        QVERIFY(m_feeder->consumeAndCommit("billing", "orders", 2000));
        m_proxy->forget();
        const auto cluster = open();
        QVERIFY(cluster != nullptr);
        const std::string before = pictureOf(*cluster, {"billing"});
        QVERIFY2(before.find("billing orders/0 1000") != std::string::npos, before.c_str());
        walk(*cluster);
        QCOMPARE(pictureOf(*cluster, {"billing"}), before);
        checkKeys();
        QVERIFY(m_proxy->keys(feederId).contains(offsetFetch));
    }
};

QTEST_GUILESS_MAIN(TestLookingChangesNothing)
#include "tst_looking_changes_nothing.moc"
