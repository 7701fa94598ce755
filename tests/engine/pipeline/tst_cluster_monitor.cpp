// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/cluster_monitor.h"

#include "app/engine/pipeline/reaper.h"
#include "app/engine/pipeline/topic_watch.h"
#include "tests/support/fake_cluster.h"
#include "tests/support/manual_clock.h"

#include <QTest>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

TopicPartition orders(int partition)
{
    return {"orders", PartitionId{partition}};
}

ClusterMonitorOptions quick()
{
    ClusterMonitorOptions options;
    options.interval = 20ms;
    options.groupInterval = 20ms;
    options.address = "127.0.0.1:9092";
    return options;
}

const TopicRate* topicOf(const ClusterSnapshot& snapshot, const std::string& name)
{
    for (const TopicRate& topic : snapshot.topics) {
        if (topic.name == name)
            return &topic;
    }
    return nullptr;
}

const GroupLag* groupOf(const ClusterSnapshot& snapshot, const std::string& name)
{
    for (const GroupLag& group : snapshot.groups) {
        if (group.name == name)
            return &group;
    }
    return nullptr;
}

std::uint64_t pointsOf(const SeriesSnapshotPtr& series)
{
    std::uint64_t count = 0;
    for (const Bin& bin : series->levels[0].bins)
        count += bin.count;
    return count;
}

} // namespace

class TestClusterMonitor : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { QVERIFY(Reaper::instance().drain(10s)); }
    void beforeTheFirstAnswer();
    void throughputFromWatermarks();
    void topicsComeAndGo();
    void brokenPartitionsHaveTheirError();
    void lagOfGroups();
    void commitsAreNeverAheadOfTheirEnd();
    void namedGroupsWhereNoneAreListed();
    void groupErrorsKeepWhatWasKnown();
    void downInWordsAndBack();
    void otherErrorsKeepTheirWords();
    void stopDoesNotWaitForAHangingBroker();
    void polledSeriesFillsItsInterval();
};

void TestClusterMonitor::beforeTheFirstAnswer()
{
    ManualClock clock;
    ClusterMonitor monitor(std::make_shared<FakeCluster>(), clock, quick());
    QVERIFY(monitor.snapshot());
    QCOMPARE(monitor.snapshot()->generation, 0u);
    QCOMPARE(monitor.snapshot()->connection, Connection::Connecting);
}

