// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/series/series.h"

#include <QTest>

#include <map>
#include <random>
#include <thread>

using namespace weir;

namespace {

EpochMs floorTo(EpochMs time, std::int64_t width)
{
    return time >= 0 ? time / width * width : -((-time + width - 1) / width) * width;
}

/// Keeps everything: one unlimited map of bins per width.
class NaiveSeries
{
public:
    void add(EpochMs time, double value) { m_values.emplace(time, value); }
    Bin bin(EpochMs from, EpochMs to) const
    {
        Bin bin;
        for (auto it = m_values.lower_bound(from); it != m_values.end() && it->first < to; ++it)
            bin.add(it->second);
        return bin;
    }

private:
    std::multimap<EpochMs, double> m_values;
};

/// Every coarse bin whose eight finer bins are kept must equal them merged, first and last included.
void verifyMergedUpwards(const SeriesSnapshot& snapshot)
{
    for (std::size_t l = 0; l + 1 < snapshot.levels.size(); ++l) {
        const SeriesLevel& fine = snapshot.levels[l];
        const SeriesLevel& coarse = snapshot.levels[l + 1];
        QCOMPARE(coarse.widthMs, fine.widthMs * 8);
        for (std::size_t i = 0; i < fine.bins.size(); i += 8) {
            const EpochMs time = fine.origin + static_cast<EpochMs>(i) * fine.widthMs;
            QCOMPARE(floorTo(time, coarse.widthMs), time);
            Bin merged;
            for (std::size_t j = i; j < std::min(i + 8, fine.bins.size()); ++j)
                merged.merge(fine.bins[j]);
            QVERIFY(time >= coarse.origin && time < coarse.end());
            QVERIFY(merged == coarse.bins[static_cast<std::size_t>((time - coarse.origin) / coarse.widthMs)]);
        }
    }
}

/// Every bin of every level against the values themselves (whole numbers, so that sums are exact in any order).
void verifyAgainst(const NaiveSeries& naive, const SeriesSnapshot& snapshot)
{
    for (const SeriesLevel& level : snapshot.levels) {
        for (std::size_t i = 0; i < level.bins.size(); ++i) {
            const EpochMs from = level.origin + static_cast<EpochMs>(i) * level.widthMs;
            const Bin expected = naive.bin(from, from + level.widthMs);
            QCOMPARE(level.bins[i].count, expected.count);
            QCOMPARE(level.bins[i].sum, expected.sum);
            QCOMPARE(level.bins[i].min, expected.min);
            QCOMPARE(level.bins[i].max, expected.max);
        }
    }
}

std::uint64_t countOf(const SeriesLevel& level)
{
    std::uint64_t count = 0;
    for (const Bin& bin : level.bins)
        count += bin.count;
    return count;
}

} // namespace

class TestSeries : public QObject
{
    Q_OBJECT

private slots:
    void binAddsAndMerges();
    void emptySeries();
    void binsAreAlignedToAbsoluteTime();
    void randomValues_data();
    void randomValues();
    void lateValuesReachOlderBins();
    void valuesOlderThanTheFinestLevelGoToACoarserOne();
    void evictedBinsStayClosed();
    void aLeapForwardKeepsTheCoarseHistory();
    void manyAtOnceEqualsOneByOne();
    void hostileTimesAndValuesAreIgnored();
    void memoryIsBounded();
    void snapshotsDoNotChange();
    void unchangedSeriesPublishesNothingNew();
    void levelForGivesAtMostOneBinPerPixel_data();
    void levelForGivesAtMostOneBinPerPixel();
    void readersAndWriterAtOnce();
};

void TestSeries::binAddsAndMerges()
{
    Bin early;
    early.add(3);
    early.add(-1);
    Bin late;
    late.add(7);
    Bin both = early;
    both.merge(Bin{});
    QVERIFY(both == early);
    both.merge(late);
    QCOMPARE(both.count, 3u);
    QCOMPARE(both.sum, 9.0);
    QCOMPARE(both.min, -1.0);
    QCOMPARE(both.max, 7.0);
    QCOMPARE(both.first, 3.0);
    QCOMPARE(both.last, 7.0);
    Bin fromEmpty;
    fromEmpty.merge(late);
    QVERIFY(fromEmpty == late);
}

