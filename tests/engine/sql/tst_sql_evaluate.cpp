// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_text.h"
#include "app/engine/event/value_text.h"
#include "app/engine/sql/evaluate.h"
#include "app/engine/sql/script.h"
#include "tests/engine/sql/naive_evaluate.h"
#include "tests/engine/sql/scalar_run.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace weir;

namespace {

const std::string ddl =
    "CREATE TABLE t (i INT, j INT, l BIGINT, x DOUBLE, d DECIMAL(10, 2), e DECIMAL(6, 3), b BOOLEAN, "
    "c BOOLEAN, s STRING, z STRING) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json');\n";

/// Writes random SQL of a wanted type. Seeded: a failure is repeatable.
class Writer
{
public:
    explicit Writer(unsigned seed) : m_random(seed) { }

    int below(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }
    std::string oneOf(std::initializer_list<const char*> texts)
    {
        return texts.begin()[below(static_cast<int>(texts.size()))];
    }

    std::string any(int depth)
    {
        switch (below(5)) {
        case 0:
            return integer(depth);
        case 1:
            return real(depth);
        case 2:
            return decimal(depth);
        case 3:
            return condition(depth);
        default:
            return text(depth);
        }
    }

    std::string integer(int depth)
    {
        if (depth == 0)
            return oneOf({"i", "j", "l", "1", "7", "-3", "2147483647", "3000000000", "0"});
        switch (below(9)) {
        case 0:
            return "(" + integer(depth - 1) + oneOf({" / ", " % "}) + integer(depth - 1) + ")";
        case 1:
            return "(- " + integer(depth - 1) + ")";
        case 2:
            return "ABS(" + integer(depth - 1) + ")";
        case 3:
            return choice(depth, integer(depth - 1), integer(depth - 1));
        case 4:
            return "CAST(" + oneOf({"x", "l", "d", "i"}) + " AS " + oneOf({"INT", "BIGINT", "SMALLINT", "TINYINT"})
                + ")";
        case 5:
            return "CHAR_LENGTH(" + text(depth - 1) + ")";
        default:
            return "(" + integer(depth - 1) + oneOf({" + ", " - ", " * "}) + integer(depth - 1) + ")";
        }
    }

    std::string real(int depth)
    {
        if (depth == 0)
            return oneOf({"x", "1.5e0", "0e0", "-2.25e1"});
        switch (below(4)) {
        case 0:
            return choice(depth, real(depth - 1), real(depth - 1));
        case 1:
            return "CAST(" + integer(depth - 1) + " AS DOUBLE)";
        default:
            return "(" + real(depth - 1) + oneOf({" + ", " - ", " * ", " / "}) + real(depth - 1) + ")";
        }
    }

    /// Shallow, so that the oracle's 128 bits never overflow.
    std::string decimal(int depth)
    {
        if (depth == 0 || below(3) == 0)
            return oneOf({"d", "e", "1.25", "-0.5", "100.00"});
        if (below(3) == 0)
            return choice(depth, oneOf({"d", "e"}), oneOf({"d", "e", "i"}));
        return "(" + oneOf({"d", "e", "2.5"}) + oneOf({" + ", " - ", " * ", " / ", " % "}) + oneOf({"d", "e", "i", "3"})
            + ")";
    }

    std::string text(int depth)
    {
        if (depth == 0)
            return oneOf({"s", "z", "'a'", "''", "'été'", "'%x_'"});
        switch (below(6)) {
        case 0:
            return "UPPER(" + text(depth - 1) + ")";
        case 1:
            return "LOWER(" + text(depth - 1) + ")";
        case 2:
            return "(" + text(depth - 1) + " || " + text(depth - 1) + ")";
        case 3:
            return "SUBSTRING(" + text(depth - 1) + ", " + oneOf({"1", "2", "-1", "3"}) + oneOf({"", ", 1", ", 2"})
                + ")";
        case 4:
            return "CAST(i AS STRING)";
        default:
            return choice(depth, text(depth - 1), text(depth - 1));
        }
    }

