// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/metrics/lag.h"

#include <QTest>

#include <vector>

using namespace weir;
using namespace std::chrono_literals;

namespace {

TopicPartition orders(int partition)
{
    return {"orders", PartitionId{partition}};
}

} // namespace

class TestLag : public QObject
{
    Q_OBJECT

private slots:
    void lagOfOnePartition_data();
    void lagOfOnePartition();
    void totalsOverPartitions();
    void ratesWhileFallingBehindAndCatchingUp();
    void unknownPartitionsDoNotMoveTheRates();
    void resetsDoNotConsume();
    void manyPartitionsAgainstPlainSums();
};

void TestLag::lagOfOnePartition_data()
{
    QTest::addColumn<qint64>("committed");
    QTest::addColumn<qint64>("high");
    QTest::addColumn<qint64>("lag");
    QTest::newRow("behind") << qint64{70} << qint64{100} << qint64{30};
    QTest::newRow("at the end") << qint64{100} << qint64{100} << qint64{0};
    QTest::newRow("nothing committed") << qint64{-1} << qint64{100} << qint64{-1};
    QTest::newRow("end unknown") << qint64{70} << qint64{-1} << qint64{-1};
    QTest::newRow("committed at 0") << qint64{0} << qint64{5} << qint64{5};
    QTest::newRow("end told earlier than the commit") << qint64{105} << qint64{100} << qint64{0};
}

void TestLag::lagOfOnePartition()
{
    QFETCH(qint64, committed);
    QFETCH(qint64, high);
    QFETCH(qint64, lag);
    QCOMPARE(qint64{lagOf(committed, high)}, lag);
}

void TestLag::totalsOverPartitions()
{
    LagMeter meter;
    const std::vector<LagReading> readings{{orders(0), 90, 100}, {orders(1), -1, 50}, {orders(2), 10, 15}};
    const LagTotals totals = meter.update(LagMeter::Moment(10s), readings);
    QCOMPARE(totals.lag, std::int64_t{15});
    QCOMPARE(totals.known, std::size_t{2});
    QCOMPARE(totals.lagPerSecond, 0.0);
    QCOMPARE(totals.consumedPerSecond, 0.0);
}

void TestLag::ratesWhileFallingBehindAndCatchingUp()
{
    LagMeter meter;
    meter.update(LagMeter::Moment(10s), std::vector<LagReading>{{orders(0), 100, 100}});
    LagTotals totals = meter.update(LagMeter::Moment(15s), std::vector<LagReading>{{orders(0), 120, 200}});
    QCOMPARE(totals.lagPerSecond, 16.0);
    QCOMPARE(totals.consumedPerSecond, 4.0);
    totals = meter.update(LagMeter::Moment(20s), std::vector<LagReading>{{orders(0), 300, 300}});
    QCOMPARE(totals.lagPerSecond, -16.0);
    QCOMPARE(totals.consumedPerSecond, 36.0);
    totals = meter.update(LagMeter::Moment(20s), std::vector<LagReading>{{orders(0), 310, 310}});
    QCOMPARE(totals.lagPerSecond, 0.0); // no time has passed: no rate rather than an infinite one
}

void TestLag::unknownPartitionsDoNotMoveTheRates()
{
    LagMeter meter;
    meter.update(LagMeter::Moment(10s), std::vector<LagReading>{{orders(0), 100, 110}, {orders(1), 0, 1'000'000}});
    LagTotals totals =
        meter.update(LagMeter::Moment(12s), std::vector<LagReading>{{orders(0), 100, 110}, {orders(1), 0, -1}});
    QCOMPARE(totals.lag, std::int64_t{10});
    QCOMPARE(totals.lagPerSecond, 0.0);
    totals =
        meter.update(LagMeter::Moment(14s), std::vector<LagReading>{{orders(0), 100, 110}, {orders(1), 0, 1'000'000}});
    QCOMPARE(totals.lag, std::int64_t{1'000'010});
    QCOMPARE(totals.lagPerSecond, 0.0);
}

void TestLag::resetsDoNotConsume()
{
    LagMeter meter;
    meter.update(LagMeter::Moment(10s), std::vector<LagReading>{{orders(0), 500, 500}, {orders(1), 5, 10}});
    const LagTotals totals =
        meter.update(LagMeter::Moment(12s), std::vector<LagReading>{{orders(0), 0, 500}, {orders(1), 9, 10}});
    QCOMPARE(totals.lag, std::int64_t{501});
    QCOMPARE(totals.consumedPerSecond, 2.0);
    QCOMPARE(totals.lagPerSecond, 248.0);
}

void TestLag::manyPartitionsAgainstPlainSums()
{
    LagMeter meter;
    std::vector<LagReading> before;
    std::vector<LagReading> after;
    std::int64_t sumBefore = 0;
    std::int64_t sumAfter = 0;
    for (int i = 0; i < 200; ++i) {
        before.push_back({orders(i), i * 3, i * 5});
        after.push_back({orders(199 - i), (199 - i) * 4, (199 - i) * 7});
        sumBefore += i * 2;
        sumAfter += (199 - i) * 3;
    }
    meter.update(LagMeter::Moment(1s), before);
    QCOMPARE(meter.totals().lag, sumBefore);
    meter.update(LagMeter::Moment(3s), after);
    QCOMPARE(meter.totals().lag, sumAfter);
    QCOMPARE(meter.totals().lagPerSecond, static_cast<double>(sumAfter - sumBefore) / 2);
}

QTEST_GUILESS_MAIN(TestLag)
#include "tst_lag.moc"
