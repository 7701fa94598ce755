// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/row_text.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/sql/script.h"
#include "connectors/files/json_lines_source.h"
#include "tests/engine/sql/golden_case.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>


using namespace weir;

namespace {

/// Made with Flink's Kafka source, whose watermark starts at the lowest long; see the case's notes.
const std::string kafkaCase = "tumble_before_1970_late";

QString folderOf(const std::string& name)
{
    return QStringLiteral(WEIR_SOURCE_DIR "/tests/data/goldens/flink/") + QString::fromStdString(name);
}

std::string scriptOf(const GoldenCase& golden)
{
    std::string script = golden.script;
    const std::string before = "'connector' = 'filesystem',";
    if (golden.name == kafkaCase)
        script.replace(script.find(before), before.size(),
            "'connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'localhost:1', "
            "'scan.startup.mode' = 'earliest-offset',");
    const std::size_t path = script.find("'path'");
    if (golden.name == kafkaCase)
        script.erase(path, script.find('\n', path) - path);
    return script;
}

qint64 lateDropped(const std::string& name)
{
    QFile file(folderOf(name) + QStringLiteral("/schema.json"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    return QJsonDocument::fromJson(file.readAll()).object().value(QStringLiteral("late_dropped")).toInt(-1);
}

/// The file that the table names: cases with two inputs have two.
Result<std::vector<std::unique_ptr<Source>>> openTable(const std::string& name, const sql::TableDefinition& table)
{
    files::JsonLinesRequest request;
    request.path = table.option("path", folderOf(name).toStdString() + "/input.jsonl");
    Result<std::unique_ptr<Source>> source = files::openJsonLines(request);
    if (!source)
        return source.error();
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(std::move(*source));
    return sources;
}

std::vector<std::string> rowsOf(const ResultBatch& result)
{
    std::vector<std::string> rows;
    for (std::size_t row = 0; row < result.rowCount; ++row)
        appendJsonRow(rows.emplace_back(), result, row);
    return rows;
}

} // namespace

class TestQueryGoldens : public QObject
{
    Q_OBJECT
private slots:
    void equalsFlink_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("workers");
        for (const std::string& name : goldenNames()) {
            const sql::Script script = sql::compileScript(scriptOf(goldenCase(name)));
            QVERIFY2(script.ok() && script.queries.size() == 1, name.c_str());
            QTest::addRow("%s", name.c_str()) << QString::fromStdString(name) << 1;
            QTest::addRow("%s, 3 workers", name.c_str()) << QString::fromStdString(name) << 3;
        }
    }

    void equalsFlink()
    {
        QFETCH(QString, name);
        QFETCH(int, workers);
        const GoldenCase golden = goldenCase(name.toStdString());
        const sql::Script script = sql::compileScript(scriptOf(golden));
        const SourceOpener opener = [&](const sql::TableDefinition& table) { return openTable(golden.name, table); };
        QueryOptions options;
        options.workers = workers;
        auto run = QueryRun::start(script.queries[0], opener, {}, nullptr, options);
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().text().c_str());
        QVERIFY((*run)->wait(std::chrono::seconds(20)));
        const auto snapshot = (*run)->snapshot();
        QVERIFY2(snapshot->phase == QueryPhase::Finished, snapshot->failure ? snapshot->failure->text().c_str() : "");
        QCOMPARE(qint64(snapshot->counters.lateDropped), lateDropped(golden.name));
        const auto ours = comparableRows(rowsOf(*snapshot->rows), golden.columns);
        const auto flinks = comparableRows(golden.expected, golden.columns);
        for (std::size_t i = 0; i < std::min(ours.size(), flinks.size()); ++i)
            QCOMPARE(QString::fromStdString(ours[i]), QString::fromStdString(flinks[i]));
        QCOMPARE(ours.size(), flinks.size());
    }
};

QTEST_GUILESS_MAIN(TestQueryGoldens)
#include "tst_query_goldens.moc"
