// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/duration.h"

#include <QTest>

using std::chrono::milliseconds;
using weir::sql::parseDuration;

class TestSqlDuration : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatFlinkReads()
    {
        QVERIFY(parseDuration("2s") == milliseconds(2000));
        QVERIFY(parseDuration("500 ms") == milliseconds(500));
        QVERIFY(parseDuration("1 min") == milliseconds(60'000));
        QVERIFY(parseDuration("2 hours") == milliseconds(7'200'000));
        QVERIFY(parseDuration("7") == milliseconds(7));
    }

    void refusesTheRest()
    {
        for (const char* text : {"soon", "2 parsecs", "-1s", "", "s", "1.5 s", "99999999999999999999 s"})
            QVERIFY2(!parseDuration(text), text);
    }
};

QTEST_GUILESS_MAIN(TestSqlDuration)

#include "tst_sql_duration.moc"
