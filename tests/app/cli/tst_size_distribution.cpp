// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/size_distribution.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace weir::cli;

class TestSizeDistribution : public QObject
{
    Q_OBJECT

private slots:
    void emptyHasNoQuantile()
    {
        const SizeDistribution sizes;
        QCOMPARE(sizes.count(), std::uint64_t(0));
        QCOMPARE(sizes.quantile(0.5), std::int64_t(0));
    }

    void agreesWithSortedValues_data()
    {
        QTest::addColumn<int>("largest");
        QTest::newRow("exact range") << 4000;
        QTest::newRow("around the border") << 9000;
        QTest::newRow("large values") << 60'000'000;
    }

    void agreesWithSortedValues()
    {
        QFETCH(int, largest);
        std::mt19937_64 random(7);
        std::uniform_int_distribution<std::int64_t> size(0, largest);
        SizeDistribution sizes;
        std::vector<std::int64_t> naive;
        for (int i = 0; i < 5000; ++i) {
            naive.push_back(size(random));
            sizes.add(static_cast<std::size_t>(naive.back()));
        }
        std::sort(naive.begin(), naive.end());
        for (const double q : {0.01, 0.5, 0.95, 0.99, 1.0}) {
            const auto rank = static_cast<std::size_t>(std::ceil(q * 5000)) - 1;
            const double exact = static_cast<double>(naive[rank]);
            const double error = std::abs(static_cast<double>(sizes.quantile(q)) - exact);
            QVERIFY2(error <= exact * 0.016, qPrintable(QString("q %1: %2 off").arg(q).arg(error)));
            if (exact < 4096)
                QCOMPARE(static_cast<double>(sizes.quantile(q)), exact);
        }
        QCOMPARE(sizes.max(), naive.back());
    }

    void mergingEqualsAddingAll()
    {
        SizeDistribution a, b, all;
        for (std::size_t i = 0; i < 20'000; i += 7) {
            (i % 2 == 0 ? a : b).add(i);
            all.add(i);
        }
        a.merge(b);
        QCOMPARE(a.count(), all.count());
        for (const double q : {0.1, 0.5, 0.9, 1.0})
            QCOMPARE(a.quantile(q), all.quantile(q));
    }
};

QTEST_APPLESS_MAIN(TestSizeDistribution)
#include "tst_size_distribution.moc"