    std::string condition(int depth)
    {
        if (depth == 0)
            return oneOf({"b", "c", "TRUE", "FALSE", "i > 3", "j <= i", "s = 'a'"});
        const std::string compare = oneOf({" = ", " <> ", " < ", " <= ", " > ", " >= "});
        switch (below(12)) {
        case 0:
            return "(NOT " + condition(depth - 1) + ")";
        case 1:
            return "(" + integer(depth - 1) + compare + integer(depth - 1) + ")";
        case 2:
            return "(" + real(depth - 1) + compare + integer(depth - 1) + ")";
        case 3:
            return "(" + decimal(1) + compare + oneOf({"d", "e", "i", "1.125", "4"}) + ")";
        case 4:
            return "(" + text(depth - 1) + compare + text(depth - 1) + ")";
        case 5:
            return "(" + text(depth - 1) + oneOf({" LIKE ", " NOT LIKE "})
                + oneOf({"'%a%'", "'_'", "'a%'", "'%'", "'!%%' ESCAPE '!'"}) + ")";
        case 6:
            return "(" + condition(depth - 1) + " IS "
                + oneOf({"TRUE", "NOT TRUE", "FALSE", "NOT FALSE", "NULL", "NOT NULL"}) + ")";
        case 7:
            return "(" + integer(depth - 1) + oneOf({" BETWEEN ", " NOT BETWEEN "}) + oneOf({"-3", "j"}) + " AND "
                + oneOf({"10", "l"}) + ")";
        case 8:
            return "(" + integer(depth - 1) + oneOf({" IN ", " NOT IN "}) + oneOf({"(1, 2, 3)", "(7)", "(j, 0)"}) + ")";
        default:
            return "(" + condition(depth - 1) + oneOf({" AND ", " OR "}) + condition(depth - 1) + ")";
        }
    }

private:
    std::string choice(int depth, const std::string& a, const std::string& b)
    {
        switch (below(4)) {
        case 0:
            return "COALESCE(" + a + ", " + b + ")";
        case 1:
            return "NULLIF(" + a + ", " + a + ")";
        default:
            return "CASE WHEN " + condition(depth - 1) + " THEN " + a + oneOf({" ELSE ", " WHEN b THEN "}) + b + " END";
        }
    }

