// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/digest.h"
#include "app/engine/sql/regex_functions.h"
#include "app/engine/sql/text_functions.h"
#include "tests/engine/sql/scalar_run.h"

#include "app/engine/sql/script.h"

#include <QTest>

using namespace weir;
using namespace weir::sql;

namespace {

const std::string ddl = "CREATE TABLE t (s STRING, n INT) WITH ('connector' = 'filesystem', 'path' = '/x', "
                        "'format' = 'json');\n";

/// The value of an expression over one row {"s": "alpha,beta", "n": 2}, as JSON; or the message of its refusal.
std::string valueOf(const std::string& expression)
{
    const Script script = compileScript(ddl + "SELECT " + expression + " AS v FROM t;");
    if (!script.ok())
        return script.diagnostics.front().message;
    const ScalarRun run = runScalar(script.queries.front(), {R"({"s":"alpha,beta","n":2})"});
    const std::string row = run.failure ? *run.failure : run.rows.at(0);
    return row.substr(5, row.size() - 6); // {"v":…}
}

} // namespace

class TestSqlTextFunctions : public QObject
{
    Q_OBJECT
private slots:
    void values_data()
    {
        QTest::addColumn<QString>("value");
        const auto row = [](const char* expression, const char* value) {
            QTest::newRow(expression) << QString::fromUtf8(value);
        };
        row("TRIM(BOTH 'ab' FROM 'abxyba')", R"("xy")");
        row("TRIM('x' FROM 'xxyxx')", R"("y")");
        row("TRIM(TRAILING FROM '  y  ')", R"("  y")");
        row("LTRIM('  y ')", R"("y ")");
        row("RTRIM('yyx', 'xy')", R"("")");
        row("BTRIM('éyé', 'é')", R"("y")");
        row("POSITION('beta' IN s)", "7");
        row("LOCATE('a', s, 2)", "5");
        row("LOCATE('a', s, 0)", "0");
        row("INSTR(s, 'zz')", "0");
        row("LEFT(s, -1)", R"("")");
        row("RIGHT(s, 100)", R"("alpha,beta")");
        row("REPEAT('ab', n)", R"("abab")");
        row("REPEAT('ab', -1)", R"("")");
        row("LPAD('x', 3, '')", "null");
        row("LPAD('x', -1, 'y')", "null");
        row("RPAD('a', 4, '🚀')", "\"a🚀?\""); // Java counts UTF-16 units
        row("REPLACE('abc', '', '-')", R"("-a-b-c-")");
        row("REPLACE('aaa', 'aa', 'b')", R"("ba")");
        row("CONCAT_WS('-', s, CAST(NULL AS STRING), 'z')", R"("alpha,beta-z")");
        row("CONCAT_WS(CAST(NULL AS STRING), s)", "null");
        row("SPLIT_INDEX(s, ',', 1)", R"("beta")");
        row("SPLIT_INDEX(s, ',', 2)", "null");
        row("SPLIT_INDEX(s, ',', -1)", "null");
        row("REGEXP(s, 'b.t')", "true");
        row("REGEXP_EXTRACT(s, '(\\w+),(\\w+)', 2)", R"("beta")");
        row("REGEXP_EXTRACT(s, '(x)?alpha', 1)", "null"); // took no part
        row("REGEXP_EXTRACT(s, 'alpha', 3)", "null");
        row("REGEXP_REPLACE(s, '[aeiou]', '\\1')", R"("\\1lph\\1,b\\1t\\1")"); // no references
        row("s SIMILAR TO '%,(beta|gamma)'", "true");
        row("s SIMILAR TO 'alpha'", "false");
        row("'a%' SIMILAR TO 'a!%' ESCAPE '!'", "true");
        row("'7' SIMILAR TO '[[:DIGIT:]]'", "true");
        row("'a.b' SIMILAR TO 'a.b'", "true");
        row("'axb' NOT SIMILAR TO 'a.b'", "true");
        row("INITCAP('o''neil 2nd ÉTÉ')", "\"O'Neil 2nd ÉTÉ\"");
        row("REVERSE('a🚀')", "\"🚀a\"");
        row("SHA2(s, 1)", "null");
        row("CHAR_LENGTH(SHA512(s))", "128");
        row("SHA1('')", R"("da39a3ee5e6b4b0d3255bfef95601890afd80709")");
        row("SHA2('abc', 256)", R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")");
        row("TRUNCATE(-1.999, 2)", R"("-1.99")");
        row("TRUNCATE(1299, -2)", "1200");
        row("TIMESTAMPDIFF(MONTH, DATE '2024-01-31', DATE '2024-02-29')", "1");
        row("TIMESTAMPDIFF(MONTH, TIMESTAMP '2024-01-15 12:00:00', TIMESTAMP '2024-02-15 11:59:59')", "0");
        row("TIMESTAMPDIFF(YEAR, DATE '2024-02-29', DATE '2023-02-28')", "-1");
        row("TIMESTAMPDIFF(DAY, TIMESTAMP '2024-01-02 00:00:00', TIMESTAMP '2024-01-01 00:00:01')", "0");
        row("TIMESTAMPDIFF(WEEK, DATE '2024-01-01', DATE '2024-01-15')", "2");
    }

