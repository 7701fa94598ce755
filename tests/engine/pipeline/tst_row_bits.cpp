// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/row_bits.h"

#include <QTest>

#include <random>

using namespace weir;

class TestRowBits : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsChosenAtFirst()
    {
        RowBits bits;
        QCOMPARE(bits.count(), 0);
        QCOMPARE(bits.decided(), 0);
        QCOMPARE(bits.countBefore(1000), 0);
    }

    void gapsAreNotChosen()
    {
        RowBits bits;
        bits.add(100'000, 10, std::vector<std::uint32_t>{0, 9});
        QCOMPARE(bits.count(), 2);
        QCOMPARE(bits.decided(), 100'010);
        QCOMPARE(bits.rowOf(0), 100'000);
        QCOMPARE(bits.rowOf(1), 100'009);
        QCOMPARE(bits.countBefore(100'000), 0);
        QCOMPARE(bits.countBefore(100'001), 1);
    }

    /// Against a plain list of the chosen rows.
    void agreesWithAList_data()
    {
        QTest::addColumn<int>("oneIn");
        QTest::newRow("dense") << 2;
        QTest::newRow("some") << 100;
        QTest::newRow("rare") << 20'000;
        QTest::newRow("all") << 1;
    }
    void agreesWithAList()
    {
        QFETCH(const int, oneIn);
        std::mt19937 random(7);
        RowBits bits;
        std::vector<std::int64_t> chosen;
        std::int64_t row = 0;
        while (row < 300'000) {
            const auto rows = static_cast<std::uint32_t>(1 + random() % 9000);
            std::vector<std::uint32_t> some;
            for (std::uint32_t i = 0; i < rows; ++i) {
                if (random() % static_cast<unsigned>(oneIn) == 0) {
                    some.push_back(i);
                    chosen.push_back(row + i);
                }
            }
            bits.add(row, rows, some);
            row += rows;
        }
        QCOMPARE(bits.count(), static_cast<std::int64_t>(chosen.size()));
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            if (bits.rowOf(static_cast<std::int64_t>(i)) != chosen[i]
                || bits.countBefore(chosen[i]) != static_cast<std::int64_t>(i)
                || bits.countBefore(chosen[i] + 1) != static_cast<std::int64_t>(i) + 1)
                QFAIL(qPrintable(QStringLiteral("at %1").arg(i)));
        }
        QCOMPARE(bits.countBefore(row + 5), bits.count());
    }
};

QTEST_GUILESS_MAIN(TestRowBits)
#include "tst_row_bits.moc"
