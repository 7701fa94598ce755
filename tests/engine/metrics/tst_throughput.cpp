// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/metrics/throughput.h"

#include <QTest>

#include <random>
#include <vector>

using namespace weir;
using namespace std::chrono_literals;

namespace {

using Poll = std::vector<OffsetRange>;

ThroughputMeter::Moment at(double seconds)
{
    return ThroughputMeter::Moment(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1'000)));
}

} // namespace

class TestThroughput : public QObject
{
    Q_OBJECT

private slots:
    void growthBetweenPolls_data();
    void growthBetweenPolls();
    void firstAnswerIsNoRate();
    void silenceSpreadsTheGrowth();
    void twoPollsAtOnceLoseNothing();
    void recreatedTopicGoesOnFromItsNewOffsets();
    void ratesAddUpToTheRecords();
};

void TestThroughput::growthBetweenPolls_data()
{
    QTest::addColumn<Poll>("first");
    QTest::addColumn<Poll>("second");
    QTest::addColumn<double>("rate"); // over two seconds
    QTest::newRow("one partition") << Poll{{0, 100}} << Poll{{0, 300}} << 100.0;
    QTest::newRow("three partitions") << Poll{{0, 100}, {0, 0}, {5, 9}} << Poll{{0, 110}, {0, 4}, {9, 15}} << 10.0;
    QTest::newRow("nothing new") << Poll{{0, 100}} << Poll{{0, 100}} << 0.0;
    QTest::newRow("retention moved") << Poll{{0, 100}} << Poll{{90, 120}} << 10.0;
    QTest::newRow("recreated, shorter") << Poll{{0, 1'000'000}} << Poll{{0, 20}} << 0.0;
    QTest::newRow("recreated, longer already") << Poll{{50, 100}} << Poll{{0, 900'000}} << 0.0;
    QTest::newRow("one of two recreated") << Poll{{0, 100}, {0, 100}} << Poll{{0, 3}, {0, 120}} << 10.0;
    QTest::newRow("partition added") << Poll{{0, 100}} << Poll{{0, 120}, {0, 5'000'000}} << 10.0;
    QTest::newRow("partition unknown now") << Poll{{0, 100}, {0, 100}} << Poll{{0, 120}, {-1, -1}} << 10.0;
    QTest::newRow("partition unknown before") << Poll{{0, 100}, {-1, -1}} << Poll{{0, 120}, {0, 90'000}} << 10.0;
    QTest::newRow("low unknown") << Poll{{-1, 100}} << Poll{{-1, 140}} << 20.0;
    QTest::newRow("no partitions") << Poll{} << Poll{} << 0.0;
}

void TestThroughput::growthBetweenPolls()
{
    QFETCH(Poll, first);
    QFETCH(Poll, second);
    QFETCH(double, rate);
    ThroughputMeter meter;
    meter.update(at(10), first);
    QCOMPARE(meter.update(at(12), second), rate);
    QCOMPARE(meter.recordsPerSecond(), rate);
}

void TestThroughput::firstAnswerIsNoRate()
{
    ThroughputMeter meter;
    QCOMPARE(meter.update(at(10), Poll{{0, 5'000'000}}), 0.0);
    QVERIFY(!meter.hasRate());
    meter.update(at(12), Poll{{-1, -1}});
    QVERIFY(!meter.hasRate());
    meter.update(at(14), Poll{{0, 5'000'000}});
    QVERIFY(meter.hasRate());
}

void TestThroughput::silenceSpreadsTheGrowth()
{
    ThroughputMeter meter;
    meter.update(at(10), Poll{{0, 100}});
    QCOMPARE(meter.update(at(12), Poll{{-1, -1}}), 0.0);
    QCOMPARE(meter.update(at(14), Poll{{-1, -1}}), 0.0);
    QCOMPARE(meter.update(at(20), Poll{{0, 1'100}}), 100.0);
}

void TestThroughput::twoPollsAtOnceLoseNothing()
{
    ThroughputMeter meter;
    meter.update(at(10), Poll{{0, 100}});
    QCOMPARE(meter.update(at(10), Poll{{0, 150}}), 0.0);
    QCOMPARE(meter.update(at(12), Poll{{0, 200}}), 50.0);
}

void TestThroughput::recreatedTopicGoesOnFromItsNewOffsets()
{
    ThroughputMeter meter;
    meter.update(at(10), Poll{{0, 1'000}, {0, 1'000}});
    meter.update(at(12), Poll{{0, 10}, {0, 10}});
    QCOMPARE(meter.update(at(14), Poll{{0, 30}, {0, 30}}), 20.0);
    meter.update(at(16), Poll{{0, 30}}); // fewer partitions than before
    QCOMPARE(meter.update(at(18), Poll{{0, 34}}), 2.0);
}

void TestThroughput::ratesAddUpToTheRecords()
{
    std::mt19937 random(11);
    ThroughputMeter meter;
    Poll offsets(12);
    for (OffsetRange& range : offsets)
        range = {0, static_cast<std::int64_t>(random() % 1'000)};
    std::int64_t produced = 0;
    double counted = 0;
    double time = 0;
    meter.update(at(time), offsets);
    for (int poll = 0; poll < 300; ++poll) {
        const double step = 0.5 + static_cast<double>(random() % 4'000) / 1'000;
        time += step;
        for (OffsetRange& range : offsets) {
            const auto growth = static_cast<std::int64_t>(random() % 500);
            range.high += growth;
            range.low += growth / 2;
            produced += growth;
        }
        Poll told = offsets;
        if (poll % 7 == 3)
            told[static_cast<std::size_t>(poll) % told.size()] = {};
        const double rate = meter.update(at(time), told);
        QVERIFY(rate >= 0 && rate < 12 * 500 / 0.4);
        counted += rate * step;
    }
    // What fell into a silent poll is counted with the next one, over a longer time: about all of it is there.
    QVERIFY(std::abs(counted - static_cast<double>(produced)) < 0.02 * static_cast<double>(produced));
}

QTEST_GUILESS_MAIN(TestThroughput)
#include "tst_throughput.moc"