void TestClusterMonitor::throughputFromWatermarks()
{
    ManualClock clock;
    auto cluster = std::make_shared<FakeCluster>();
    cluster->setTopic("orders", {100, 200, 0});
    cluster->setTopic("__internal", {7});
    ClusterMonitor monitor(cluster, clock, quick());
    monitor.start();
    QTRY_COMPARE(monitor.snapshot()->connection, Connection::Up);
    QCOMPARE(topicOf(*monitor.snapshot(), "orders")->records, std::int64_t{300});
    QCOMPARE(topicOf(*monitor.snapshot(), "orders")->partitions, std::size_t{3});
    QCOMPARE(monitor.snapshot()->recordsPerSecond, 0.0);
    QCOMPARE(pointsOf(topicOf(*monitor.snapshot(), "orders")->throughput), 0u);

    // Time and offsets move under a poll that hangs, so that one poll sees all of it.
    cluster->hang();
    cluster->waitForHanging();
    cluster->produce("orders", 100);
    cluster->produce("__internal", 1'000);
    clock.advance(2s);
    const std::uint64_t generation = monitor.snapshot()->generation;
    cluster->release();
    QTRY_VERIFY(topicOf(*monitor.snapshot(), "orders")->records == 600);
    cluster->hang();
    const auto snapshot = monitor.snapshot();
    QVERIFY(snapshot->generation > generation);
    QVERIFY(pointsOf(topicOf(*snapshot, "orders")->throughput) > 0);
    QVERIFY(topicOf(*snapshot, "__internal")->internal);
    double highest = 0;
    for (const Bin& bin : topicOf(*snapshot, "orders")->throughput->levels[0].bins)
        highest = std::max(highest, bin.count > 0 ? bin.max : 0);
    QCOMPARE(highest, 150.0);
    cluster->release();
}

void TestClusterMonitor::topicsComeAndGo()
{
    ManualClock clock;
    auto cluster = std::make_shared<FakeCluster>();
    ClusterMonitor monitor(cluster, clock, quick());
    monitor.start();
    QTRY_COMPARE(monitor.snapshot()->connection, Connection::Up); // a cluster without topics is up
    cluster->setTopic("payments", {5});
    cluster->setTopic("orders", {5});
    QTRY_COMPARE(monitor.snapshot()->topics.size(), std::size_t{2});
    QCOMPARE(monitor.snapshot()->topics[0].name, std::string("orders"));
    cluster->removeTopic("orders");
    QTRY_COMPARE(monitor.snapshot()->topics.size(), std::size_t{1});
    QCOMPARE(monitor.snapshot()->topics[0].name, std::string("payments"));
}

void TestClusterMonitor::brokenPartitionsHaveTheirError()
{
    ManualClock clock;
    auto cluster = std::make_shared<FakeCluster>();
    cluster->setTopic("orders", {100, 100});
    cluster->setTopic("secret", {1});
    cluster->setTopicError("secret", {ErrorKind::NotAuthorized, "Not authorized to describe secret.", {}});
    cluster->setWatermarks("orders", 1, {-1, -1, Error{ErrorKind::Unreachable, "Leader not available.", "orders/1"}});
    ClusterMonitor monitor(cluster, clock, quick());
    monitor.start();
    QTRY_COMPARE(monitor.snapshot()->topics.size(), std::size_t{2});
    const auto snapshot = monitor.snapshot();
    QCOMPARE(topicOf(*snapshot, "orders")->error->message, std::string("Leader not available."));
    QCOMPARE(topicOf(*snapshot, "orders")->records, std::int64_t{100});
    QCOMPARE(topicOf(*snapshot, "secret")->error->kind, ErrorKind::NotAuthorized);
    QVERIFY(topicOf(*snapshot, "secret")->watermarks.empty());
}

void TestClusterMonitor::lagOfGroups()
{
    ManualClock clock;
    auto cluster = std::make_shared<FakeCluster>();
    cluster->setTopic("orders", {100, 200});
    cluster->commit("billing", orders(1), 195);
    cluster->commit("billing", orders(0), 90);
    cluster->commit("new", orders(0), -1);
    ClusterMonitor monitor(cluster, clock, quick());
    monitor.start();
    QTRY_COMPARE(monitor.snapshot()->groups.size(), std::size_t{2});
    auto snapshot = monitor.snapshot();
    const GroupLag* billing = groupOf(*snapshot, "billing");
    QCOMPARE(billing->lag, std::int64_t{15});
    QCOMPARE(billing->state, std::string("Stable"));
    QCOMPARE(billing->partitions.size(), std::size_t{2});
    QCOMPARE(billing->partitions[0].partition.text(), std::string("orders/0"));
    QCOMPARE(billing->partitions[0].lag, std::int64_t{10});
    QCOMPARE(billing->partitions[1].high, std::int64_t{200});
    QVERIFY(pointsOf(billing->lagSeries) > 0);
    QCOMPARE(groupOf(*snapshot, "new")->partitions[0].lag, std::int64_t{-1});
    QCOMPARE(pointsOf(groupOf(*snapshot, "new")->lagSeries), 0u);
    QVERIFY(snapshot->groupsListed);

    cluster->hang();
    cluster->waitForHanging();
    cluster->produce("orders", 50);
    clock.advance(5s);
    cluster->release();
    QTRY_COMPARE(groupOf(*monitor.snapshot(), "billing")->lag, std::int64_t{115});
    double highest = 0;
    for (const Bin& bin : groupOf(*monitor.snapshot(), "billing")->lagSeries->levels[0].bins)
        highest = std::max(highest, bin.count > 0 ? bin.max : 0);
    QCOMPARE(highest, 115.0);
}

void TestClusterMonitor::commitsAreNeverAheadOfTheirEnd()
{
    SystemClock clock;
    auto cluster = std::make_shared<FakeCluster>();
    cluster->setTopic("orders", {1'000});
    cluster->commit("billing", orders(0), 1'000);
    ClusterMonitor monitor(cluster, clock, quick());
    monitor.start();
    QTRY_COMPARE(monitor.snapshot()->groups.size(), std::size_t{1});
    for (std::int64_t offset = 1'001; offset < 40'000; ++offset) {
        cluster->produce("orders", 1);
        cluster->commit("billing", orders(0), offset);
        const auto snapshot = monitor.snapshot();
        const PartitionLag& partition = snapshot->groups[0].partitions[0];
        QVERIFY(partition.high >= partition.committed);
    }
}

void TestClusterMonitor::namedGroupsWhereNoneAreListed()
{
    ManualClock clock;
    auto cluster = std::make_shared<FakeCluster>();
    cluster->setTopic("orders", {100});
    cluster->commit("billing", orders(0), 60);
    cluster->commit("fulfilment", orders(0), 30);
    cluster->setListFailure(Error{ErrorKind::Unsupported, "The cluster lists no groups.", {}});
    ClusterMonitorOptions options = quick();
    options.namedGroups = {"billing"};
    options.groupInterval = 1h; // adding a name must not wait for the next round
    ClusterMonitor monitor(cluster, clock, options);
    monitor.start();
    QTRY_COMPARE(monitor.snapshot()->groups.size(), std::size_t{1});
    QVERIFY(!monitor.snapshot()->groupsListed);
    QCOMPARE(monitor.snapshot()->groups[0].lag, std::int64_t{40});
    monitor.addNamedGroup("fulfilment");
    QTRY_COMPARE(monitor.snapshot()->groups.size(), std::size_t{2});
    QCOMPARE(groupOf(*monitor.snapshot(), "fulfilment")->lag, std::int64_t{70});
    monitor.addNamedGroup("nobody");
    QTRY_COMPARE(monitor.snapshot()->groups.size(), std::size_t{3});
    QVERIFY(groupOf(*monitor.snapshot(), "nobody")->partitions.empty());
}

void TestClusterMonitor::groupErrorsKeepWhatWasKnown()
{
    ManualClock clock;
    auto cluster = std::make_shared<FakeCluster>();
    cluster->setTopic("orders", {100});
    cluster->commit("billing", orders(0), 60);
    ClusterMonitor monitor(cluster, clock, quick());
    monitor.start();
    QTRY_COMPARE(monitor.snapshot()->groups.size(), std::size_t{1});
    cluster->setGroupError("billing", {ErrorKind::NotAuthorized, "Not authorized to describe billing.", {}});
    QTRY_VERIFY(monitor.snapshot()->groups[0].error);
    QCOMPARE(monitor.snapshot()->groups[0].lag, std::int64_t{40});
    cluster->clearGroupError("billing");
    QTRY_VERIFY(!monitor.snapshot()->groups[0].error);
    cluster->setListFailure(Error{ErrorKind::Timeout, "No answer within 5 s.", {}});
    QTRY_VERIFY(monitor.snapshot()->groupsError);
    QCOMPARE(monitor.snapshot()->groups.size(), std::size_t{1});
    QVERIFY(monitor.snapshot()->groupsListed);
}

void TestClusterMonitor::downInWordsAndBack()
{
    ManualClock clock(1'773'324'723'500); // 2026-03-12T14:12:03.500Z
    auto cluster = std::make_shared<FakeCluster>();
    cluster->setTopic("orders", {100});
    ClusterMonitor monitor(cluster, clock, quick());
    monitor.start();
    QTRY_COMPARE(monitor.snapshot()->connection, Connection::Up);
    cluster->setFailure(Error{ErrorKind::Unreachable, "Connection refused", "127.0.0.1:9092"});
    QTRY_COMPARE(monitor.snapshot()->connection, Connection::Down);
    const std::string words = "Broker 127.0.0.1:9092 does not answer since 14:12:03. Retrying every 20 ms.";
    QCOMPARE(monitor.snapshot()->connectionText, words);
    QCOMPARE(monitor.snapshot()->topics.size(), std::size_t{1}); // kept, as of takenAt
    clock.advance(1min);
    const std::uint64_t generation = monitor.snapshot()->generation;
    QTRY_VERIFY(monitor.snapshot()->generation > generation);
    QCOMPARE(monitor.snapshot()->connectionText, words); // since when it fails, not since the last attempt
    cluster->setFailure(std::nullopt);
    QTRY_COMPARE(monitor.snapshot()->connection, Connection::Up);
    QVERIFY(monitor.snapshot()->connectionText.empty());
}

void TestClusterMonitor::otherErrorsKeepTheirWords()
{
    ManualClock clock;
    auto cluster = std::make_shared<FakeCluster>();
    cluster->setFailure(Error{ErrorKind::NotAuthorized, "SASL authentication failed", "broker 1"});
    ClusterMonitorOptions options = quick();
    options.interval = 2s;
    ClusterMonitor monitor(cluster, clock, options);
    monitor.start();
    QTRY_COMPARE(monitor.snapshot()->connection, Connection::Down);
    QCOMPARE(
        monitor.snapshot()->connectionText, std::string("broker 1: SASL authentication failed. Retrying every 2 s."));
}

void TestClusterMonitor::stopDoesNotWaitForAHangingBroker()
{
    auto cluster = std::make_shared<FakeCluster>();
    cluster->hang();
    const auto begin = std::chrono::steady_clock::now();
    {
        ManualClock clock;
        ClusterMonitor monitor(cluster, clock, quick());
        monitor.start();
        cluster->waitForHanging();
        monitor.stop();
    }
    QVERIFY(std::chrono::steady_clock::now() - begin < 500ms);
    QVERIFY(!Reaper::instance().drain(50ms));
    cluster->release();
    QVERIFY(Reaper::instance().drain(5s));
    QCOMPARE(cluster->metadataQuestions(), 1);
    QCOMPARE(cluster->watermarkQuestions(), 0);
}

void TestClusterMonitor::polledSeriesFillsItsInterval()
{
    PolledSeries series(2s, 512);
    for (EpochMs time = 1'000'500; time < 1'020'000; time += 2'003)
        series.add(time, 5);
    series.add(1'040'000, 7); // after a silence
    series.add(900'000, 9); // the clock was set back
    series.add(902'000, 9);
    const SeriesSnapshotPtr snapshot = series.snapshot();
    const SeriesLevel& level = snapshot->levels[0];
    int filled = 0;
    for (EpochMs time = 1'000'000; time <= 1'018'000; time += 1'000)
        filled += level.bins[static_cast<std::size_t>((time - level.origin) / 1'000)].count > 0 ? 1 : 0;
    QCOMPARE(filled, 19);
    for (EpochMs time = 1'020'000; time < 1'040'000; time += 1'000)
        QCOMPARE(level.bins[static_cast<std::size_t>((time - level.origin) / 1'000)].count, 0u);
    QCOMPARE(level.bins[static_cast<std::size_t>((901'000 - level.origin) / 1'000)].count, 1u);
}

QTEST_GUILESS_MAIN(TestClusterMonitor)
#include "tst_cluster_monitor.moc"
