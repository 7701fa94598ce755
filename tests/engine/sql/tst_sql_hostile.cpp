// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/evaluate.h"
#include "app/engine/sql/script.h"
#include "tests/engine/sql/golden_case.h"
#include "tests/engine/sql/scalar_run.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>

using namespace weir;

namespace {

const std::string ddl = "CREATE TABLE t (i INT, s STRING, b BOOLEAN) WITH ('connector' = 'filesystem', 'path' = '/x', "
                        "'format' = 'json');\n";

std::string repeated(const std::string& text, std::size_t times)
{
    std::string result;
    result.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i)
        result += text;
    return result;
}

std::vector<std::string> goldenScripts()
{
    std::vector<std::string> scripts;
    for (const std::string& name : goldenNames())
        scripts.push_back(goldenCase(name).script);
    for (const RejectedQuery& query : rejectedQueries())
        scripts.push_back(query.ddl + query.sql);
    return scripts;
}

/// Whatever the text is: the answer is a script or diagnostics that point into the text; what bound can be shown.
void compileAnything(const std::string& text)
{
    const sql::Script script = sql::compileScript(text);
    for (const sql::Diagnostic& diagnostic : script.diagnostics) {
        QVERIFY2(!diagnostic.message.empty(), text.c_str());
        QVERIFY2(diagnostic.span.offset <= text.size(), text.c_str());
        QVERIFY2(diagnostic.span.length <= text.size() - diagnostic.span.offset, text.c_str());
        QVERIFY(diagnostic.span.line >= 1 && diagnostic.span.column >= 1);
        QVERIFY(!describe(diagnostic).empty());
    }
    for (const sql::QueryPlan& plan : script.queries)
        QVERIFY(!describe(plan).empty());
}

} // namespace

class TestSqlHostile : public QObject
{
    Q_OBJECT

private slots:
    void truncations()
    {
        int n = 0;
        for (const std::string& script : goldenScripts()) {
            const std::size_t step = 1 + script.size() / 40;
            for (std::size_t size = static_cast<std::size_t>(n++) % step; size < script.size(); size += step)
                compileAnything(script.substr(0, size));
        }
        QVERIFY(n > 70);
    }

