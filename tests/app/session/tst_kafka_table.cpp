// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"
#include "app/session/kafka_table.h"

#include <QTest>

using namespace weir;

namespace {

/// Answers what WITH options make a table ask: topics of three partitions each, one group with two commits.
class FewTopicsCluster final : public Cluster
{
public:
    Result<ClusterMetadata> metadata() override
    {
        ClusterMetadata metadata;
        for (const char* name : {"__orders", "orders", "orders.eu", "payments"}) {
            TopicInfo topic;
            topic.name = name;
            topic.internal = topic.name.starts_with("__");
            for (int p = 0; p < 3; ++p)
                topic.partitions.push_back({PartitionId{p}, 1, {}, {}});
            metadata.topics.push_back(topic);
        }
        return metadata;
    }
    Result<std::vector<Watermarks>> watermarks(std::span<const TopicPartition> partitions) override
    {
        return std::vector<Watermarks>(partitions.size(), Watermarks{10, 90, std::nullopt});
    }
    Result<std::vector<std::int64_t>> offsetsForTime(std::span<const TopicPartition>, EpochMs) override
    {
        return none();
    }
    Result<std::vector<std::optional<EpochMs>>> firstTimestamps(std::span<const TopicPartition>) override
    {
        return none();
    }
    Result<std::vector<GroupInfo>> groups() override { return none(); }
    Result<std::vector<CommittedOffset>> committedOffsets(const std::string& group) override
    {
        if (group == "expired")
            return std::vector<CommittedOffset>{{{"orders", PartitionId{0}}, 3, std::nullopt},
                {{"orders", PartitionId{1}}, 3, std::nullopt}, {{"orders", PartitionId{2}}, 300, std::nullopt}};
        if (group != "billing")
            return std::vector<CommittedOffset>();
        return std::vector<CommittedOffset>{{{"orders", PartitionId{0}}, 40, std::nullopt},
            {{"orders", PartitionId{1}}, 50, std::nullopt}, {{"payments", PartitionId{2}}, 60, std::nullopt}};
    }
    Result<std::map<std::string, std::string>> topicConfig(const std::string&) override { return none(); }
    Result<std::vector<std::unique_ptr<Source>>> open(const ReadRequest&) override { return none(); }
    Connection connection() const override { return Connection::Up; }

private:
    static Error none() { return {ErrorKind::Unsupported, "not asked for in this test", {}}; }
};

sql::TableDefinition tableWith(std::map<std::string, std::string> options)
{
    sql::TableDefinition table;
    table.name = "orders";
    options.emplace("topic", "orders");
    table.options = std::move(options);
    return table;
}

} // namespace

class TestKafkaTable : public QObject
{
    Q_OBJECT

    FewTopicsCluster m_cluster;

    Result<std::vector<ReadRequest>> askAll(std::map<std::string, std::string> options)
    {
        return readRequestsOf(tableWith(std::move(options)), m_cluster);
    }

    Result<ReadRequest> ask(std::map<std::string, std::string> options)
    {
        auto all = askAll(std::move(options));
        return all ? Result<ReadRequest>(all->front()) : all.error();
    }

    std::vector<std::string> topicsOf(std::map<std::string, std::string> options)
    {
        options.emplace("scan.startup.mode", "earliest-offset");
        const auto requests = askAll(std::move(options));
        if (!requests)
            return {requests.error().message};
        std::vector<std::string> topics;
        for (const ReadRequest& request : *requests)
            topics.push_back(request.topic);
        return topics;
    }

private slots:
    void startModes()
    {
        QVERIFY(ask({{"scan.startup.mode", "earliest-offset"}})->start == StartPosition(FromBeginning{}));
        QVERIFY(ask({{"scan.startup.mode", "latest-offset"}})->start == StartPosition(FromEnd{}));
        QVERIFY(ask({{"scan.startup.mode", "timestamp"}, {"scan.startup.timestamp-millis", "1000"}})->start
            == StartPosition(FromTime{1000}));
        const auto specific = ask({{"scan.startup.mode", "specific-offsets"},
            {"scan.startup.specific-offsets", "partition:0,offset:42;partition:2,offset:300"}});
        QVERIFY(specific->start == StartPosition(FromOffsets{{{PartitionId{0}, 42}, {PartitionId{2}, 300}}}));
    }

    void severalTopicsByListAndByPattern()
    {
        using Topics = std::vector<std::string>;
        QCOMPARE(topicsOf({{"topic", "payments;orders;payments"}}), (Topics{"payments", "orders"}));
        QCOMPARE(topicsOf({{"topic", ""}, {"topic-pattern", "orders.*"}}), (Topics{"orders", "orders.eu"}));
        QCOMPARE(topicsOf({{"topic", ""}, {"topic-pattern", ".*rders"}}), (Topics{"orders"}));
        QCOMPARE(topicsOf({{"topic", ""}, {"topic-pattern", "order"}}),
            (Topics{"the cluster has no topic that matches 'order' as a whole."}));
        QCOMPARE(topicsOf({{"topic-pattern", "orders"}}),
            (Topics{"Option 'topic' and 'topic-pattern' shouldn't be set together."}));
        QCOMPARE(topicsOf({{"topic", ";"}}), (Topics{"the option 'topic' is missing (or 'topic-pattern')."}));
        QCOMPARE(topicsOf({{"topic", "orders;payments"}, {"scan.startup.mode", "specific-offsets"}}),
            (Topics{"Currently Kafka source only supports specific offset for single topic."}));
        QVERIFY(
            topicsOf({{"topic", ""}, {"topic-pattern", "(?<=o)r"}}).front().find("cannot be run") != std::string::npos);
    }

