// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/row_text.h"
#include "app/engine/sql/script.h"
#include "tests/engine/sql/scalar_run.h"

#include <QTest>

using namespace weir;
using namespace weir::sql;

namespace {

std::string ddl(const std::string& options = {})
{
    return "CREATE TABLE t (u ROW<name STRING, address ROW<city STRING, zip INT NOT NULL> NULL>, tags ARRAY<STRING>, "
           "attrs MAP<STRING, DECIMAL(6, 2)>, deep ARRAY<ROW<n BIGINT, times ARRAY<TIMESTAMP(3)>>>, body STRING, "
           "counts MULTISET<STRING>, flags BOOLEAN ARRAY) WITH ('connector' = 'filesystem', 'path' = '/x', "
           "'format' = 'json'"
        + options + ");\n";
}

/// JSON in a C++ literal reads better with single quotes; ^ stands for a quote inside a text.
std::string quoted(std::string text)
{
    std::string json;
    for (const char c : text)
        json += c == '\'' ? "\"" : c == '^' ? "\\\"" : std::string(1, c);
    return json;
}

const std::string line = quoted("{'u':{'name':'Zoë','address':{'city':'Ulm','zip':7,'more':[{}]},'x':1},"
                                "'tags':['a',null,'c\\n'],'attrs':{'p':1.5,'q':null,'p':2},"
                                "'deep':[{'n':1,'times':['2024-03-01 12:00:00.5']},{}],"
                                "'body':'{^a^:[1,{^b^:2.50}],^s^:^x^,^t^:true,^z^:null,^o^:{}}',"
                                "'counts':{'k':3},'flags':[true,null]}");

/// The value of an expression over one row, as JSON; or the message of its refusal or failure.
std::string valueOf(const std::string& expression, const std::string& json = line, const std::string& options = {})
{
    const Script script = compileScript(ddl(options) + "SELECT " + expression + " AS v FROM t;");
    if (!script.ok())
        return "refused: " + script.diagnostics.front().message;
    const ScalarRun run = runScalar(script.queries.front(), {json});
    if (run.failure)
        return "fails: " + *run.failure;
    if (run.rows.empty())
        return "no row";
    return run.rows.front().substr(5, run.rows.front().size() - 6); // {"v":…}
}

void row(const char* expression, const char* value)
{
    QTest::newRow(expression) << QString::fromUtf8(value);
}

} // namespace

class TestSqlNested : public QObject
{
    Q_OBJECT
private slots:
    void values_data()
    {
        QTest::addColumn<QString>("value");
        row("u", R"({"name":"Zoë","address":{"city":"Ulm","zip":7}})");
        row("u.address", R"({"city":"Ulm","zip":7})");
        row("t.u.address.zip + 1", "8");
        row("tags", R"(["a",null,"c\n"])");
        row("tags[1]", R"("a")");
        row("tags[2]", "null");
        row("tags[4]", "null");
        row("attrs", R"({"p":"2.00","q":null})");
        row("attrs['p'] * 2", R"("4.00")");
        row("attrs['none']", "null");
        row("deep[1].times[1]", R"("2024-03-01 12:00:00.500")");
        row("deep[2].n", "null");
        row("counts", R"({"k":3})");
        row("flags[1]", "true");
        row("CARDINALITY(tags)", "3");
        row("CARDINALITY(attrs)", "2");
        row("ELEMENT(ARRAY[42])", "42");
        row("ELEMENT(tags)", "fails: ELEMENT is asked of an ARRAY with 3 elements");
        row("ARRAY_CONTAINS(tags, 'a')", "true");
        row("ARRAY_CONTAINS(tags, CAST(NULL AS STRING))", "true");
        row("ARRAY_CONTAINS(tags, 'b')", "false");
        row("MAP_KEYS(attrs)", R"(["p","q"])");
        row("MAP_VALUES(attrs)", R"(["2.00",null])");
        row("ROW(1, 'a')", R"({"EXPR$0":1,"EXPR$1":"a"})");
        row("ARRAY[1, CAST(2 AS BIGINT)]", "[1,2]");
        row("MAP['a', 1, 'a', 2]", R"({"a":2})");
        row("MAP[1, 'x'][1]", R"("x")");
        row("CAST(u AS STRING)", "\"(Zoë, (Ulm, 7))\"");
        row("CAST(tags AS STRING)", R"("[a, NULL, c\n]")");
        row("CAST(attrs AS STRING)", R"("{p=2.00, q=NULL}")");
        row("tags = ARRAY['a', CAST(NULL AS STRING), 'c\n']", "true");
        row("ARRAY['a'] = ARRAY['a']", "true");
        row("u IS NULL", "false");
        row("CASE WHEN u.name = 'Zoë' THEN tags ELSE CAST(NULL AS ARRAY<STRING>) END", R"(["a",null,"c\n"])");
        row("COALESCE(tags, ARRAY['none'])[1]", R"("a")");
    }