    std::mt19937 m_random;
};

std::string shown(const sql::Literal& value)
{
    return std::visit(
        [](const auto& one) -> std::string {
            using T = std::decay_t<decltype(one)>;
            std::string text;
            if constexpr (std::is_same_v<T, std::monostate>)
                return "NULL";
            else if constexpr (std::is_same_v<T, bool>)
                return one ? "TRUE" : "FALSE";
            else if constexpr (std::is_same_v<T, std::string>)
                return "'" + one + "'";
            else if constexpr (std::is_same_v<T, Int128>) {
                appendDecimal(text, one, 0);
                return text;
            } else if constexpr (std::is_same_v<T, Timestamp>)
                return std::to_string(one.millis);
            else if constexpr (std::is_floating_point_v<T>) {
                appendNumber(text, one);
                return std::isnan(one) ? "NaN" : text;
            } else
                return std::to_string(one);
        },
        value);
}

std::vector<std::string> randomLines(unsigned seed, std::size_t count)
{
    std::mt19937 random(seed);
    const auto pick = [&](std::initializer_list<const char*> values) {
        return std::string(values.begin()[random() % values.size()]);
    };
    std::vector<std::string> lines;
    for (std::size_t row = 0; row < count; ++row) {
        lines.push_back("{\"i\":" + pick({"0", "1", "-1", "7", "null", "2147483647", "-2147483648", "12"})
            + ",\"j\":" + pick({"0", "2", "-5", "null", "3", "100"})
            + ",\"l\":" + pick({"0", "9223372036854775807", "-9223372036854775808", "null", "5", "3000000000"})
            + ",\"x\":" + pick({"0.0", "-1.5", "1e300", "null", "2.25", "1e-9", "-0.0"})
            + ",\"d\":" + pick({"0.00", "1.25", "-99999999.99", "null", "99999999.99", "3.14"})
            + ",\"e\":" + pick({"0.000", "-1.125", "999.999", "null", "4.000"})
            + ",\"b\":" + pick({"true", "false", "null"}) + ",\"c\":" + pick({"true", "false", "null"})
            + ",\"s\":" + pick({"\"\"", "\"a\"", "\"été\"", "null", "\"%x\"", "\"Abc\"", "\"🚀a\""})
            + ",\"z\":" + pick({"\"a\"", "\"bb\"", "null", "\"_\""}) + "}");
    }
    return lines;
}

struct Bound
{
    sql::ExpressionPtr expression;
    EventBatch batch; ///< the rows of the scan
    std::string problem;
};

/// The expression of SELECT as the binder leaves it, with decoded rows for it.
Bound bindOver(const std::string& expression, const EventBatch& table)
{
    Bound bound;
    const sql::Script script = sql::compileScript(ddl + "SELECT " + expression + " AS c FROM t");
    if (!script.ok() || script.queries.size() != 1) {
        bound.problem = script.diagnostics.empty() ? "no query" : describe(script.diagnostics.front());
        return bound;
    }
    const auto& project = std::get<sql::ProjectNode>(script.queries[0].root->step);
    const auto& scan = std::get<sql::ScanNode>(project.input->step);
    bound.expression = project.expressions.at(0);
    bound.batch = table;
    bound.batch.schema = project.input->schema;
    bound.batch.columns.clear();
    for (const std::size_t column : scan.columns)
        bound.batch.columns.push_back(table.columns[column]);
    return bound;
}

EventBatch tableOf(const std::vector<std::string>& lines)
{
    const sql::Script script = sql::compileScript(ddl + "SELECT * FROM t");
    return decodeAll(*script.tables.at(0), lines);
}

struct Valued
{
    const char* expression;
    const char* value; ///< as JSON, or "fails: " and the message
};

constexpr Valued valued[] = {
    // wrap-around and what is left of it
    {"2147483647 + i", "-2147483642"},
    {"CAST(300 AS TINYINT)", "44"},
    {"-CAST(-128 AS TINYINT)", "-128"},
    {"i / 0", "fails: / by zero"},
    {"d / 0", "fails: "},
    {"x / 0", "\"Infinity\""},
    {"-x / 0e0", "\"-Infinity\""},
    {"0e0 / 0e0", "\"NaN\""},
    {"9223372036854775807 + l", "-9223372036854775802"},
    // branches not taken do not fail
    {"CASE WHEN i <> 7 THEN 0 ELSE 10 / (i - 7) END", "fails: / by zero"},
    {"CASE WHEN i = 7 THEN 0 ELSE 10 / (i - 7) END", "0"},
    {"i <> 7 AND 10 / (i - 7) > 0", "false"},
    {"i = 7 OR 10 / (i - 7) > 0", "true"},
    {"COALESCE(i, 10 / (i - 7))", "7"},
    // DECIMAL: exact, rounded half up, NULL when it does not fit
    {"CAST('1.005' AS DECIMAL(5, 2))", "\"1.01\""},
    {"CAST('-1.005' AS DECIMAL(5, 2))", "\"-1.01\""},
    {"TRY_CAST(12345 AS DECIMAL(4, 1))", "null"},
    {"d / 3", "\"4.1666666666667\""},
    {"CAST('99999999999999999999999999999999999999' AS DECIMAL(38, 0)) + 1", "null"},
    {"CAST('12345678901234567890.123456789' AS DECIMAL(38, 9)) * CAST('1000000.5' AS DECIMAL(20, 1))",
        "\"12345685074074018507407401.850728\""},
    {"CAST('9999999999999999999' AS DECIMAL(19, 0)) * CAST('9999999999999999999' AS DECIMAL(19, 0))",
        "\"99999999999999999980000000000000000001\""},
    {"CAST(1 AS DECIMAL(38, 0)) / 3", "\"0.333333\""},
    {"CAST('12345678901234567890123456789012345678' AS DECIMAL(38, 0)) % 1000", "\"678\""},
    {"CAST('0.1' AS DECIMAL(38, 37)) = CAST('0.1' AS DECIMAL(2, 1))", "true"},
    // rounding goes by the shortest text, as Java's does
    {"ROUND(1.005e0, 2)", "1.01"},
    {"ROUND(-2.5e0)", "-3.0"},
    {"ROUND(1234.5e0, -2)", "1200.0"},
    {"ROUND(0.4e0)", "0.0"},
    {"ROUND(55e0, -2)", "100.0"},
    {"ROUND(1e300, 2)", "1e+300"},
    {"ROUND(15, -1)", "20"},
    {"ROUND(-14, -1)", "-10"},
    {"ROUND(d, -1)", "\"10\""},
    {"ROUND(d + 2.5, -1)", "\"20\""},
    {"ROUND(d, 1)", "\"12.5\""},
    {"CAST(1e10 AS STRING)", "\"1.0E10\""},
    {"CAST(0.001e0 AS STRING)", "\"0.001\""},
    {"CAST(9999999e0 AS STRING)", "\"9999999.0\""},
    {"CAST(-1.5e-7 AS STRING)", "\"-1.5E-7\""},
    {"CAST('2024-03-01 10:11:12.5' AS DATE)", "\"2024-03-01\""},
    // text
    {"SUBSTRING('hello', 0, 2)", "\"he\""},
    {"SUBSTRING('hello' FROM 2 FOR 3)", "\"ell\""},
    {"SUBSTRING('hello', 9)", "\"\""},
    {"TRIM('  a b ')", "\"a b\""},
    {"UPPER('straße')", "\"STRASSE\""},
    {"'100%' LIKE '100!%' ESCAPE '!'", "true"},
    {"'' LIKE ''", "true"},
    {"'ab' LIKE '_'", "false"},
    // three-valued logic
    {"CAST(NULL AS INT) = CAST(NULL AS INT)", "null"},
    {"3 IN (1, CAST(NULL AS INT))", "null"},
    {"1 IN (1, CAST(NULL AS INT))", "true"},
    {"NOT (CAST(NULL AS BOOLEAN) AND FALSE)", "true"},
    {"1 IS DISTINCT FROM CAST(NULL AS INT)", "true"},
    {"CAST(NULL AS INT) IS NOT DISTINCT FROM CAST(NULL AS INT)", "true"},
    {"d IS DISTINCT FROM 12.500", "false"},
    {"IF(CAST(NULL AS BOOLEAN), 'a', 'bc')", "\"bc\""},
    {"IF(i = 7, 1, 10 / (i - 7))", "1"},
    {"GREATEST('a', 'ab', 'B')", "\"ab\""},
    {"LEAST(1, 2.5, -3)", "\"-3.0\""},
    {"LEAST(1, CAST(NULL AS INT))", "null"},
    {"SIGN(-d)", "\"-1.00\""},
    // times
    {"FLOOR(TIMESTAMP '1969-11-30 23:59:59' TO QUARTER)", "\"1969-10-01 00:00:00\""},
    {"CEIL(TIMESTAMP '2023-12-31 00:00:01' TO MONTH)", "\"2024-01-01 00:00:00\""},
    {"CEIL(TIMESTAMP '2024-01-01 00:00:00' TO YEAR)", "\"2024-01-01 00:00:00\""},
    {"FLOOR(TIMESTAMP '2024-02-29 12:34:56.789' TO MINUTE)", "\"2024-02-29 12:34:00.000\""},
    {"CAST('2024-01-31 00:00:00' AS TIMESTAMP(3)) + INTERVAL '1' MONTH", "\"2024-02-29 00:00:00.000\""},
    {"CAST('2024-02-29 12:00:00' AS TIMESTAMP(3)) - INTERVAL '1' YEAR", "\"2023-02-28 12:00:00.000\""},
    {"DATE '2024-02-28' + INTERVAL '2' DAY", "\"2024-03-01\""},
    {"EXTRACT(QUARTER FROM DATE '2024-11-30')", "4"},
    {"EXTRACT(WEEK FROM DATE '2021-01-03')", "53"},
    {"DATE_FORMAT(TIMESTAMP '2024-03-01 09:05:07.125', 'yyyy/MM/dd HH:mm:ss.SSS')", "\"2024/03/01 09:05:07.125\""},
    {"TO_TIMESTAMP_LTZ(1709251199, 0)", "\"2024-02-29 23:59:59.000Z\""},
    {"TO_TIMESTAMP('not a time')", "null"},
    {"TIMESTAMP '1969-12-31 23:59:59.999' < TIMESTAMP '1970-01-01 00:00:00'", "true"},
};

std::string oneValue(const std::string& expression, const std::string& line)
{
    const sql::Script script = sql::compileScript(ddl + "SELECT " + expression + " AS c FROM t");
    if (!script.ok())
        return describe(script.diagnostics.front());
    const ScalarRun run = runScalar(script.queries.at(0), {line});
    if (run.failure)
        return "fails: " + *run.failure;
    return run.rows.at(0).substr(5, run.rows[0].size() - 6);
}

} // namespace