void TestSeries::emptySeries()
{
    Series series;
    const SeriesSnapshotPtr snapshot = series.snapshot();
    QVERIFY(snapshot);
    QCOMPARE(snapshot->generation, 0u);
    QCOMPARE(snapshot->levels.size(), std::size_t{5});
    QVERIFY(snapshot->levels[0].bins.empty());
    QCOMPARE(snapshot->levelFor(60'000, 600).widthMs, std::int64_t{100});
}

void TestSeries::binsAreAlignedToAbsoluteTime()
{
    Series series;
    series.add(-1, 5);
    series.add(1'234'567, 1);
    for (const SeriesLevel& level : series.snapshot()->levels)
        QCOMPARE(level.origin % level.widthMs, EpochMs{0});
    QCOMPARE(series.snapshot()->newest, EpochMs{1'234'567});
    QCOMPARE(countOf(series.snapshot()->levels[1]), 2u);
}

void TestSeries::randomValues_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<int>("stepMs");
    QTest::addColumn<int>("lateMs");
    QTest::addColumn<EpochMs>("start");
    QTest::newRow("dense in order") << 1u << 20 << 0 << EpochMs{1'700'000'000'000};
    QTest::newRow("dense with late ones") << 2u << 30 << 4'000 << EpochMs{1'700'000'000'123};
    QTest::newRow("late beyond the finest level") << 3u << 40 << 90'000 << EpochMs{1'700'000'000'999};
    QTest::newRow("late beyond all levels") << 4u << 50 << 60'000'000 << EpochMs{1'700'000'000'000};
    QTest::newRow("sparse") << 5u << 7'000 << 20'000 << EpochMs{0};
    QTest::newRow("before 1970") << 6u << 300 << 2'000 << EpochMs{-10'000'000};
    QTest::newRow("leaps") << 7u << 400'000 << 900'000 << EpochMs{-5'000'000};
}

void TestSeries::randomValues()
{
    QFETCH(unsigned, seed);
    QFETCH(int, stepMs);
    QFETCH(int, lateMs);
    QFETCH(EpochMs, start);
    std::mt19937 random(seed);
    Series series({100, 4, 128});
    NaiveSeries naive;
    EpochMs now = start;
    for (int i = 0; i < 6'000; ++i) {
        now += static_cast<EpochMs>(random() % static_cast<unsigned>(2 * stepMs));
        const bool late = lateMs > 0 && random() % 4 == 0;
        const EpochMs time = late ? now - static_cast<EpochMs>(random() % static_cast<unsigned>(lateMs)) : now;
        const double value = static_cast<double>(static_cast<int>(random() % 2'001) - 1'000);
        series.add(time, value);
        naive.add(time, value);
        if (random() % 500 == 0)
            verifyMergedUpwards(*series.snapshot());
    }
    verifyMergedUpwards(*series.snapshot());
    verifyAgainst(naive, *series.snapshot());
    QVERIFY(countOf(series.snapshot()->levels.back()) > 0);
}

void TestSeries::lateValuesReachOlderBins()
{
    Series series;
    series.add(10'000, 1);
    series.add(2'050, 9); // before the first bin there was
    series.add(10'010, 2);
    const SeriesSnapshotPtr snapshot = series.snapshot();
    const SeriesLevel& finest = snapshot->levels[0];
    QVERIFY(finest.origin <= 2'000);
    QCOMPARE(finest.bins[static_cast<std::size_t>((2'000 - finest.origin) / 100)].sum, 9.0);
    QCOMPARE(snapshot->newest, EpochMs{10'010});
}

void TestSeries::valuesOlderThanTheFinestLevelGoToACoarserOne()
{
    Series series({100, 3, 64});
    const EpochMs now = 1'000'000'000;
    series.add(now, 1);
    series.add(now - 20'000, 5); // 200 fine bins back: only the second level reaches it
    const SeriesSnapshotPtr snapshot = series.snapshot();
    QCOMPARE(countOf(snapshot->levels[0]), 1u);
    QCOMPARE(countOf(snapshot->levels[1]), 2u);
    QCOMPARE(countOf(snapshot->levels[2]), 2u);
}

void TestSeries::evictedBinsStayClosed()
{
    Series series({100, 3, 64});
    for (EpochMs time = 0; time < 6'500; time += 100)
        series.add(time, 1);
    const EpochMs origin = series.snapshot()->levels[0].origin;
    QVERIFY(origin > 0);
    series.add(origin - 50, 1); // its bin had left with its neighbours: a fresh one would lie
    const SeriesSnapshotPtr snapshot = series.snapshot();
    QCOMPARE(snapshot->levels[0].origin, origin);
    QCOMPARE(countOf(snapshot->levels[1]), 66u);
    QCOMPARE(countOf(snapshot->levels[2]), 66u);
}

void TestSeries::aLeapForwardKeepsTheCoarseHistory()
{
    Series series({100, 4, 64});
    for (EpochMs time = 0; time < 5'000; time += 50)
        series.add(time, 2);
    series.add(60'000, 1);
    series.add(59'000, 1);
    const SeriesSnapshotPtr snapshot = series.snapshot();
    QCOMPARE(countOf(snapshot->levels[0]), 2u);
    QCOMPARE(countOf(snapshot->levels[2]), 102u);
    QCOMPARE(countOf(snapshot->levels[3]), 102u);
    verifyMergedUpwards(*snapshot);
}

void TestSeries::manyAtOnceEqualsOneByOne()
{
    Series atOnce;
    Series oneByOne;
    atOnce.add(1'000, 4, 250);
    for (int i = 0; i < 250; ++i)
        oneByOne.add(1'000, 4);
    QVERIFY(atOnce.snapshot()->levels[0].bins == oneByOne.snapshot()->levels[0].bins);
    atOnce.add(1'000, 4, 0);
    QCOMPARE(countOf(atOnce.snapshot()->levels[4]), 250u);
}

void TestSeries::hostileTimesAndValuesAreIgnored()
{
    Series series;
    series.add(std::numeric_limits<EpochMs>::max(), 1);
    series.add(std::numeric_limits<EpochMs>::min(), 1);
    series.add(5, std::numeric_limits<double>::quiet_NaN());
    series.add(5, std::numeric_limits<double>::infinity());
    QCOMPARE(series.snapshot()->generation, 0u);
    series.add(EpochMs{1} << 59, 1);
    series.add(-(EpochMs{1} << 59), 1);
    series.add(EpochMs{1} << 59, 1);
    QCOMPARE(countOf(series.snapshot()->levels[0]), 2u);
}

void TestSeries::memoryIsBounded()
{
    Series series({100, 5, 256});
    std::size_t highest = 0;
    for (EpochMs time = 0; time < 40'000'000; time += 1'013) {
        series.add(time, 1);
        if (time % 64 == 0) {
            series.snapshot();
            highest = std::max(highest, series.memoryBytes());
        }
    }
    const SeriesSnapshotPtr snapshot = series.snapshot();
    for (const SeriesLevel& level : snapshot->levels)
        QVERIFY(level.bins.size() <= 256);
    QVERIFY2(highest < std::size_t{5} * 256 * sizeof(Bin) * 4, qPrintable(QString::number(highest)));
}

void TestSeries::snapshotsDoNotChange()
{
    Series series;
    series.add(1'000, 1);
    const SeriesSnapshotPtr before = series.snapshot();
    const std::vector<Bin> copy = before->levels[0].bins;
    series.add(1'000, 8);
    const SeriesSnapshotPtr after = series.snapshot();
    QVERIFY(before->levels[0].bins == copy);
    QVERIFY(after->generation > before->generation);
    QCOMPARE(countOf(after->levels[0]), 2u);
}

void TestSeries::unchangedSeriesPublishesNothingNew()
{
    Series series;
    series.add(1'000, 1);
    const SeriesSnapshotPtr first = series.snapshot();
    QCOMPARE(series.snapshot().get(), first.get());
}

void TestSeries::levelForGivesAtMostOneBinPerPixel_data()
{
    QTest::addColumn<std::int64_t>("spanMs");
    QTest::addColumn<int>("pixels");
    QTest::addColumn<std::int64_t>("widthMs");
    QTest::newRow("one minute") << std::int64_t{60'000} << 600 << std::int64_t{100};
    QTest::newRow("just denser") << std::int64_t{60'001} << 600 << std::int64_t{800};
    QTest::newRow("one hour") << std::int64_t{3'600'000} << 1'000 << std::int64_t{6'400};
    QTest::newRow("a year: the coarsest") << std::int64_t{31'536'000'000} << 100 << std::int64_t{409'600};
    QTest::newRow("no pixels") << std::int64_t{1} << 0 << std::int64_t{100};
}

void TestSeries::levelForGivesAtMostOneBinPerPixel()
{
    QFETCH(std::int64_t, spanMs);
    QFETCH(int, pixels);
    QFETCH(std::int64_t, widthMs);
    Series series;
    series.add(0, 1);
    QCOMPARE(series.snapshot()->levelFor(spanMs, pixels).widthMs, widthMs);
}

void TestSeries::readersAndWriterAtOnce()
{
    Series series({100, 3, 64});
    bool neverBack = true;
    std::jthread reader([&](std::stop_token stop) {
        std::uint64_t generation = 0;
        std::uint64_t count = 0;
        while (!stop.stop_requested()) {
            const SeriesSnapshotPtr snapshot = series.snapshot();
            const std::uint64_t now = countOf(snapshot->levels[2]);
            neverBack = neverBack && snapshot->generation >= generation && now >= count;
            generation = snapshot->generation;
            count = now;
        }
    });
    for (EpochMs time = 0; time < 20'000; ++time)
        series.add(time, 1);
    reader.request_stop();
    reader.join();
    QVERIFY(neverBack);
    QCOMPARE(countOf(series.snapshot()->levels[2]), 20'000u);
}

QTEST_GUILESS_MAIN(TestSeries)
#include "tst_series.moc"