    void values()
    {
        QFETCH(QString, value);
        QCOMPARE(QString::fromStdString(valueOf(QTest::currentDataTag())), value);
    }

    void json_data()
    {
        QTest::addColumn<QString>("value");
        row("JSON_VALUE(body, '$.a[0]')", R"("1")");
        row("JSON_VALUE(body, '$.a[-1].b')", R"("2.5")");
        row("JSON_VALUE(body, '$[''s'']')", R"("x")");
        row("JSON_VALUE(body, '$.none' DEFAULT 'd' ON EMPTY)", "null"); // strict: an error, not empty
        row("JSON_VALUE(body, '$.none' DEFAULT 'd' ON ERROR)", R"("d")");
        row("JSON_VALUE(body, 'lax $.none' DEFAULT 'd' ON EMPTY)", R"("d")");
        row("JSON_VALUE(body, '$.z' DEFAULT 'd' ON EMPTY)", R"("d")");
        row("JSON_VALUE(body, '$.a' ERROR ON ERROR)",
            "fails: JSON_VALUE finds no JSON in which its path leads to a scalar");
        row("JSON_VALUE(body, '$.a[0]' RETURNING INTEGER)", "1");
        row("JSON_VALUE(body, '$.s' RETURNING INTEGER)", "fails: JSON_VALUE finds a value that is no INT");
        row("JSON_VALUE(body, '$.t' RETURNING BOOLEAN)", "true");
        row("JSON_VALUE(body, '$.none' RETURNING DOUBLE DEFAULT 1 ON ERROR)", "1.0");
        row("JSON_VALUE('no json', '$.a')", "null");
        row("JSON_VALUE(CAST(NULL AS STRING), '$.a' DEFAULT 'd' ON ERROR)", "null");
        row("JSON_QUERY(body, '$.a')", "\"[1,{\\\"b\\\":2.5}]\"");
        row("JSON_QUERY(body, '$.s')", "null");
        row("JSON_QUERY(body, '$.s' WITH WRAPPER)", "\"[\\\"x\\\"]\"");
        row("JSON_QUERY(body, '$.a' WITH CONDITIONAL ARRAY WRAPPER)", "\"[1,{\\\"b\\\":2.5}]\"");
        row("JSON_QUERY(body, '$..b')", R"("[2.5]")");
        row("JSON_QUERY(body, '$.a[0:1]')", R"("[1]")");
        row("JSON_QUERY(body, '$.z' EMPTY OBJECT ON EMPTY)", R"("{}")");
        row("JSON_QUERY(body, '$.none' EMPTY ARRAY ON ERROR)", R"("[]")");
        row("JSON_EXISTS(body, '$.a')", "true");
        row("JSON_EXISTS(body, '$.z')", "false");
        row("JSON_EXISTS(body, '$.none')", "false");
        row("JSON_EXISTS(body, '$.none' UNKNOWN ON ERROR)", "null");
        row("JSON_EXISTS(body, '$.none' TRUE ON ERROR)", "true");
        row("body IS JSON OBJECT", "true");
        row("body IS JSON ARRAY", "false");
        row("'1' IS JSON SCALAR", "true");
        row("body IS NOT JSON", "false");
        row("CAST(NULL AS STRING) IS JSON", "false");
    }

