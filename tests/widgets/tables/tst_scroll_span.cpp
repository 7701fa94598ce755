// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/scroll_span.h"

#include <QTest>

using weir::tables::ScrollSpan;

class TestScrollSpan : public QObject
{
    Q_OBJECT
private slots:
    void smallRangesAreExact()
    {
        const ScrollSpan span{100, 100 + 1'000'000};
        QCOMPARE(span.barMaximum(), 1'000'000);
        for (qint64 top = span.first; top <= span.last; top += 997)
            QCOMPARE(span.toTop(span.toBar(top)), top);
    }

    void rangesOfAnySizeKeepEndsAndOrder_data()
    {
        QTest::addColumn<qint64>("first");
        QTest::addColumn<qint64>("last");
        QTest::newRow("empty") << qint64(5) << qint64(5);
        QTest::newRow("limit") << qint64(0) << ScrollSpan::barLimit;
        QTest::newRow("limit + 1") << qint64(0) << ScrollSpan::barLimit + 1;
        QTest::newRow("2^31") << qint64(0) << (qint64(1) << 31);
        QTest::newRow("10^12") << qint64(0) << qint64(1'000'000'000'000);
        QTest::newRow("10^12 from afar") << qint64(7'000'000'000'000) << qint64(8'000'000'000'001);
        QTest::newRow("2^61") << qint64(3) << (qint64(1) << 61);
        QTest::newRow("2^62") << qint64(0) << (qint64(1) << 62);
    }
    void rangesOfAnySizeKeepEndsAndOrder()
    {
        QFETCH(qint64, first);
        QFETCH(qint64, last);
        const ScrollSpan span{first, last};
        QCOMPARE(span.toTop(0), first);
        QCOMPARE(span.toTop(span.barMaximum()), last);
        QCOMPARE(span.toBar(first), 0);
        QCOMPARE(span.toBar(last), span.barMaximum());
        qint64 before = first;
        for (int step = 1; step <= 1000; ++step) {
            const int bar = static_cast<int>(qint64(span.barMaximum()) * step / 1000);
            const qint64 top = span.toTop(bar);
            QVERIFY(top >= before && top <= last);
            QVERIFY(std::abs(span.toBar(top) - bar) <= 1);
            // An oracle in floating point: good to a millionth of the range.
            const long double expected = static_cast<long double>(last - first) * bar / std::max(span.barMaximum(), 1);
            const long double slack = static_cast<long double>(last - first) / 1e6L + 1;
            QVERIFY(std::abs(static_cast<long double>(top - first) - expected) <= slack);
            before = top;
        }
    }

    void whatIsOutsideIsClamped()
    {
        const ScrollSpan span{10, 20};
        QCOMPARE(span.toBar(-100), 0);
        QCOMPARE(span.toBar(100), 10);
        QCOMPARE(span.toTop(-5), qint64(10));
        QCOMPARE(span.toTop(50), qint64(20));
    }
};

QTEST_GUILESS_MAIN(TestScrollSpan)
#include "tst_scroll_span.moc"
