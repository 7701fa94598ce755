// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_data.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

using namespace weir::plots;

class TestReduce : public QObject
{
    Q_OBJECT
private slots:
    void sparseDataStays();
    void neighboursOutsideAreKept();
    void matchesTheNaiveOracle_data();
    void matchesTheNaiveOracle();
    void gapsSurvive();
    void allGaps();
    void emptyAndDegenerate();
    void boundsAreLogSpaced();
};

namespace {

constexpr Span hour{0, 3'600'000};
const double gap = std::numeric_limits<double>::quiet_NaN();

struct Extremes
{
    double first, low, high, last;
};

std::int64_t pixelOf(std::int64_t t, Span range, int pixels)
{
    return std::int64_t(std::floor(double(t - range.beginMs) * pixels / double(range.length())));
}

/// Every sample looked at on its own: what each pixel column must still show.
std::map<std::int64_t, Extremes> naive(const std::vector<Sample>& samples, Span range, int pixels)
{
    std::map<std::int64_t, Extremes> result;
    for (const Sample& sample : samples) {
        if (std::isnan(sample.value) || !range.contains(sample.timeMs))
            continue;
        const std::int64_t pixel = pixelOf(sample.timeMs, range, pixels);
        const auto [it, fresh] = result.insert({pixel, {sample.value, sample.value, sample.value, sample.value}});
        if (fresh)
            continue;
        it->second.low = std::min(it->second.low, sample.value);
        it->second.high = std::max(it->second.high, sample.value);
        it->second.last = sample.value;
    }
    return result;
}

std::vector<Sample> randomSamples(unsigned seed, int count, double gapShare)
{
    std::mt19937 random(seed);
    std::uniform_int_distribution<std::int64_t> when(-100'000, 3'700'000);
    std::normal_distribution<double> value(100, 30);
    std::uniform_real_distribution<double> chance(0, 1);
    std::vector<std::int64_t> times;
    for (int i = 0; i < count; ++i)
        times.push_back(when(random));
    std::sort(times.begin(), times.end());
    std::vector<Sample> samples;
    for (const std::int64_t t : times)
        samples.push_back({t, chance(random) < gapShare ? gap : value(random)});
    return samples;
}

} // namespace

void TestReduce::sparseDataStays()
{
    const auto samples = randomSamples(1, 300, 0.1);
    const Reduced reduced = reduceMinMax(samples, {-200'000, 4'000'000}, 400);
    QVERIFY(!reduced.reduced);
    QCOMPARE(reduced.samples.size(), samples.size());
    QCOMPARE(reduced.read, samples.size());
}

void TestReduce::neighboursOutsideAreKept()
{
    const std::vector<Sample> samples = {{-20, 1}, {-10, 2}, {10, 3}, {110, 4}, {120, 5}};
    const Reduced reduced = reduceMinMax(samples, {0, 100}, 50);
    QCOMPARE(reduced.samples.size(), std::size_t(3));
    QCOMPARE(reduced.samples.front().value, 2.0);
    QCOMPARE(reduced.samples.back().value, 4.0);
}

void TestReduce::matchesTheNaiveOracle_data()
{
    QTest::addColumn<int>("seed");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("pixels");
    QTest::addColumn<double>("gaps");
    int seed = 0;
    for (const int count : {1000, 20'000, 100'000}) {
        for (const int pixels : {1, 7, 333, 480}) {
            for (const double gaps : {0.0, 0.001, 0.3})
                QTest::addRow("%d of %d px, gaps %g", count, pixels, gaps) << ++seed << count << pixels << gaps;
        }
    }
}

void TestReduce::matchesTheNaiveOracle()
{
    QFETCH(int, seed);
    QFETCH(int, count);
    QFETCH(int, pixels);
    QFETCH(double, gaps);
    const auto samples = randomSamples(unsigned(seed), count, gaps);
    const Reduced reduced = reduceMinMax(samples, hour, pixels);
    const auto expected = naive(samples, hour, pixels);
    const auto actual = naive(reduced.samples, hour, pixels);
    QCOMPARE(actual.size(), expected.size());
    for (const auto& [pixel, want] : expected) {
        const Extremes got = actual.at(pixel);
        QCOMPARE(got.low, want.low);
        QCOMPARE(got.high, want.high);
        QCOMPARE(got.first, want.first);
        QCOMPARE(got.last, want.last);
    }
    if (gaps == 0)
        QVERIFY(reduced.samples.size() <= std::size_t(pixels) * 4 + 2);
    for (std::size_t i = 1; i < reduced.samples.size(); ++i)
        QVERIFY(reduced.samples[i - 1].timeMs <= reduced.samples[i].timeMs);
}

void TestReduce::gapsSurvive()
{
    std::vector<Sample> samples;
    for (int i = 0; i < 10'000; ++i)
        samples.push_back({i * 360, i >= 4000 && i < 6000 ? gap : 1.0});
    const Reduced reduced = reduceMinMax(samples, hour, 100);
    QVERIFY(reduced.reduced);
    int gaps = 0;
    for (std::size_t i = 0; i < reduced.samples.size(); ++i) {
        const Sample& sample = reduced.samples[i];
        if (std::isnan(sample.value))
            ++gaps;
        else
            QVERIFY(sample.timeMs < 4000 * 360 || sample.timeMs >= 6000 * 360);
    }
    QCOMPARE(gaps, 1); // one break, however long
}

void TestReduce::allGaps()
{
    const std::vector<Sample> samples(5000, Sample{1000, gap});
    QCOMPARE(reduceMinMax(samples, hour, 10).samples.size(), std::size_t(1));
}

void TestReduce::emptyAndDegenerate()
{
    QVERIFY(reduceMinMax({}, hour, 100).samples.empty());
    const auto samples = randomSamples(3, 5000, 0);
    QVERIFY(!reduceMinMax(samples, hour, 0).reduced);
    QVERIFY(!reduceMinMax(samples, {5, 5}, 100).reduced);
    QVERIFY(reduceMinMax(samples, {1'000'000'000, 1'000'000'001}, 100).samples.size() <= 1);
}

void TestReduce::boundsAreLogSpaced()
{
    const auto bounds = logBounds(1, 1 << 20, 64);
    QCOMPARE(bounds.size(), std::size_t(65));
    QCOMPARE(bounds.front(), 1.0);
    QVERIFY(std::fabs(bounds.back() - (1 << 20)) < 1e-6);
    for (std::size_t i = 1; i < bounds.size(); ++i)
        QVERIFY(std::fabs(bounds[i] / bounds[i - 1] - std::pow(2, 20.0 / 64)) < 1e-9);
}

QTEST_GUILESS_MAIN(TestReduce)
#include "tst_reduce.moc"
