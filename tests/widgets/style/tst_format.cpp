// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/format.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace weir;

class TestFormat : public QObject
{
    Q_OBJECT
private slots:
    void grouped_data();
    void grouped();
    void decimals();
    void compact_data();
    void compact();
    void bytes_data();
    void bytes();
    void rates();
    void duration_data();
    void duration();
    void times();
    void timeTicks();
    void axisTicks();
    void stepsAreNiceAndFew();
    void timeStepsAreFew();
};

void TestFormat::grouped_data()
{
    QTest::addColumn<qint64>("number");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64(0) << "0";
    QTest::newRow("three") << qint64(999) << "999";
    QTest::newRow("four") << qint64(1000) << "1,000";
    QTest::newRow("lag") << qint64(148812) << "148,812";
    QTest::newRow("negative") << qint64(-1234567) << QString("−1,234,567");
    QTest::newRow("max") << std::numeric_limits<qint64>::max() << "9,223,372,036,854,775,807";
    QTest::newRow("min") << std::numeric_limits<qint64>::min() << QString("−9,223,372,036,854,775,808");
}

void TestFormat::grouped()
{
    QFETCH(qint64, number);
    QTEST(format::grouped(number), "text");
}

void TestFormat::decimals()
{
    QCOMPARE(format::grouped(353374.7, 2), QString("353,374.70"));
    QCOMPARE(format::grouped(-0.001, 2), QString("0.00"));
    QCOMPARE(format::grouped(-12.5, 1), QString("−12.5"));
    QCOMPARE(format::grouped(std::nan(""), 2), QString("–"));
    QCOMPARE(format::percent(0.075), QString("7.5 %"));
    QCOMPARE(format::percent(0.1241, 2), QString("12.41 %"));
}

void TestFormat::compact_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<QString>("text");
    QTest::newRow("small") << 912.0 << "912";
    QTest::newRow("fraction") << 0.25 << "0.3";
    QTest::newRow("thousand") << 4829.0 << "4.8 k";
    QTest::newRow("million") << 18.2e6 << "18.2 M";
    QTest::newRow("1.2 M") << 1.2e6 << "1.2 M";
    QTest::newRow("rounds up a unit") << 999'999.0 << "1.0 M";
    QTest::newRow("hundreds") << 412e9 << "412 G";
    QTest::newRow("negative") << -2400.0 << QString("−2.4 k");
    QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << QString("–");
}

void TestFormat::compact()
{
    QFETCH(double, number);
    QTEST(format::compact(number), "text");
}

void TestFormat::bytes_data()
{
    QTest::addColumn<double>("count");
    QTest::addColumn<QString>("text");
    QTest::newRow("bytes") << 83.0 << "83 B";
    QTest::newRow("nothing") << 0.0 << "0 B";
    QTest::newRow("1023") << 1023.0 << "1,023 B";
    QTest::newRow("kib") << 1024.0 << "1.0 KiB";
    QTest::newRow("mib") << 5.3 * 1024 * 1024 << "5.3 MiB";
    QTest::newRow("ten") << 9.96 * 1024 << "10 KiB";
    QTest::newRow("gib") << 412.0 * 1024 * 1024 * 1024 << "412 GiB";
    QTest::newRow("carry") << 1023.9 * 1024 << "1.0 MiB";
}

void TestFormat::bytes()
{
    QFETCH(double, count);
    QTEST(format::bytes(count), "text");
}

void TestFormat::rates()
{
    QCOMPARE(format::rate(1842), QString("1,842/s"));
    QCOMPARE(format::rate(0.4), QString("0.4/s"));
    QCOMPARE(format::rate(9.97), QString("10/s"));
    QCOMPARE(format::rate(-3), QString("−3/s"));
}

