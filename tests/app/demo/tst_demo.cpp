// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo.h"
#include "connectors/kafka/kafka_cluster.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <set>

using namespace weir;

class TestDemo : public QObject
{
    Q_OBJECT

    std::unique_ptr<demo::Demo> m_demo;
    std::shared_ptr<Cluster> m_cluster;

    std::int64_t lagOf(const std::string& group) const
    {
        const auto committed = m_cluster->committedOffsets(group);
        if (!committed || committed->empty())
            return -1;
        std::vector<TopicPartition> partitions;
        for (const CommittedOffset& one : *committed)
            partitions.push_back(one.partition);
        const auto marks = m_cluster->watermarks(partitions);
        std::int64_t lag = 0;
        for (std::size_t i = 0; marks && i < marks->size(); ++i)
            lag += std::max<std::int64_t>(0, (*marks)[i].high - (*committed)[i].offset);
        return lag;
    }

    std::int64_t endOf(const std::string& topic, int partitions) const
    {
        std::vector<TopicPartition> all;
        for (int p = 0; p < partitions; ++p)
            all.push_back({topic, PartitionId{p}});
        const auto marks = m_cluster->watermarks(all);
        std::int64_t end = 0;
        for (const Watermarks& one : *marks)
            end += one.high;
        return end;
    }

private slots:
    void initTestCase()
    {
        demo::DemoOptions options;
        options.consumerTimeScale = 0.1;
        auto started = demo::Demo::start(options);
        QVERIFY2(started.ok(), started ? "" : started.error().text().c_str());
        m_demo = std::move(*started);
        kafka::KafkaSettings settings;
        settings.bootstrapServers = m_demo->bootstrapServers();
        auto cluster = kafka::openCluster(settings);
        QVERIFY(cluster.ok());
        m_cluster = *cluster;
    }

    void theTopicsAreThereWithHistoryAtOnce()
    {
        const auto metadata = m_cluster->metadata();
        QVERIFY(metadata.ok());
        QCOMPARE(metadata->topics.size(), std::size_t(3));
        QTRY_VERIFY_WITH_TIMEOUT(endOf("orders", 6) > 5'000, 3'000);
        QTRY_VERIFY_WITH_TIMEOUT(endOf("shipments", 2) > 1'000, 3'000);
    }

    void trafficFlowsAtTheRateAskedFor()
    {
        std::uint64_t written = 0; // the history is on its way still: wait until a second brings only live traffic
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const std::uint64_t last = std::exchange(written, m_demo->summary().total());
                QTest::qWait(500);
                return written > 0 && m_demo->summary().total() - written < 400 && last > 0;
            }(),
            15'000);
        const std::int64_t before = endOf("orders", 6) + endOf("payments", 4) + endOf("shipments", 2);
        QTest::qWait(3000);
        const std::int64_t grown = endOf("orders", 6) + endOf("payments", 4) + endOf("shipments", 2) - before;
        QVERIFY2(grown > 3 * 100 && grown < 3 * 650, qPrintable(QString::number(grown)));
    }

    void recordsLinkTheHopsByKeyAndTrace()
    {
        ReadRequest request;
        request.topic = "payments";
        request.start = FromLast{20};
        request.stop = UntilEnd{};
        auto sources = m_cluster->open(request);
        QVERIFY(sources.ok());
        std::size_t seen = 0;
        QElapsedTimer timer;
        timer.start();
        while (!sources->front()->state().ended && timer.elapsed() < 5'000) {
            const auto batches = sources->front()->poll(std::chrono::milliseconds(100));
            for (const RecordBatchPtr& batch : *batches) {
                for (std::size_t i = 0; i < batch->size(); ++i, ++seen) {
                    QVERIFY(batch->key(i).has_value());
                    QVERIFY(batch->headerCount(i) > 0);
                    const Header header = batch->header(i, 0);
                    QCOMPARE(std::string(header.name), std::string("traceparent"));
                    QCOMPARE(header.value->size(), std::size_t(55));
                }
            }
        }
        QVERIFY(seen >= 40);
    }

    void oneGroupFallsBehindAndRecovers()
    {
        std::int64_t highest = 0;
        bool recovered = false;
        QElapsedTimer timer;
        timer.start();
        while (!recovered && timer.elapsed() < 40'000) {
            const std::int64_t lag = lagOf("fulfilment");
            highest = std::max(highest, lag);
            recovered = highest > 200 && lag >= 0 && lag < highest / 4;
            QTest::qWait(100);
        }
        QVERIFY2(recovered, qPrintable(QStringLiteral("highest lag %1").arg(highest)));
        QVERIFY(lagOf("billing") < 500);
    }
};

QTEST_GUILESS_MAIN(TestDemo)
#include "tst_demo.moc"
