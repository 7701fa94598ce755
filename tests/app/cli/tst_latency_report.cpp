// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/latency_report.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace weir;
using namespace weir::cli;

class TestLatencyReport : public QObject
{
    Q_OBJECT

private slots:
    void durations_data()
    {
        QTest::addColumn<double>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("below a ms") << 0.04 << "0.0 ms";
        QTest::newRow("ms") << 45.6 << "46 ms";
        QTest::newRow("not 1000 ms") << 999.6 << "1.00 s";
        QTest::newRow("s") << 3640.0 << "3.64 s";
        QTest::newRow("not 60 s") << 59'999.0 << "1 min 00 s";
        QTest::newRow("min") << 242'000.0 << "4 min 02 s";
        QTest::newRow("h") << 76'320'000.0 << "21 h 12 min";
        QTest::newRow("d") << 601'200'000.0 << "6 d 23 h";
    }
    void durations()
    {
        QFETCH(double, ms);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(durationText(ms)), text);
    }

    void jsonHasEveryRecord()
    {
        LatencyDistribution latencies;
        latencies.add(0.2, 3);
        latencies.add(50, 10);
        latencies.add(1e9, 2);
        latencies.add(-5);
        const QByteArray text = QByteArray::fromStdString("{" + latencyJson(latencies) + "}");
        const QJsonObject object = QJsonDocument::fromJson(text).object();
        QVERIFY(std::abs(object["latency_p50_ms"].toDouble() - 50) < 0.6);
        const QJsonArray buckets = object["latency_buckets"].toArray();
        QCOMPARE(buckets.size(), 3);
        QCOMPARE(buckets[0].toObject()["from_ms"].toDouble(), 0.0);
        QVERIFY(buckets[1].toObject()["from_ms"].toDouble() <= 50);
        double records = 0;
        for (const QJsonValue& bucket : buckets)
            records += bucket.toObject()["records"].toDouble();
        QCOMPARE(records, 15.0);
    }

    void rowsHaveABarEach()
    {
        LatencyDistribution latencies;
        latencies.add(50, 1000);
        latencies.add(5000);
        const auto rows = latencyRows(latencies);
        QCOMPARE(rows.size(), std::size_t{3});
        QVERIFY(rows[1][1].starts_with("▪▪▪"));
        QVERIFY(rows[1][1].ends_with(" 1,000"));
        QCOMPARE(rows[2][1], std::string("▪ 1"));
    }
};

QTEST_APPLESS_MAIN(TestLatencyReport)
#include "tst_latency_report.moc"