void TestFormat::duration_data()
{
    QTest::addColumn<double>("ms");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("narrow");
    QTest::newRow("zero") << 0.0 << "0 ms"
                          << "0.0 s";
    QTest::newRow("below one") << 0.4 << "0.4 ms"
                               << "0.0 s";
    QTest::newRow("46") << 46.0 << "46 ms"
                        << "0.0 s";
    QTest::newRow("carry to s") << 999.6 << "1.00 s"
                                << "1.0 s";
    QTest::newRow("3.64") << 3640.0 << "3.64 s"
                          << "3.6 s";
    QTest::newRow("24.1") << 24100.0 << "24.1 s"
                          << "24.1 s";
    QTest::newRow("carry to min") << 59'990.0 << "1 min 00 s"
                                  << "1m 00s";
    QTest::newRow("4 min") << 242'000.0 << "4 min 02 s"
                           << "4m 02s";
    QTest::newRow("21 h") << 76'320'000.0 << "21 h 12 min"
                          << "21h 12m";
    QTest::newRow("6 d") << 601'200'000.0 << "6 d 23 h"
                         << "6d 23h";
    QTest::newRow("skew") << -46.0 << QString("−46 ms") << QString("−0.0 s");
    QTest::newRow("unknown") << std::nan("") << QString("–") << QString("–");
}

void TestFormat::duration()
{
    QFETCH(double, ms);
    QTEST(format::duration(ms), "words");
    QTEST(format::durationShort(ms), "narrow");
}

void TestFormat::times()
{
    const std::int64_t incident = 1773324723118; // 2026-03-12 14:12:03.118 UTC
    QCOMPARE(format::time(incident), QString("14:12:03.118"));
    QCOMPARE(format::timeSeconds(incident), QString("14:12:03"));
    QCOMPARE(format::dateTime(incident), QString("2026-03-12 14:12:03.118"));
    QCOMPARE(format::isoTime(incident), QString("2026-03-12T14:12:03.118Z"));
    QCOMPARE(format::dateTime(-1), QString("1969-12-31 23:59:59.999"));
}

void TestFormat::timeTicks()
{
    const std::int64_t t = 1773324723118;
    QCOMPARE(format::timeTick(t, 15 * 60'000), QString("14:12"));
    QCOMPARE(format::timeTick(t, 119'999), QString("14:12:03"));
    QCOMPARE(format::timeTick(t, 1'999), QString("03.118"));
    QCOMPARE(format::timeTick(t, 5LL * 86'400'000), QString("03-12 14:12"));
}

void TestFormat::axisTicks()
{
    QCOMPARE(format::axisTick(2e6, 6e6), QString("2 M"));
    QCOMPARE(format::axisTick(5e5, 2e6), QString("0.5 M"));
    QCOMPARE(format::axisTick(150'000, 150'000), QString("150,000"));
    QCOMPARE(format::axisTick(0, 6e6), QString("0"));
    QCOMPARE(format::axisTick(0.25, 0.4), QString("0.25"));
    QCOMPARE(format::axisTick(1.5, 2), QString("1.5"));
}

void TestFormat::stepsAreNiceAndFew()
{
    for (double span = 1e-4; span < 1e15; span *= 1.37) {
        for (int ticks = 2; ticks < 9; ++ticks) {
            const double step = format::niceStep(span, ticks);
            QVERIFY2(span / step <= ticks + 1e-6, qPrintable(QString("%1 / %2").arg(span).arg(step)));
            QVERIFY(span / step > ticks / 2.6); // never fewer than needed
        }
    }
    QCOMPARE(format::niceStep(2400, 5), 500.0);
    QCOMPARE(format::niceStep(1000, 4), 250.0);
    QCOMPARE(format::niceStep(0, 4), 1.0);
}

void TestFormat::timeStepsAreFew()
{
    for (std::int64_t span = 1; span < 400LL * 86'400'000; span = span * 5 / 4 + 1)
        QVERIFY(span / format::niceTimeStep(span, 6) <= 6);
    QCOMPARE(format::niceTimeStep(15 * 60'000, 5), std::int64_t(180'000));
    QCOMPARE(format::niceTimeStep(30 * 60'000, 15), std::int64_t(120'000));
}

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
