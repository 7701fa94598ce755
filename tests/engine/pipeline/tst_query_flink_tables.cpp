// SPDX-License-Identifier: GPL-3.0-or-later
// The rows and answers of Flink's own test of window aggregation, by TIMESTAMP and by TIMESTAMP_LTZ in Shanghai.
#include "app/engine/event/row_text.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/sql/script.h"
#include "tests/support/fake_source.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace weir;

namespace {

QJsonObject tables()
{
    QFile file(QStringLiteral(WEIR_SOURCE_DIR "/tests/data/flink_tables/window_aggregate.json"));
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

std::string tableOf(bool instants)
{
    return std::string("SET 'table.local-time-zone' = 'Asia/Shanghai'; CREATE TABLE T1 (ts ")
        + (instants ? "BIGINT" : "STRING")
        + ", `int` INT, `double` DOUBLE, `float` FLOAT, bigdec DECIMAL(10, 2), `string` STRING, name STRING, "
          "rowtime AS "
        + (instants ? "TO_TIMESTAMP_LTZ(ts, 3)" : "TO_TIMESTAMP(ts)")
        + ", WATERMARK FOR rowtime AS rowtime - INTERVAL '1' SECOND) WITH ('connector' = 'kafka', 'format' = 'json', "
          "'topic' = 't');\n";
}

/// A row as the table of this kind reads it: the time as text, or as milliseconds of Shanghai's clock, 8 hours ahead.
std::string valueOf(QJsonObject row, bool instants)
{
    if (instants) {
        const QString iso = row[QLatin1String("ts")].toString().replace(QLatin1Char(' '), QLatin1Char('T'));
        const QDateTime time = QDateTime::fromString(iso + QLatin1Char('Z'), Qt::ISODate);
        row[QLatin1String("ts")] = time.toMSecsSinceEpoch() - 8 * 3'600'000;
    }
    return QJsonDocument(row).toJson(QJsonDocument::Compact).toStdString();
}

std::vector<std::unique_ptr<Source>> sourcesOf(const std::vector<std::string>& values)
{
    std::vector<FakeRecord> records;
    for (const std::string& value : values)
        records.push_back({static_cast<std::int64_t>(records.size()), value, 0});
    auto source = std::make_unique<FakeSource>("t", std::vector<PartitionId>{{0}});
    source->addPoll({fakeBatch("t", {0}, records)});
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(std::move(source));
    return sources;
}

QStringList rowsOf(const ResultBatch& result)
{
    QStringList rows;
    for (std::size_t row = 0; row < result.rowCount; ++row) {
        QStringList cells;
        for (const Column& column : result.columns)
            cells.append(column.isNull(row) ? QStringLiteral("null") : QString::fromStdString(cellText(column, row)));
        rows.append(cells.join(QStringLiteral(" | ")));
    }
    rows.sort();
    return rows;
}

} // namespace

class TestQueryFlinkTables : public QObject
{
    Q_OBJECT

private slots:
    void windowAggregate_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<bool>("instants");
        QTest::addColumn<QStringList>("expected");
        const QJsonArray cases = tables()[QLatin1String("cases")].toArray();
        QCOMPARE(cases.size(), 24);
        for (const QJsonValue& value : cases) {
            const QJsonObject one = value.toObject();
            for (const bool instants : {false, true}) {
                const bool differs = instants && one.contains(QLatin1String("expected_ltz"));
                QStringList expected =
                    one[differs ? QLatin1String("expected_ltz") : QLatin1String("expected")].toVariant().toStringList();
                expected.sort();
                const QByteArray name = one[QLatin1String("name")].toString().toUtf8() + (instants ? ", LTZ" : "");
                QTest::newRow(name.constData()) << one[QLatin1String("query")].toString() << instants << expected;
            }
        }
    }

    void windowAggregate()
    {
        QFETCH(QString, query);
        QFETCH(bool, instants);
        QFETCH(QStringList, expected);
        checkRows(query, instants, expected);
    }

    /// The same where the rows come from another aggregation, whose late row is gone.
    void onlyOnUpdateBehindAnAggregation()
    {
        checkRows(
            "SELECT name, SUM(s), EXTRACT(SECOND FROM window_start), EXTRACT(SECOND FROM window_end) FROM "
            "TABLE(CUMULATE((SELECT name, window_time AS t, SUM(`int`) AS s FROM TABLE(TUMBLE(TABLE T1, "
            "DESCRIPTOR(rowtime), INTERVAL '1' SECOND)) GROUP BY name, window_start, window_end, window_time), "
            "DESCRIPTOR(t), INTERVAL '5' SECOND, INTERVAL '15' SECOND, INTERVAL '0' SECOND, TRUE)) GROUP BY name, "
            "window_start, window_end",
            false,
            {"a | 10 | 0 | 5", "a | 13 | 0 | 10", "b | 1 | 30 | 35", "b | 4 | 15 | 20", "b | 9 | 0 | 10",
                "null | 7 | 30 | 35"});
    }

    void onlyOnUpdateNeedsAnAggregation()
    {
        const sql::Script script = sql::compileScript(tableOf(false)
            + "SELECT * FROM TABLE(CUMULATE(TABLE T1, DESCRIPTOR(rowtime), INTERVAL '5' SECOND, INTERVAL '15' SECOND, "
              "INTERVAL '0' SECOND, TRUE))");
        QVERIFY(script.ok());
        const auto run = QueryRun::start(script.queries.at(0), {}, {}, nullptr, {});
        QVERIFY(!run.ok() && run.error().text().find("GROUP BY window_start") != std::string::npos);
    }

private:
    static void checkRows(const QString& query, bool instants, const QStringList& expected)
    {
        const sql::Script script = sql::compileScript(tableOf(instants) + query.toStdString());
        QVERIFY2(script.ok(), script.ok() ? "" : describe(script.diagnostics.front()).c_str());
        std::vector<std::string> values;
        for (const QJsonValue& row : tables()[QLatin1String("rows")].toArray())
            values.push_back(valueOf(row.toObject(), instants));
        QCOMPARE(values.size(), std::size_t{11});
        const SourceOpener opener = [&values](
                                        const sql::TableDefinition&) -> Result<std::vector<std::unique_ptr<Source>>> {
            return sourcesOf(values);
        };
        auto run = QueryRun::start(script.queries.at(0), opener, {}, nullptr, {});
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().text().c_str());
        QVERIFY((*run)->wait(std::chrono::seconds(20)));
        QCOMPARE(rowsOf(*(*run)->snapshot()->rows), expected);
    }
};

QTEST_GUILESS_MAIN(TestQueryFlinkTables)
#include "tst_query_flink_tables.moc"
