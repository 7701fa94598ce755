// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/cli/position.h"
#include "app/session/byte_size.h"
#include "app/session/pace.h"
#include "app/session/ring_size.h"

#include <QTest>

using namespace weir;
using namespace weir::cli;

class TestOptions : public QObject
{
    Q_OBJECT

private slots:
    void byteSizes()
    {
        QCOMPARE(*parseByteSize("64MiB"), std::size_t(64) << 20);
        QCOMPARE(*parseByteSize("1 GiB"), std::size_t(1) << 30);
        QCOMPARE(*parseByteSize("2G"), std::size_t(2) << 30);
        QCOMPARE(*parseByteSize("134217728"), std::size_t(128) << 20);
        for (const char* wrong : {"", "x", "12", "1 TB", "-5MiB", "64 MiBs", "99999999999999999999"})
            QVERIFY2(!parseByteSize(wrong), wrong);
    }

    void rings()
    {
        QCOMPARE(parseRing("2GiB")->bytes, std::uint64_t(2) << 30);
        QCOMPARE(parseRing("2GiB")->age.count(), 0);
        QVERIFY(parseRing("30min")->age == std::chrono::minutes(30));
        QVERIFY(parseRing("2 h")->age == std::chrono::hours(2));
        QCOMPARE(parseRing("30min")->bytes, std::uint64_t(0));
        for (const char* wrong : {"", "x", "12", "100ms", "-5min", "1 fortnight"})
            QVERIFY2(!parseRing(wrong), wrong);
    }

    void paces()
    {
        QCOMPARE(*parsePace("original"), 1.0);
        QCOMPARE(*parsePace("flat"), 0.0);
        QCOMPARE(*parsePace("0.5x"), 0.5);
        QCOMPARE(*parsePace("600"), 600.0);
        for (const char* wrong : {"", "x", "0", "-1", "2 x", "1e12", "nan", "fast"})
            QVERIFY2(!parsePace(wrong), wrong);
    }

    void startPositions()
    {
        QVERIFY(*parseStart("beginning") == StartPosition(FromBeginning{}));
        QVERIFY(*parseStart("end") == StartPosition(FromEnd{}));
        QVERIFY(*parseStart("-100") == StartPosition(FromLast{100}));
        QVERIFY(*parseStart("@42") == StartPosition(FromOffset{42}));
        QVERIFY(*parseStart("1700000000000") == StartPosition(FromTime{1'700'000'000'000}));
        QVERIFY(*parseStart("1970-01-02 00:00:00") == StartPosition(FromTime{86'400'000}));
        QVERIFY(*parseStart("1970-01-02T00:00:00.5Z") == StartPosition(FromTime{86'400'500}));
        QVERIFY(*parseStart("1970-01-02") == StartPosition(FromTime{86'400'000}));
        QVERIFY(*parseStart("1970-01-02T02:00:00+02:00") == StartPosition(FromTime{86'400'000}));
        QVERIFY(*parseStart("1970-01-01 18:30:00-0530") == StartPosition(FromTime{86'400'000}));
        for (const char* wrong : {"", "start", "@", "@-1", "-", "-0", "2026-13-01 00:00:00", "@9x", "2026-03-1x",
                 "2026-03-12T14:08:00+2", "2026-03-12+02:00", "14:08:00+02:00"})
            QVERIFY2(!parseStart(wrong), wrong);
    }

    void stopPositions()
    {
        QVERIFY(*parseStop("never") == StopPosition(Unbounded{}));
        QVERIFY(*parseStop("end") == StopPosition(UntilEnd{}));
        QVERIFY(*parseStop("@42") == StopPosition(UntilOffset{42}));
        QVERIFY(*parseStop("1970-01-02 00:00:00.001") == StopPosition(UntilTime{86'400'001}));
        QVERIFY(!parseStop("beginning"));
        QVERIFY(!parseStop("-5"));
    }

    void errorsNameWhatIsPossible()
    {
        QVERIFY(parseStart("start").error().message.find("beginning") != std::string::npos);
        QVERIFY(parseStop("x").error().message.find("never") != std::string::npos);
    }

    void tables()
    {
        const std::string text = alignedTable({{"name", "n"}, {"a", "1"}, {"long name", "1,234"}}, {false, true});
        QCOMPARE(QString::fromStdString(text), QString("name           n\na              1\nlong name  1,234\n"));
    }

    void numbers()
    {
        QCOMPARE(grouped(std::int64_t{0}), std::string("0"));
        QCOMPARE(grouped(std::int64_t{999}), std::string("999"));
        QCOMPARE(grouped(std::int64_t{1000}), std::string("1,000"));
        QCOMPARE(grouped(std::int64_t{-1234567}), std::string("-1,234,567"));
        QCOMPARE(grouped(std::int64_t{123456}), std::string("123,456"));
    }

    void jsonStrings()
    {
        QCOMPARE(jsonString("a\"b\\c\n"), std::string("\"a\\\"b\\\\c\\n\""));
        QCOMPARE(jsonString("Zürich"), std::string("\"Zürich\""));
    }
};

QTEST_APPLESS_MAIN(TestOptions)
#include "tst_options.moc"
