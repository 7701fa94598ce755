// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"
#include "tests/engine/sql/golden_case.h"
#include "tests/engine/sql/scalar_run.h"

#include <QTest>

#include <algorithm>

using namespace weir;

namespace {

/// Cases without a window: their rows are computed here, one column of the result at a time.
const std::vector<std::string> scalarCases{"arithmetic", "case_coalesce", "casts", "json_decoding_lenient",
    "like_in_between", "null_truth_table", "strings", "temporal", "where_null_logic"};

std::string textOf(const std::vector<sql::Diagnostic>& diagnostics)
{
    std::string text;
    for (const sql::Diagnostic& diagnostic : diagnostics)
        text += describe(diagnostic) + "\n";
    return text;
}

std::string textOf(const Schema& schema)
{
    std::string text;
    for (const RowField& field : schema)
        text += field.name + " " + field.type.text() + "\n";
    return text;
}

std::string textOf(const std::vector<GoldenColumn>& columns)
{
    std::string text;
    for (const GoldenColumn& column : columns)
        text += column.name + " " + column.type + "\n";
    return text;
}

QString quote(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

class TestSqlGoldens : public QObject
{
    Q_OBJECT

private slots:
    void resultTypesAreFlinks_data()
    {
        QTest::addColumn<QString>("name");
        for (const std::string& name : goldenNames())
            QTest::newRow(name.c_str()) << quote(name);
        QVERIFY(goldenNames().size() > 50);
    }

    void resultTypesAreFlinks()
    {
        QFETCH(QString, name);
        const GoldenCase golden = goldenCase(name.toStdString());
        const sql::Script script = sql::compileScript(golden.script);
        QVERIFY2(script.ok(), textOf(script.diagnostics).c_str());
        QCOMPARE(script.queries.size(), std::size_t{1});
        QCOMPARE(quote(textOf(script.queries[0].root->schema)), quote(textOf(golden.columns)));
    }

    void scalarColumns_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("column");
        for (const std::string& name : scalarCases) {
            const GoldenCase golden = goldenCase(name);
            for (int i = 0; i < static_cast<int>(golden.columns.size()); ++i) {
                const std::string tag = name + "." + golden.columns[static_cast<std::size_t>(i)].name;
                QTest::newRow(tag.c_str()) << quote(name) << i;
            }
        }
    }

    /// Each item of a golden query by itself: its type and its values on all rows are Flink's.
    void scalarColumns()
    {
        QFETCH(QString, name);
        QFETCH(int, column);
        const GoldenCase golden = goldenCase(name.toStdString());
        const SplitQuery split = splitQuery(golden.script);
        QCOMPARE(split.items.size(), golden.columns.size());
        const GoldenColumn& wanted = golden.columns[static_cast<std::size_t>(column)];
        const std::string& item = split.items[static_cast<std::size_t>(column)];
        const sql::Script script =
            sql::compileScript(split.before + "SELECT id AS id_of_row," + item + "\n" + split.from);
        QVERIFY2(script.ok(), (item + "\n" + textOf(script.diagnostics)).c_str());
        QCOMPARE(quote(script.queries.at(0).root->schema.at(1).type.text()), quote(wanted.type));
        compareValues(golden, wanted, runScalar(script.queries[0], golden.input));
    }

    /// The harness above can fail: a wrong value is seen.
    void comparisonSeesDifferences()
    {
        const std::vector<GoldenColumn> columns{{"a", "DOUBLE"}, {"b", "DECIMAL(4, 2)"}};
        const std::vector<std::string> rows = comparableRows({R"({"a":1,"b":"1.00"})"}, columns);
        QCOMPARE(rows, comparableRows({R"({"b":"1.00","a":1.0,"c":3})"}, columns));
        QVERIFY(rows != comparableRows({R"({"a":1,"b":"1.0"})"}, columns));
        QVERIFY(rows != comparableRows({R"({"a":1.0000000000000002,"b":"1.00"})"}, columns));
        QVERIFY(rows != comparableRows({R"({"a":1,"b":null})"}, columns));
        QVERIFY(rows != comparableRows({R"({"a":1})"}, columns));
    }

private:
    static void compareValues(const GoldenCase& golden, const GoldenColumn& wanted, const ScalarRun& run)
    {
        QVERIFY2(!run.failure, run.failure.value_or("").c_str());
        const std::vector<GoldenColumn> compared{{"id", "BIGINT"}, wanted};
        std::vector<std::string> rows = run.rows;
        for (std::string& row : rows)
            row.replace(row.find("id_of_row"), 9, "id");
        const auto ours = comparableRows(rows, compared);
        const auto flinks = comparableRows(golden.expected, compared);
        for (std::size_t i = 0; i < std::min(ours.size(), flinks.size()); ++i)
            QCOMPARE(quote(ours[i]), quote(flinks[i]));
        QCOMPARE(ours.size(), flinks.size());
    }
};

QTEST_GUILESS_MAIN(TestSqlGoldens)
#include "tst_sql_goldens.moc"