    void values()
    {
        QFETCH(QString, value);
        QCOMPARE(QString::fromStdString(valueOf(QTest::currentDataTag())), value);
    }

    void refusals()
    {
        const auto refuses = [](const std::string& expression, const char* words) {
            return valueOf(expression).find(words) != std::string::npos;
        };
        QVERIFY(refuses("REGEXP_EXTRACT(s, '(?<=a)b')", "The pattern cannot be run"));
        QVERIFY(refuses("REGEXP(s, '(a)\\1')", "The pattern cannot be run"));
        QVERIFY(refuses("s SIMILAR TO '(a'", "The pattern cannot be run"));
        QVERIFY(refuses("LEFT(s)", "No match found for function signature LEFT(STRING)"));
        QVERIFY(refuses("TIMESTAMPDIFF(FORTNIGHT, s, s)", "expected a unit of time"));
        QVERIFY(refuses("TIMESTAMPDIFF(DAY, s, s)", "No match found"));
        QVERIFY(refuses("POSITION('a', s)", "IN"));
    }

    /// A pattern out of a column that cannot be run gives NULL, as in Flink.
    void patternsOfRows()
    {
        QVERIFY(!regexMatches("abc", "("));
        QVERIFY(!regexExtract("abc", "(", 0));
        QVERIFY(!regexReplace("abc", "(", "x"));
        for (int i = 0; i < 1000; ++i) // more than are kept
            QVERIFY(regexMatches("a" + std::to_string(i), "^a" + std::to_string(i) + "$").value_or(false));
    }

    void hostileBytes()
    {
        const std::string odd("\xff\xc3(\0\xf0\x9f", 6);
        for (const std::string& text : {odd, std::string("\x80"), std::string("\xf0"), std::string()}) {
            (void)reversed(text);
            (void)initCap(text);
            (void)paddedLeft(text, 9, text);
            (void)paddedRight("x", 9, text);
            (void)replaced(text, text, "y");
            (void)replaced(text, "", "y");
            (void)trimmedRight(trimmedLeft(text, text), "\xff");
            (void)positionOf(text, odd, 3);
            (void)splitIndex(text, "(", 1);
            (void)similarPattern(text, '\xff');
            (void)regexExtract(text, ".", 0);
            (void)digestOf(text, 128);
        }
        QCOMPARE(similarPattern("[:x", 0), std::string("[:x"));
        QVERIFY(!paddedLeft("x", std::int64_t{1} << 40, "y"));
    }
};

QTEST_GUILESS_MAIN(TestSqlTextFunctions)
#include "tst_sql_text_functions.moc"