    void mutations()
    {
        std::mt19937 random(20240301);
        const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
        static constexpr std::string_view odd = "()'`,;.*+-/%<>=|\"[]:\n\0\x80\xff\xc3 0AeE_";
        for (const std::string& script : goldenScripts()) {
            for (int round = 0; round < 40; ++round) {
                std::string text = script;
                for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
                    const std::size_t at = below(text.size());
                    switch (below(4)) {
                    case 0:
                        text.erase(at, 1 + below(12));
                        break;
                    case 1:
                        text.insert(at, 1, odd[below(odd.size())]);
                        break;
                    case 2:
                        text[at] = static_cast<char>(random());
                        break;
                    default:
                        text.insert(at, text.substr(below(text.size()), below(60)));
                    }
                }
                compileAnything(text);
            }
        }
    }

    void tokensInAnyOrder()
    {
        std::mt19937 random(7);
        std::vector<std::string> words{
            "(", ")", ",", ";", "=", "*", "'a'", "1", "t", "i", "`s`", "1e9", "=>", ".", "-"};
        for (const std::string_view word : sql::keywords())
            words.emplace_back(word);
        for (const std::string_view word : sql::functionNames())
            words.emplace_back(word);
        for (int round = 0; round < 3000; ++round) {
            std::string text = ddl + (round % 2 ? "SELECT " : "");
            for (int n = 0; n < 25; ++n)
                text += words[random() % words.size()] + " ";
            compileAnything(text);
        }
    }

    void deepAndWide_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QByteArray::fromStdString(text);
        };
        const auto nested = [&](const char* name, const std::string& open, const std::string& inner,
                                const std::string& close) {
            const std::size_t times = 900'000 / (open.size() + close.size());
            row(name, ddl + "SELECT " + repeated(open, times) + inner + repeated(close, times) + " FROM t");
        };
        nested("parentheses", "(", "1", ")");
        nested("open parentheses", "(", "", "");
        nested("NOT", "NOT ", "b", "");
        nested("minus", "- ", "i", "");
        nested("CASE", "CASE WHEN b THEN ", "1", " END");
        nested("CAST", "CAST(", "i", " AS INT)");
        nested("functions", "UPPER(", "s", ")");
        nested("COALESCE", "COALESCE(", "i", ", 1)");
        nested("INTERVAL", "INTERVAL ", "", "");
        nested("sum to the left", "", "i", " + i");
        nested("sum to the right", "i + (", "i", ")");
        nested("AND", "b AND ", "b", "");
        nested("OR and parentheses", "(b OR ", "b", ")");
        nested("comparisons", "b = ", "b", "");
        nested("IS", "", "b", " IS TRUE");
        nested("concatenation", "s || ", "s", "");
        nested("LIKE", "", "s", " LIKE s");
        nested("dots", "t.", "i", "");
        nested("columns", "i, ", "i", "");
        nested("IN list", "", "i IN (1", ", 2");
        nested("IN in IN", "i IN (", "i", ")");
        nested("BETWEEN", "", "b", " BETWEEN b AND b");
        nested("subqueries", "(SELECT ", "1", " FROM t)");
        row("semicolons", repeated(";", 1'000'000));
        row("errors", repeated("SELECT;", 100'000));
        row("statements", ddl + repeated("SELECT i FROM t;", 20'000));
        row("block comments", repeated("/**/", 250'000));
        row("open block comments", repeated("/*", 500'000));
        row("one name", "SELECT " + std::string(1'000'000, 'x') + " FROM t");
        row("one unknown function", ddl + "SELECT " + std::string(900'000, 'x') + "(1) FROM t");
        row("one string", "SELECT '" + std::string(1'000'000, 'x'));
        row("one number", ddl + "SELECT " + std::string(900'000, '9') + " FROM t");
        row("one fraction", ddl + "SELECT 0." + std::string(900'000, '9') + " FROM t");
        row("huge exponent", ddl + "SELECT 1e" + std::string(900'000, '9') + " FROM t");
        row("huge interval", ddl + "SELECT INTERVAL '" + std::string(900'000, '9') + "' SECOND(99999999999) FROM t");
        row("quotes", repeated("'", 1'000'001));
        row("back-quotes", repeated("`", 1'000'001));
        row("bytes beyond ASCII", std::string(1'000'000, '\xff'));
        row("zero bytes", std::string(1'000'000, '\0'));
        row("columns of a table",
            "CREATE TABLE w (" + repeated("c INT, ", 100'000) + "d INT) WITH ('connector' = 'print')");
        row("options", "CREATE TABLE w (c INT) WITH (" + repeated("'a' = 'b', ", 80'000) + "'connector' = 'print')");
        row("too long", std::string(3'000'000, ' ') + "SELECT 1");
    }

    /// Linear in time and bounded in stack: a megabyte of anything is answered in seconds, under sanitizers too.
    void deepAndWide()
    {
        QFETCH(QByteArray, text);
        QElapsedTimer timer;
        timer.start();
        compileAnything(text.toStdString());
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    }

    void tooLongIsSaid()
    {
        const sql::Script script = sql::compileScript(std::string((1U << 20) + 1, ' '));
        QVERIFY(!script.ok());
        QVERIFY(script.diagnostics.front().message.find("1 MiB") != std::string::npos);
    }

    /// Constructs that name an operand twice must not double the work per level.
    void doublingOperands_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const std::string& expression) {
            QTest::newRow(name) << QByteArray::fromStdString(ddl + "SELECT " + expression + " FROM t WHERE i > 0");
        };
        const std::size_t depth = 60;
        row("NULLIF", repeated("NULLIF(", depth) + "i" + repeated(", 1)", depth));
        row("BETWEEN", "b" + repeated(" BETWEEN b AND TRUE", depth));
        row("IN", "b" + repeated(" IN (b, TRUE)", depth));
        row("CASE", repeated("CASE ", depth) + "i" + repeated(" WHEN 1 THEN 2 WHEN 3 THEN 4 END", depth));
        row("COALESCE", repeated("COALESCE(", depth) + "i" + repeated(", 1)", depth));
    }

    void doublingOperands()
    {
        QFETCH(QByteArray, text);
        QElapsedTimer timer;
        timer.start();
        const sql::Script script = sql::compileScript(text.toStdString());
        for (const sql::QueryPlan& plan : script.queries) {
            QVERIFY(!describe(plan).empty());
            runScalar(plan, {R"({"i":1,"s":"a","b":true})"});
        }
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(script.ok() || !script.diagnostics.empty());
    }

    /// Patterns that make a backtracking matcher take for ever.
    void likeIsNotExponential()
    {
        const std::string query = ddl + "SELECT s LIKE '" + repeated("%a", 60) + "b' AS c FROM t";
        const sql::Script script = sql::compileScript(query);
        QVERIFY(script.ok());
        QElapsedTimer timer;
        timer.start();
        const ScalarRun run = runScalar(script.queries.at(0), {"{\"s\":\"" + std::string(20'000, 'a') + "\"}"});
        QCOMPARE(QString::fromStdString(run.rows.at(0)), QStringLiteral("{\"c\":false}"));
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
    }

    void brokenUtf8InValues()
    {
        const sql::Script script = sql::compileScript(ddl
            + "SELECT UPPER(s), LOWER(s), CHAR_LENGTH(s), SUBSTRING(s, 2, 3), SUBSTRING(s, -2), TRIM(s), s LIKE '_%' "
              "FROM t");
        QVERIFY(script.ok());
        EventBatch batch = decodeAll(*script.tables.at(0), {"{}", "{}", "{}", "{}"});
        Column& text = batch.columns.at(1);
        text = Column(types::string(), 4);
        text.values<std::string_view>() = {"\xff\xfe", "\x80\x80\x80", "a\xc3", "\xf0\x9f"};
        const auto& project = std::get<sql::ProjectNode>(script.queries.at(0).root->step);
        const auto& scan = std::get<sql::ScanNode>(project.input->step);
        EventBatch scanned = batch;
        scanned.columns.clear();
        for (const std::size_t column : scan.columns)
            scanned.columns.push_back(batch.columns[column]);
        for (const auto& expression : project.expressions)
            QCOMPARE(sql::evaluate(*expression, scanned, {}).column.size(), std::size_t{4});
    }
};

QTEST_GUILESS_MAIN(TestSqlHostile)
#include "tst_sql_hostile.moc"
