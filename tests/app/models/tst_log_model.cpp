// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/log_model.h"
#include "tests/support/manual_clock.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace weir;

namespace {

QString lineOf(const LogModel& log, int row)
{
    QStringList cells;
    for (int column = LogModel::LevelColumn; column < LogModel::ColumnCount; ++column)
        cells.append(log.index(row, column).data().toString());
    return cells.join('|');
}

} // namespace

class TestLogModel : public QObject
{
    Q_OBJECT
private slots:
    void linesInOrder()
    {
        test::ManualClock clock(1'700'000'000'123);
        LogModel log(clock);
        QAbstractItemModelTester tester(&log);
        log.add(LogLevel::Info, "orders", "opened");
        log.add(LogLevel::Error, "q1", "failed");
        QCOMPARE(log.rowCount({}), 2);
        QCOMPARE(lineOf(log, 0), QString("Info|orders|opened"));
        QCOMPARE(lineOf(log, 1), QString("Error|q1|failed"));
        QCOMPARE(log.index(0, 0).data().toString(), QString("22:13:20.123"));
        QCOMPARE(log.index(1, 0).data(LogModel::LevelRole).toInt(), int(LogLevel::Error));
    }

    void theOldestLeave()
    {
        test::ManualClock clock;
        LogModel log(clock);
        QAbstractItemModelTester tester(&log);
        for (int i = 0; i < LogModel::capacity + 10; ++i)
            log.add(LogLevel::Info, "x", QString::number(i));
        QCOMPARE(log.rowCount({}), LogModel::capacity);
        QCOMPARE(log.index(0, LogModel::TextColumn).data().toString(), QString("10"));
    }

    void aStateIsToldWhenItComesAndWhenItGoes()
    {
        test::ManualClock clock;
        LogModel log(clock);
        QSignalSpy inserted(&log, &QAbstractItemModel::rowsInserted);
        for (int i = 0; i < 50; ++i)
            log.setCondition("c", "demo", "Broker b:1 does not answer."); // asked four times a second
        QCOMPARE(inserted.count(), 1);
        clock.advance(std::chrono::seconds(3));
        log.setCondition("c", "demo", "Broker b:1 refuses the connection.");
        QCOMPARE(inserted.count(), 2);
        clock.advance(std::chrono::seconds(2));
        log.clearCondition("c");
        log.clearCondition("c");
        QCOMPARE(inserted.count(), 3);
        QCOMPARE(lineOf(log, 0), QString("Warning|demo|Broker b:1 does not answer."));
        QVERIFY2(
            lineOf(log, 2).startsWith("Info|demo|Over after 2.00 s: Broker b:1 refuses"), qPrintable(lineOf(log, 2)));
        log.setCondition("c", "demo", "Broker b:1 refuses the connection.");
        QCOMPARE(inserted.count(), 4);
    }
};

QTEST_GUILESS_MAIN(TestLogModel)
#include "tst_log_model.moc"
