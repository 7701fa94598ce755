// SPDX-License-Identifier: GPL-3.0-or-later
// What the sketches promise, against exact answers over the same values.
#include "app/engine/aggregate/distinct_sketch.h"
#include "app/engine/aggregate/frequent_values.h"
#include "app/engine/aggregate/quantile_sketch.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>

using namespace weir::aggregate;

class TestSketches : public QObject
{
    Q_OBJECT
private slots:
    void quantilesAreWithinTheirError_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::newRow("latencies") << 0.1 << 60'000.0;
        QTest::newRow("both signs") << -500.0 << 500.0;
        QTest::newRow("tiny") << 1e-12 << 1e-9;
        QTest::newRow("huge") << 1e300 << 1e308;
    }

    void quantilesAreWithinTheirError()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        std::mt19937 random(1);
        std::uniform_real_distribution<double> values(from, to);
        std::vector<double> all;
        QuantileSketch whole;
        QuantileSketch parts[3];
        for (int i = 0; i < 20'000; ++i) {
            all.push_back(i % 50 == 0 ? 0 : values(random));
            whole.add(all.back());
            parts[i % 3].add(all.back());
        }
        parts[2].merge(parts[0]);
        parts[2].merge(parts[1]);
        std::sort(all.begin(), all.end());
        for (const double fraction : {0.0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
            const double exact = all[static_cast<std::size_t>(fraction * static_cast<double>(all.size() - 1))];
            const double found = *whole.quantile(fraction);
            QVERIFY2(std::abs(found - exact) <= std::abs(exact) * QuantileSketch::relativeError * 1.0001,
                qPrintable(QStringLiteral("%1: %2 instead of %3").arg(fraction).arg(found).arg(exact)));
            QCOMPARE(*parts[2].quantile(fraction), found); // neither order nor parts show
        }
    }

    void whatIsNoNumberIsAtTheEnds()
    {
        QuantileSketch sketch;
        QVERIFY(!sketch.quantile(0.5));
        sketch.add(std::numeric_limits<double>::quiet_NaN());
        sketch.add(-std::numeric_limits<double>::infinity());
        sketch.add(std::numeric_limits<double>::infinity());
        QVERIFY(std::isinf(*sketch.quantile(0)) && *sketch.quantile(0) < 0);
        QVERIFY(std::isinf(*sketch.quantile(0.5)) && *sketch.quantile(0.5) > 0);
        QVERIFY(std::isnan(*sketch.quantile(1)));
    }

    /// Five standard errors: a correct sketch misses that once in a million times, and this one always does the same.
    void distinctCountsAreWithinTheirError()
    {
        std::mt19937_64 random(2);
        for (const std::size_t count : {0UL, 1UL, 255UL, 256UL, 257UL, 1'000UL, 10'000UL, 12'000UL, 300'000UL}) {
            DistinctSketch sketch;
            DistinctSketch parts[2];
            for (std::size_t i = 0; i < count; ++i) {
                const std::uint64_t hash = random();
                sketch.add(hash);
                parts[i % 2].add(hash);
                parts[0].add(hash); // seen by both
            }
            const auto exact = static_cast<double>(count);
            QVERIFY2(std::abs(static_cast<double>(sketch.estimate()) - exact)
                    <= 5 * DistinctSketch::standardError * exact,
                qPrintable(QStringLiteral("%1 for %2").arg(sketch.estimate()).arg(count)));
            QVERIFY(count > 256 || sketch.estimate() == static_cast<std::int64_t>(count));
            parts[1].merge(parts[0]);
            QCOMPARE(parts[1].estimate(), sketch.estimate());
            QVERIFY(sketch.memoryBytes() <= 5'000);
        }
    }

    void frequentValuesAreCountedToWithinTheirError()
    {
        std::mt19937 random(3);
        std::geometric_distribution<int> skewed(0.02);
        std::map<std::string, std::uint64_t> exact;
        FrequentValues parts[2] = {FrequentValues(5), FrequentValues(5)};
        for (int i = 0; i < 100'000; ++i) {
            const int number = i % 2 == 0 ? skewed(random) : 1000 + static_cast<int>(random() % 50'000);
            const std::string text = "v" + std::to_string(number);
            ++exact[text];
            parts[(i / 2) % 2].add(text);
        }
        parts[0].merge(parts[1]);
        QVERIFY(parts[0].error() <= 100'000 / 100);
        const std::vector<FrequentValues::Entry> top = parts[0].top();
        QCOMPARE(top.size(), std::size_t{5});
        for (const FrequentValues::Entry& entry : top) {
            QVERIFY(entry.count <= exact[entry.text]);
            QVERIFY(entry.count + parts[0].error() >= exact[entry.text]);
        }
        for (std::size_t i = 1; i < top.size(); ++i)
            QVERIFY(top[i - 1].count >= top[i].count);
        QVERIFY(parts[0].memoryBytes() < 40'000);
    }

    void fewValuesAreExact()
    {
        FrequentValues values(2);
        for (const char* text : {"b", "a", "b", "c", "a", "b"})
            values.add(text);
        QCOMPARE(values.error(), std::uint64_t{0});
        QCOMPARE(values.top().at(0).text, std::string("b"));
        QCOMPARE(values.top().at(0).count, std::uint64_t{3});
        QCOMPARE(values.top().at(1).text, std::string("a"));
    }
};

QTEST_GUILESS_MAIN(TestSketches)
#include "tst_sketches.moc"