    void groupOffsetsAreTheDefaultAndNeedAGroup()
    {
        const auto request = ask({});
        QVERIFY(!request);
        QVERIFY(request.error().message.find("Property group.id is required when using committed offset")
            != std::string::npos);
    }

    void partitionsWithoutCommitFollowTheResetPolicy()
    {
        const auto undefined = ask({{"properties.group.id", "billing"}});
        QVERIFY(!undefined);
        QVERIFY(undefined.error().message.find("Undefined offset with no reset policy for partitions: [orders-2]")
            != std::string::npos);
        const auto latest = ask({{"properties.group.id", "billing"}, {"properties.auto.offset.reset", "latest"}});
        QVERIFY(latest->start
            == StartPosition(FromOffsets{{{PartitionId{0}, 40}, {PartitionId{1}, 50}, {PartitionId{2}, 90}}}));
        const auto earliest = ask({{"properties.group.id", "none"}, {"properties.auto.offset.reset", "earliest"}});
        QVERIFY(earliest->start
            == StartPosition(FromOffsets{{{PartitionId{0}, 10}, {PartitionId{1}, 10}, {PartitionId{2}, 10}}}));
    }

    void commitsFillInWhatSpecificOffsetsLeaveOut()
    {
        const auto start = ask({{"scan.startup.mode", "specific-offsets"}, {"properties.group.id", "billing"},
            {"scan.startup.specific-offsets", "partition:0,offset:42"}});
        QVERIFY(start->start == StartPosition(FromOffsets{{{PartitionId{0}, 42}, {PartitionId{1}, 50}}}));
        const auto stop = ask({{"scan.startup.mode", "earliest-offset"}, {"scan.bounded.mode", "specific-offsets"},
            {"properties.group.id", "billing"}, {"scan.bounded.specific-offsets", "partition:1,offset:7"}});
        QVERIFY(stop->stop == StopPosition(UntilOffsets{{{PartitionId{1}, 7}, {PartitionId{0}, 40}}}));
    }

    void aCommitThatIsOutOfRangeFollowsTheResetPolicy()
    {
        const auto none = ask({{"properties.group.id", "expired"}});
        QVERIFY(!none);
        QVERIFY2(none.error().message.find("Offset 3 that the group expired has committed is out of range")
                != std::string::npos,
            none.error().message.c_str());
        const auto earliest = ask({{"properties.group.id", "expired"}, {"properties.auto.offset.reset", "earliest"}});
        QVERIFY(earliest->start
            == StartPosition(FromOffsets{{{PartitionId{0}, 10}, {PartitionId{1}, 10}, {PartitionId{2}, 10}}}));
    }

    void stoppingAtCommitsNeedsThemAll()
    {
        const auto some = ask({{"scan.startup.mode", "earliest-offset"}, {"scan.bounded.mode", "group-offsets"},
            {"properties.group.id", "billing"}});
        QVERIFY(!some);
        QVERIFY2(some.error().message.find("Partition orders-2 should stop at committed offset. But there is no "
                                           "committed offset of this partition for group billing")
                != std::string::npos,
            some.error().message.c_str());
    }

    void bounds()
    {
        const std::pair<const std::string, std::string> early{"scan.startup.mode", "earliest-offset"};
        QVERIFY(ask({early})->stop == StopPosition(Unbounded{}));
        QVERIFY(ask({early, {"scan.bounded.mode", "latest-offset"}})->stop == StopPosition(UntilEnd{}));
        QVERIFY(ask({early, {"scan.bounded.mode", "timestamp"}, {"scan.bounded.timestamp-millis", "7"}})->stop
            == StopPosition(UntilTime{7}));
    }

    void isolation()
    {
        const std::pair<const std::string, std::string> early{"scan.startup.mode", "earliest-offset"};
        QVERIFY(ask({early})->isolation == IsolationLevel::ReadUncommitted);
        QVERIFY(
            ask({early, {"properties.isolation.level", "read_committed"}})->isolation == IsolationLevel::ReadCommitted);
    }

    void wrongOptionsAreNamed_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("value");
        QTest::newRow("start mode") << "scan.startup.mode"
                                    << "first";
        QTest::newRow("bounded mode") << "scan.bounded.mode"
                                      << "end";
        QTest::newRow("isolation") << "properties.isolation.level"
                                   << "serializable";
        QTest::newRow("reset policy") << "properties.auto.offset.reset"
                                      << "newest";
        QTest::newRow("pattern") << "topic-pattern"
                                 << "o.*";
        QTest::newRow("offsets") << "scan.startup.specific-offsets"
                                 << "0:42";
    }

    void wrongOptionsAreNamed()
    {
        QFETCH(QString, option);
        QFETCH(QString, value);
        std::map<std::string, std::string> options{{option.toStdString(), value.toStdString()}};
        if (option.endsWith("reset"))
            options.insert({{"scan.startup.mode", "group-offsets"}, {"properties.group.id", "billing"}});
        options.emplace(
            "scan.startup.mode", option.endsWith("specific-offsets") ? "specific-offsets" : "earliest-offset");
        const auto request = ask(options);
        QVERIFY(!request);
        QVERIFY2(
            request.error().text().find(option.toStdString()) != std::string::npos, request.error().text().c_str());
        QVERIFY(request.error().text().find("table orders") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestKafkaTable)
#include "tst_kafka_table.moc"