class TestSqlEvaluate : public QObject
{
    Q_OBJECT

private slots:
    void asTheNaiveOracle_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    void asTheNaiveOracle()
    {
        QFETCH(unsigned, seed);
        const EventBatch table = tableOf(randomLines(seed, 131)); // two words of validity and a bit
        Writer writer(seed);
        int failures = 0;
        for (int n = 0; n < 250; ++n) {
            const std::string text = writer.any(writer.below(4));
            Bound bound = bindOver(text, table);
            QVERIFY2(bound.expression, (text + "\n" + bound.problem).c_str());
            if (n % 3 != 0)
                select(bound.batch, writer);
            failures += compareWithOracle(text, bound) ? 1 : 0;
            if (QTest::currentTestFailed())
                return;
        }
        QVERIFY(failures > 0 && failures < 150); // both ways of ending were seen
    }

    void filtersKeepOnlyTrueRows()
    {
        const EventBatch table = tableOf(randomLines(99, 200));
        Writer writer(99);
        for (int n = 0; n < 200; ++n) {
            const std::string text = writer.condition(2);
            Bound bound = bindOver(text, table);
            QVERIFY2(bound.expression, (text + "\n" + bound.problem).c_str());
            if (n % 2 == 0)
                select(bound.batch, writer);
            std::vector<std::uint32_t> expected;
            bool fails = false;
            bound.batch.forEachSelected([&](std::uint32_t row) {
                try {
                    const sql::Literal value = naiveValue(*bound.expression, bound.batch, row);
                    if (const bool* is = std::get_if<bool>(&value); is && *is)
                        expected.push_back(row);
                } catch (const NaiveFailure&) {
                    fails = true;
                }
            });
            const auto failure = sql::applyFilter(*bound.expression, bound.batch, {});
            QCOMPARE(failure.has_value(), fails);
            std::vector<std::uint32_t> kept;
            bound.batch.forEachSelected([&](std::uint32_t row) { kept.push_back(row); });
            QVERIFY2(fails || kept == expected, text.c_str());
        }
    }

