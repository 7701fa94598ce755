// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/heartbeat.h"

#include <QTest>

using namespace weir;

class TestHeartbeat : public QObject
{
    Q_OBJECT
private slots:
    void seesAThreadThatStops()
    {
        Heartbeat heartbeat;
        heartbeat.start();
        QTest::qWait(100);
        QTest::qSleep(120); // nothing runs meanwhile
        QTest::qWait(50);
        const Heartbeat::Reading reading = heartbeat.reading();
        QVERIFY2(reading.largestGapMs >= 120, qPrintable(heartbeat.text()));
        QVERIFY(reading.p99GapMs <= reading.largestGapMs);
        QVERIFY(reading.beats > 5);
        QVERIFY(heartbeat.text().startsWith("heartbeat: largest gap "));
        heartbeat.restart();
        QCOMPARE(heartbeat.reading().beats, std::uint64_t{0});
        QCOMPARE(heartbeat.reading().largestGapMs, 0.0);
    }
};

QTEST_GUILESS_MAIN(TestHeartbeat)
#include "tst_heartbeat.moc"