    void json()
    {
        QFETCH(QString, value);
        QCOMPARE(QString::fromStdString(valueOf(QTest::currentDataTag())), value);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("value");
        row("u.nam", "Field 'nam' not found in the ROW.");
        row("body.x", "'x' is asked of a STRING, which has no fields.");
        row("tags[0]", "Array element access needs an index starting at 1 but was 0.");
        row("tags['a']", "the index of an ARRAY is an integer, from 1 on.");
        row("attrs[1]", "the keys of this MAP are STRING, not INT.");
        row("body[1]", "an element is asked of a STRING, which is no ARRAY or MAP.");
        row("u < u",
            "a ROW<`name` STRING, `address` ROW<`city` STRING, `zip` INT NOT NULL>> can be compared with = "
            "and <> only.");
        row("CAST(u AS INT)",
            "Cast function cannot convert value of type ROW<`name` STRING, `address` ROW<`city` "
            "STRING, `zip` INT NOT NULL>> to type INT.");
        row("JSON_VALUE(body, 'a.b')", "this JSON path cannot be read: it starts with $, as in '$.order.items[0]'.");
        row("JSON_VALUE(body, '$.a[?(@.b > 1)]')",
            "this JSON path cannot be read: a filter [?(…)] is not supported (character 5).");
        row("JSON_VALUE(body, '$.a' RETURNING DATE)", "JSON_VALUE cannot return DATE.");
    }

    void refusals()
    {
        QFETCH(QString, value);
        QCOMPARE(QString::fromStdString(valueOf(QTest::currentDataTag())), QStringLiteral("refused: ") + value);
    }

    /// What cannot be read fails the row, or becomes NULL where it stands and nowhere else.
    void badParts()
    {
        const std::string lenient = ", 'json.ignore-parse-errors' = 'true'";
        const std::string zip = R"({"u":{"name":"n","address":{"city":"c","zip":"x"}},"tags":["a"]})";
        QVERIFY(valueOf("u", zip).starts_with("fails: "));
        QCOMPARE(valueOf("u", zip, lenient), R"({"name":"n","address":{"city":"c","zip":null}})");
        QCOMPARE(valueOf("tags", R"({"tags":{"a":1}})", lenient), "null");
        QVERIFY(valueOf("tags", R"({"tags":"a"})").starts_with("fails: "));
        QCOMPARE(valueOf("tags", R"({"tags":[{"a": 1}, [ 2 ]]})"), "[\"{\\\"a\\\":1}\",\"[2]\"]");
        QCOMPARE(valueOf("u", R"({"u":null})"), "null");
        QCOMPARE(valueOf("attrs", R"({"attrs":{"wide":123456,"fits":1}})"), R"({"fits":"1.00","wide":null})");
        QCOMPARE(valueOf("u.address.city", R"({"u":{}})"), "null");
        QVERIFY(
            valueOf("u", R"({"u":{"name":"n"}})", ", 'json.fail-on-missing-field' = 'true'").starts_with("fails: "));
    }

    /// Broken and hostile text inside a nested value is one row's error and nothing worse.
    void hostileParts()
    {
        const std::string open(2000, '[');
        for (const std::string& value : {std::string(R"({"deep":[{"n":1,}]})"), std::string(R"({"deep":[{"n":1)"),
                 std::string(R"({"tags":["a":1]})"), std::string(R"({"attrs":{"p":01}})"),
                 std::string("{\"tags\":[\"\xff\"]}"), R"({"tags":)" + open, R"({"deep":[{"x":)" + open}) {
            const std::string gives =
                valueOf("ROW(u, tags, attrs, deep)", value, ", 'json.ignore-parse-errors' = 'true'");
            QVERIFY2(gives == "no row", (value.substr(0, 60) + " gives " + gives.substr(0, 60)).c_str());
        }
    }

    void printed()
    {
        const Script script = compileScript(ddl() + "SELECT u, tags, attrs FROM t;");
        QVERIFY(script.ok());
        EventBatch events = decodeAll(*script.tables.front(), {line});
        ResultBatch result{events.schema, events.columns, events.rowCount, {}};
        result.columns.resize(3);
        std::string text;
        appendPrintRow(text, result, 0);
        QCOMPARE(text, "+I[+I[Zoë, +I[Ulm, 7]], [a, null, c\n], {p=2.00, q=null}]");
    }
};

QTEST_APPLESS_MAIN(TestSqlNested)
#include "tst_sql_nested.moc"