    void values_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("value");
        for (const Valued& one : valued)
            QTest::newRow(one.expression) << QString::fromUtf8(one.expression) << QString::fromUtf8(one.value);
    }

    void values()
    {
        QFETCH(QString, expression);
        QFETCH(QString, value);
        const std::string line =
            R"({"i":7,"j":0,"l":7,"x":1.5,"d":12.50,"e":0.125,"b":true,"c":false,"s":"abc","z":"zz"})";
        const QString got = QString::fromStdString(oneValue(expression.toStdString(), line));
        if (value == "fails: ")
            QVERIFY2(got.startsWith(value), qPrintable(got));
        else
            QCOMPARE(got, value);
    }

    void emptyBatchesAndSelections()
    {
        const EventBatch none = tableOf({});
        const EventBatch some = tableOf(randomLines(1, 70));
        for (const char* text : {"i / 0", "i + 1", "s || z", "CASE WHEN b THEN d ELSE e END", "b AND c", "1"}) {
            Bound empty = bindOver(text, none);
            QCOMPARE(sql::evaluate(*empty.expression, empty.batch, {}).column.size(), std::size_t{0});
            Bound unselected = bindOver(text, some);
            unselected.batch.selection = {false, {}};
            const sql::Evaluated evaluated = sql::evaluate(*unselected.expression, unselected.batch, {});
            QCOMPARE(evaluated.column.size(), std::size_t{70});
            QVERIFY2(!evaluated.failure, text);
        }
    }

private:
    static void select(EventBatch& batch, Writer& writer)
    {
        batch.selection.all = false;
        for (std::uint32_t row = 0; row < batch.rowCount; ++row) {
            if (writer.below(3) != 0)
                batch.selection.rows.push_back(row);
        }
    }

    /// True if the job fails at some row, by both accounts.
    static bool compareWithOracle(const std::string& text, const Bound& bound)
    {
        const sql::Evaluated evaluated = sql::evaluate(*bound.expression, bound.batch, {});
        std::optional<std::uint32_t> failing;
        std::string differences;
        bound.batch.forEachSelected([&](std::uint32_t row) {
            try {
                const std::string wanted = shown(naiveValue(*bound.expression, bound.batch, row));
                const std::string got = shown(cellOf(evaluated.column, row));
                if (wanted != got)
                    differences += text + " row " + std::to_string(row) + ": " + got + " instead of " + wanted + "\n";
            } catch (const NaiveFailure&) {
                failing = failing.value_or(row);
            }
        });
        [&] {
            QVERIFY2(differences.empty(), differences.c_str());
            QVERIFY2(evaluated.failure.has_value() == failing.has_value(), text.c_str());
            if (failing)
                QVERIFY2(evaluated.failure->row == *failing, text.c_str());
        }();
        return failing.has_value();
    }
};

QTEST_GUILESS_MAIN(TestSqlEvaluate)
#include "tst_sql_evaluate.moc"
