// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/metrics/latency.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

using namespace weir;

namespace {

double exactQuantile(std::vector<double> values, double q)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

std::uint64_t sumOf(const LatencyDistribution& distribution)
{
    const auto& counts = distribution.bucketCounts();
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::vector<double> drawn(const QString& shape, unsigned seed, std::size_t count)
{
    std::mt19937 random(seed);
    std::lognormal_distribution<double> lognormal(4, 1.2);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<double> values;
    while (values.size() < count) {
        if (shape == "lognormal")
            values.push_back(lognormal(random));
        else if (shape == "uniform")
            values.push_back(uniform(random) * 1'000);
        else if (shape == "whole milliseconds")
            values.push_back(std::floor(uniform(random) * 50));
        else if (shape == "days")
            values.push_back(86'400'000.0 * (1 + uniform(random) * 300));
        else
            values.push_back(uniform(random) < 0.98 ? 5 : 20'000); // two humps
    }
    return values;
}

} // namespace

class TestLatency : public QObject
{
    Q_OBJECT

private slots:
    void bucketsCoverAllDurations();
    void quantilesAgainstSorting_data();
    void quantilesAgainstSorting();
    void extremesAreExact();
    void emptyDistribution();
    void oddValues();
    void mergingEqualsAddingToOne();
    void weights();
    void memoryStaysSmall();
    void columnsBySecond();
    void columnsKeepTheirNumber();
    void closedColumnsEqualOpenOnes();
    void batchesOutOfOrder();
    void clockSetBack();
    void recentQuantiles();
    void unchangedTrackerPublishesNothingNew();
};

void TestLatency::bucketsCoverAllDurations()
{
    QCOMPARE(LatencyDistribution::lowerBound(0), 1.0);
    QVERIFY(std::abs(LatencyDistribution::lowerBound(63) * std::exp2(20.0 / 64) / 60'000 - 17.5) < 0.1);
    for (std::size_t i = 0; i < LatencyDistribution::buckets; ++i) {
        QCOMPARE(LatencyDistribution::bucketOf(LatencyDistribution::lowerBound(i)), i);
        const double below = std::nextafter(LatencyDistribution::lowerBound(i), 0);
        QCOMPARE(LatencyDistribution::bucketOf(below), i == 0 ? 0 : i - 1);
    }
    QCOMPARE(LatencyDistribution::bucketOf(0), std::size_t{0});
    QCOMPARE(LatencyDistribution::bucketOf(1e15), std::size_t{63});
}

void TestLatency::quantilesAgainstSorting_data()
{
    QTest::addColumn<QString>("shape");
    QTest::addColumn<int>("count");
    for (const char* shape : {"lognormal", "uniform", "whole milliseconds", "days", "two humps"}) {
        for (const int count : {1, 2, 10, 1'000, 50'000})
            QTest::newRow(qPrintable(QString("%1, %2").arg(shape).arg(count))) << QString(shape) << count;
    }
}

void TestLatency::quantilesAgainstSorting()
{
    QFETCH(QString, shape);
    QFETCH(int, count);
    const std::vector<double> values = drawn(shape, 42, static_cast<std::size_t>(count));
    LatencyDistribution distribution;
    for (const double value : values)
        distribution.add(value);
    for (const double q : {0.0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
        const double exact = exactQuantile(values, q);
        const double told = distribution.quantile(q);
        QVERIFY2(std::abs(told - exact) <= exact * 0.0100001 + 0.1,
            qPrintable(QString("q %1: %2, exactly %3").arg(q).arg(told).arg(exact)));
    }
    QCOMPARE(sumOf(distribution), distribution.count());
    QCOMPARE(distribution.count(), static_cast<std::uint64_t>(count));
}

void TestLatency::extremesAreExact()
{
    LatencyDistribution distribution;
    for (const double value : {12.345, 900.1, 77.0})
        distribution.add(value);
    QCOMPARE(distribution.min(), 12.345);
    QCOMPARE(distribution.max(), 900.1);
    QCOMPARE(distribution.quantile(0), 12.345);
    QCOMPARE(distribution.quantile(1), 900.1);
}

void TestLatency::emptyDistribution()
{
    const LatencyDistribution distribution;
    QVERIFY(std::isnan(distribution.quantile(0.5)));
    QVERIFY(std::isnan(distribution.min()));
    QCOMPARE(distribution.count(), 0u);
}

void TestLatency::oddValues()
{
    LatencyDistribution distribution;
    distribution.add(-5);
    distribution.add(-1e300, 3);
    distribution.add(std::numeric_limits<double>::quiet_NaN());
    distribution.add(std::numeric_limits<double>::infinity());
    distribution.add(7, 0);
    QCOMPARE(distribution.negative(), 4u);
    QCOMPARE(distribution.count(), 0u);
    distribution.add(0);
    distribution.add(0.001);
    distribution.add(1e300);
    QCOMPARE(distribution.count(), 3u);
    QCOMPARE(distribution.quantile(0.5), 0.0);
    QCOMPARE(distribution.max(), 1e300);
    QCOMPARE(distribution.bucketCounts()[0], 2u);
    QCOMPARE(distribution.bucketCounts()[63], 1u);
}

void TestLatency::mergingEqualsAddingToOne()
{
    const std::vector<double> values = drawn("lognormal", 3, 20'000);
    LatencyDistribution whole;
    std::array<LatencyDistribution, 7> parts;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double value = i % 100 == 0 ? -values[i] : values[i];
        whole.add(value);
        parts[i % parts.size()].add(value);
    }
    LatencyDistribution merged;
    for (const LatencyDistribution& part : parts)
        merged.merge(part);
    QVERIFY(merged.bucketCounts() == whole.bucketCounts());
    QCOMPARE(merged.negative(), whole.negative());
    for (const double q : {0.0, 0.5, 0.95, 0.99, 1.0})
        QCOMPARE(merged.quantile(q), whole.quantile(q));
}

void TestLatency::weights()
{
    LatencyDistribution weighted;
    LatencyDistribution single;
    weighted.add(15, 40);
    weighted.add(300, 2);
    for (int i = 0; i < 40; ++i)
        single.add(15);
    single.add(300);
    single.add(300);
    QVERIFY(weighted.bucketCounts() == single.bucketCounts());
    QCOMPARE(weighted.quantile(0.95), single.quantile(0.95));
}

void TestLatency::memoryStaysSmall()
{
    LatencyDistribution distribution;
    for (double ms = 0.0001; ms < 1e18; ms *= 1.01)
        distribution.add(ms);
    QVERIFY2(distribution.memoryBytes() < 32'000, qPrintable(QString::number(distribution.memoryBytes())));
}

void TestLatency::columnsBySecond()
{
    LatencyTracker tracker;
    QCOMPARE(tracker.snapshot()->generation, 0u);
    QVERIFY(std::isnan(tracker.snapshot()->p50));
    tracker.add(10'300, 20);
    tracker.add(10'999, 40);
    tracker.add(13'000, 80, 5); // two seconds without records have no column
    tracker.addWithoutTimestamp(3);
    tracker.add(13'001, -4);
    const auto snapshot = tracker.snapshot();
    QCOMPARE(snapshot->columns.size(), std::size_t{2});
    QCOMPARE(snapshot->columns[0].start, EpochMs{10'000});
    QCOMPARE(snapshot->columns[0].records, 2u);
    QCOMPARE(snapshot->columns[1].start, EpochMs{13'000});
    QCOMPARE(snapshot->columns[1].counts[LatencyDistribution::bucketOf(80)], 5u);
    QCOMPARE(snapshot->records, 7u);
    QCOMPARE(snapshot->negative, 1u);
    QCOMPARE(snapshot->withoutTimestamp, 3u);
    QCOMPARE(snapshot->p50, 80.0);
}

void TestLatency::columnsKeepTheirNumber()
{
    LatencyTracker tracker(1'000, 50);
    for (EpochMs time = 0; time < 400'000; time += 250)
        tracker.add(time, 10);
    const auto snapshot = tracker.snapshot();
    QCOMPARE(snapshot->columns.size(), std::size_t{50});
    QCOMPARE(snapshot->columns.front().start, EpochMs{350'000});
    QCOMPARE(snapshot->columns.back().start, EpochMs{399'000});
    QCOMPARE(tracker.total().count(), 1'600u);
}

void TestLatency::closedColumnsEqualOpenOnes()
{
    const std::vector<double> values = drawn("lognormal", 9, 30'000);
    LatencyTracker tracker;
    std::map<EpochMs, LatencyDistribution> naive;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto time = static_cast<EpochMs>(i) * 3;
        tracker.add(time, values[i]);
        naive[time / 1'000 * 1'000].add(values[i]);
    }
    const auto snapshot = tracker.snapshot();
    QCOMPARE(snapshot->columns.size(), naive.size());
    for (const LatencyColumn& column : snapshot->columns) {
        const LatencyDistribution& expected = naive.at(column.start);
        QCOMPARE(column.records, expected.count());
        QCOMPARE(column.p50, expected.quantile(0.5));
        QCOMPARE(column.p99, expected.quantile(0.99));
        for (std::size_t i = 0; i < column.counts.size(); ++i)
            QCOMPARE(std::uint64_t{column.counts[i]}, expected.bucketCounts()[i]);
    }
}

void TestLatency::batchesOutOfOrder()
{
    LatencyTracker tracker;
    for (const EpochMs time : {5'000, 3'000, 4'000, 3'500, 5'100})
        tracker.add(time, 10);
    const auto snapshot = tracker.snapshot();
    QCOMPARE(snapshot->columns.size(), std::size_t{3});
    QCOMPARE(snapshot->columns[0].start, EpochMs{3'000});
    QCOMPARE(snapshot->columns[0].records, 2u);
    QCOMPARE(snapshot->columns[2].start, EpochMs{5'000});
}

void TestLatency::clockSetBack()
{
    LatencyTracker tracker;
    for (EpochMs time = 100'000; time < 130'000; time += 1'000)
        tracker.add(time, 10);
    tracker.add(50'000, 10, 7);
    const auto snapshot = tracker.snapshot();
    QVERIFY(std::is_sorted(snapshot->columns.begin(), snapshot->columns.end(),
        [](const LatencyColumn& a, const LatencyColumn& b) { return a.start < b.start; }));
    std::uint64_t drawnRecords = 0;
    for (const LatencyColumn& column : snapshot->columns)
        drawnRecords += column.records;
    QCOMPARE(drawnRecords, 37u);
}

void TestLatency::recentQuantiles()
{
    LatencyTracker tracker;
    for (EpochMs time = 0; time < 20'000; time += 100)
        tracker.add(time, 5'000);
    for (EpochMs time = 20'000; time < 30'000; time += 100)
        tracker.add(time, 50);
    const auto snapshot = tracker.snapshot();
    QVERIFY(std::abs(snapshot->p99 - 50) <= 0.5);
    QVERIFY(std::abs(tracker.total().quantile(0.5) - 5'000) <= 50);
}

void TestLatency::unchangedTrackerPublishesNothingNew()
{
    LatencyTracker tracker;
    tracker.add(1'000, 5);
    const auto first = tracker.snapshot();
    QCOMPARE(tracker.snapshot().get(), first.get());
    tracker.add(1'000, std::span<const LatencySample>());
    QCOMPARE(tracker.snapshot().get(), first.get());
}

QTEST_GUILESS_MAIN(TestLatency)
#include "tst_latency.moc"
