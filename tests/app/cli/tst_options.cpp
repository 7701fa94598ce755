// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/session/byte_size.h"
#include "app/session/pace.h"
#include "app/session/position.h"
#include "app/session/ring_size.h"

#include <QTest>

using namespace weir;
using namespace weir::cli;

namespace {

constexpr EpochMs now = 1'800'000'000'000;

} // namespace

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
        QVERIFY(*parseStart("-15m", now) == StartPosition(FromTime{now - 900'000}));
        QVERIFY(*parseStart("-2h30m", now) == StartPosition(FromTime{now - 9'000'000}));
        QVERIFY(
            *parseStart("@0:42,3:7", now) == StartPosition(FromOffsets{{{PartitionId{0}, 42}, {PartitionId{3}, 7}}}));
        QVERIFY(*parseStart("beginning", now) == StartPosition(FromBeginning{}));
        QVERIFY(*parseStart("end", now) == StartPosition(FromEnd{}));
        QVERIFY(*parseStart("-100", now) == StartPosition(FromLast{100}));
        QVERIFY(*parseStart("@42", now) == StartPosition(FromOffset{42}));
        QVERIFY(*parseStart("1700000000000", now) == StartPosition(FromTime{1'700'000'000'000}));
        QVERIFY(*parseStart("1970-01-02 00:00:00", now) == StartPosition(FromTime{86'400'000}));
        QVERIFY(*parseStart("1970-01-02T00:00:00.5Z", now) == StartPosition(FromTime{86'400'500}));
        QVERIFY(*parseStart("1970-01-02", now) == StartPosition(FromTime{86'400'000}));
        QVERIFY(*parseStart("1970-01-02T02:00:00+02:00", now) == StartPosition(FromTime{86'400'000}));
        QVERIFY(*parseStart("1970-01-01 18:30:00-0530", now) == StartPosition(FromTime{86'400'000}));
        for (const char* wrong : {"", "start", "@", "@-1", "-", "-0", "2026-13-01 00:00:00", "@9x", "2026-03-1x",
                 "2026-03-12T14:08:00+2", "2026-03-12+02:00", "14:08:00+02:00"})
            QVERIFY2(!parseStart(wrong, now), wrong);
    }

    void stopPositions()
    {
        QVERIFY(*parseStop("never", now) == StopPosition(Unbounded{}));
        QVERIFY(*parseStop("end", now) == StopPosition(UntilEnd{}));
        QVERIFY(*parseStop("@42", now) == StopPosition(UntilOffset{42}));
        QVERIFY(*parseStop("1970-01-02 00:00:00.001", now) == StopPosition(UntilTime{86'400'001}));
        QVERIFY(*parseStop("+5", now) == StopPosition(UntilCount{5}));
        QVERIFY(*parseStop("-1d", now) == StopPosition(UntilTime{now - 86'400'000}));
        QVERIFY(*parseStop("@1:9", now) == StopPosition(UntilOffsets{{{PartitionId{1}, 9}}}));
        QVERIFY(!parseStop("+0", now));
        QVERIFY(!parseStop("beginning", now));
        QVERIFY(!parseStop("-5", now));
    }

    void errorsNameWhatIsPossible()
    {
        QVERIFY(parseStart("start", now).error().message.find("beginning") != std::string::npos);
        QVERIFY(parseStop("x", now).error().message.find("never") != std::string::npos);
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
