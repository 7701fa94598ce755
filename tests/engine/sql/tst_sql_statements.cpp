// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"

#include <QTest>

using namespace weir;

namespace {

const char* const orders = R"(CREATE TABLE orders (
  id BIGINT NOT NULL COMMENT 'number',
  `key word` STRING,
  qty INT,
  amount DECIMAL(10, 2),
  part INT METADATA FROM 'partition' VIRTUAL,
  `offset` BIGINT METADATA VIRTUAL,
  arrived TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
  double_qty AS qty * 2,
  ts TIMESTAMP(3),
  unused STRING,
  PRIMARY KEY (id) NOT ENFORCED,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) COMMENT 'all of them' WITH (
  'connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'h:9092',
  'format' = 'json', 'json.ignore-parse-errors' = 'true');
)";

const std::string tumble = "TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' SECOND))";

std::string problems(const sql::Script& script)
{
    std::string text;
    for (const sql::Diagnostic& diagnostic : script.diagnostics)
        text += describe(diagnostic) + "\n";
    return text;
}

std::vector<std::string> namesOf(const Schema& schema)
{
    std::vector<std::string> names;
    for (const RowField& field : schema)
        names.push_back(field.name);
    return names;
}

template <typename Step>
const Step* findStep(const sql::PlanPtr& node)
{
    if (const auto* step = std::get_if<Step>(&node->step))
        return step;
    for (const sql::PlanPtr& input : sql::inputsOf(*node)) {
        if (const Step* step = findStep<Step>(input))
            return step;
    }
    return nullptr;
}

} // namespace

class TestSqlStatements : public QObject
{
    Q_OBJECT

private slots:
    void createTable()
    {
        const sql::Script script = sql::compileScript(orders);
        QVERIFY2(script.ok(), problems(script).c_str());
        QCOMPARE(script.tables.size(), std::size_t{1});
        const sql::TableDefinition& table = *script.tables[0];
        QCOMPARE(table.name, std::string("orders"));
        QCOMPARE(table.columns.size(), std::size_t{10});
        QCOMPARE(table.columns[0].type.text(), std::string("BIGINT NOT NULL"));
        QCOMPARE(table.columns[1].name, std::string("key word"));
        QCOMPARE(table.columns[4].origin, sql::ColumnOrigin::Metadata);
        QCOMPARE(table.columns[4].metadataKey, std::string("partition"));
        QCOMPARE(table.columns[5].metadataKey, std::string("offset"));
        QCOMPARE(table.columns[7].origin, sql::ColumnOrigin::Computed);
        QCOMPARE(table.columns[7].type.text(), std::string("INT"));
        QCOMPARE(table.option("topic"), std::string("orders"));
        QCOMPARE(table.option("nope", "other"), std::string("other"));
        QVERIFY(table.watermark.has_value());
        QCOMPARE(table.watermark->column, std::size_t{8});
        QCOMPARE(table.schema().size(), std::size_t{10});
    }

    void scanReadsOnlyWhatIsNeeded()
    {
        const sql::Script script = sql::compileScript(orders + std::string("SELECT id FROM orders WHERE qty > 1;"));
        QVERIFY2(script.ok(), problems(script).c_str());
        const auto* scan = findStep<sql::ScanNode>(script.queries.at(0).root);
        QVERIFY(scan);
        for (const std::size_t column : scan->columns)
            QVERIFY(scan->table->columns[column].name != "unused");
        QVERIFY(findStep<sql::FilterNode>(script.queries[0].root));
        QVERIFY(!findStep<sql::WindowNode>(script.queries[0].root));
    }

    void starNamesAllColumns()
    {
        const sql::Script script = sql::compileScript(orders + std::string("SELECT *, qty + 1 AS more FROM orders"));
        QVERIFY2(script.ok(), problems(script).c_str());
        QCOMPARE(namesOf(script.queries.at(0).root->schema),
            (std::vector<std::string>{
                "id", "key word", "qty", "amount", "part", "offset", "arrived", "double_qty", "ts", "unused", "more"}));
    }

    void unnamedColumnsAreNumbered()
    {
        const sql::Script script = sql::compileScript(orders + std::string("SELECT id, qty + 1, id + 1 FROM orders"));
        QVERIFY2(script.ok(), problems(script).c_str());
        QCOMPARE(namesOf(script.queries.at(0).root->schema), (std::vector<std::string>{"id", "EXPR$1", "EXPR$2"}));
    }

    void windowAggregate()
    {
        const sql::Script script = sql::compileScript(orders
            + ("SELECT window_start, window_end, `key word` AS k, COUNT(*) AS n, SUM(qty) AS s, SUM(qty) + 1 AS s1 "
               "FROM "
                + tumble + " WHERE qty > 0 GROUP BY window_start, window_end, `key word` HAVING COUNT(*) > 1"));
        QVERIFY2(script.ok(), problems(script).c_str());
        const sql::QueryPlan& plan = script.queries.at(0);
        const auto* aggregate = findStep<sql::WindowAggregateNode>(plan.root);
        QVERIFY(aggregate);
        QCOMPARE(aggregate->keys.size(), std::size_t{1});
        QCOMPARE(aggregate->calls.size(), std::size_t{2}); // SUM(qty) and COUNT(*) are computed once
        const auto* window = findStep<sql::WindowNode>(plan.root);
        QVERIFY(window);
        QCOMPARE(window->sizeMs, std::int64_t{10'000});
        QCOMPARE(window->offsetMs, std::int64_t{0});
        QVERIFY(std::holds_alternative<sql::FilterNode>(aggregate->input->step)
            || std::holds_alternative<sql::FilterNode>(window->input->step));
        QCOMPARE(plan.windowStartColumn, 0);
        QCOMPARE(plan.windowEndColumn, 1);
        const std::string text = describe(plan);
        QVERIFY2(text.find("10") != std::string::npos && text.find("orders") != std::string::npos, text.c_str());
    }

    void windowSizes_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<qint64>("offset");
        const auto row = [](const char* arguments, qint64 size, qint64 offset) {
            QTest::newRow(arguments) << QString::fromUtf8(arguments) << size << offset;
        };
        row("TABLE orders, DESCRIPTOR(ts), INTERVAL '1' DAY, INTERVAL '-8' HOUR", 86'400'000, -28'800'000);
        row("TABLE orders, DESCRIPTOR(ts), INTERVAL '15' SECOND, INTERVAL '4' SECOND", 15'000, 4'000);
        row("TABLE orders, DESCRIPTOR(ts), INTERVAL '0.5' SECOND", 500, 0);
        row("TABLE orders, DESCRIPTOR(ts), INTERVAL '120' SECOND(3)", 120'000, 0);
        row("table orders, descriptor(ts), interval '2' minutes", 120'000, 0);
        row("DATA => TABLE orders, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '10' SECOND, `OFFSET` => INTERVAL '3' "
            "SECOND",
            10'000, 3'000);
    }

    void windowSizes()
    {
        QFETCH(QString, arguments);
        QFETCH(qint64, size);
        QFETCH(qint64, offset);
        const sql::Script script = sql::compileScript(orders
            + ("SELECT window_start, window_end, COUNT(*) FROM TABLE(TUMBLE(" + arguments.toStdString()
                + ")) GROUP BY window_start, window_end"));
        QVERIFY2(script.ok(), problems(script).c_str());
        const auto* window = findStep<sql::WindowNode>(script.queries.at(0).root);
        QVERIFY(window);
        QCOMPARE(qint64(window->sizeMs), size);
        QCOMPARE(qint64(window->offsetMs), offset);
    }

    void settings()
    {
        const sql::Script script = sql::compileScript(std::string("SET 'table.local-time-zone' = 'Europe/Berlin';\n")
            + "-- a comment\nSET 'a' = 'it''s';" + orders + "SELECT id FROM orders;");
        QVERIFY2(script.ok(), problems(script).c_str());
        QCOMPARE(script.settings.at("a"), std::string("it's"));
        QCOMPARE(script.queries.at(0).timeZone, std::string("Europe/Berlin"));
        QVERIFY(script.diagnostics.empty());
        const sql::Script unknown = sql::compileScript("SET 'table.local-time-zone' = 'Europe/Nowhere';");
        QVERIFY2(problems(unknown).find("is no time zone") != std::string::npos, problems(unknown).c_str());
    }

    /// Windows over instants begin at the hours and days of the session's zone, and the badge says so.
    void windowsOfAnotherZone()
    {
        const std::string table = "CREATE TABLE l (ts TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts) WITH ('connector' = "
                                  "'filesystem', 'path' = '/x', 'format' = 'json');";
        const std::string query =
            "SELECT window_start, window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE l, DESCRIPTOR(ts), "
            "INTERVAL '1' DAY)) GROUP BY window_start, window_end;";
        const std::string set = "SET 'table.local-time-zone' = ";
        QCOMPARE(sql::compileScript(table + query).queries.at(0).badge.colour(), sql::BadgeColour::Green);
        QCOMPARE(
            sql::compileScript(set + "'UTC';" + table + query).queries.at(0).badge.colour(), sql::BadgeColour::Green);
        const sql::Script script = sql::compileScript(set + "'Asia/Kolkata';" + table + query);
        QVERIFY2(script.ok(), problems(script).c_str());
        QCOMPARE(script.queries.at(0).timeZone, std::string("Asia/Kolkata"));
        QCOMPARE(script.queries[0].badge.colour(), sql::BadgeColour::Amber);
        const std::string said = describe(script.queries[0].badge);
        QVERIFY2(said.find("Asia/Kolkata") != std::string::npos, said.c_str());
    }

    void insertIntoSinks()
    {
        const std::string sink = "CREATE TABLE kept (id BIGINT, qty INT) WITH ('connector' = 'print');";
        const sql::Script script =
            sql::compileScript(orders + sink + "INSERT INTO kept SELECT id, qty FROM orders; SELECT id FROM orders");
        QVERIFY2(script.ok(), problems(script).c_str());
        QCOMPARE(script.queries.size(), std::size_t{2});
        QVERIFY(script.queries[0].sink.table);
        QCOMPARE(script.queries[0].sink.table->name, std::string("kept"));
        QVERIFY(!script.queries[1].sink.table);
        const sql::Script writing = sql::compileScript(orders
            + std::string(
                "INSERT INTO orders SELECT id, `key word`, qty, amount, arrived, CAST(ts AS TIMESTAMP(3)), unused "
                "FROM orders"));
        QVERIFY2(writing.ok(), problems(writing).c_str());
        const sql::Script folder = sql::compileScript(orders
            + std::string("CREATE TABLE f (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '/f', 'format' = "
                          "'json'); INSERT INTO f SELECT id FROM orders"));
        QVERIFY2(problems(folder).find("not supported yet") != std::string::npos, problems(folder).c_str());
        const sql::Script tooFew = sql::compileScript(orders + sink + "INSERT INTO kept SELECT id FROM orders");
        QVERIFY(!tooFew.ok());
    }

    void sinkTypesMustFit()
    {
        const auto insert = [](const std::string& type, const std::string& column) {
            return sql::compileScript(orders + ("CREATE TABLE o (c " + type + ") WITH ('connector' = 'blackhole');")
                + "INSERT INTO o SELECT " + column + " FROM orders");
        };
        for (const char* type : {"INT", "BIGINT", "DOUBLE", "DECIMAL(12, 0)"})
            QVERIFY2(insert(type, "qty").ok(), type);
        for (const char* type : {"SMALLINT", "STRING", "BOOLEAN", "TIMESTAMP(3)"})
            QVERIFY2(!insert(type, "qty").ok(), type);
        const sql::Script script = insert("INT", "`key word`");
        QVERIFY2(problems(script).find("CAST(`key word` AS INT)") != std::string::npos, problems(script).c_str());
    }

    void rowsAreStoredAsTheSinkDeclaresThem()
    {
        const sql::Script script = sql::compileScript(orders
            + std::string("CREATE TABLE o (a DOUBLE, b STRING, c DECIMAL(12, 3)) WITH ('connector' = 'print'); INSERT "
                          "INTO o SELECT qty, `key word`, amount FROM orders"));
        QVERIFY2(script.ok(), problems(script).c_str());
        const Schema& rows = script.queries.at(0).root->schema;
        QCOMPARE(namesOf(rows), (std::vector<std::string>{"a", "b", "c"}));
        QCOMPARE(rows[0].type, types::float64());
        QCOMPARE(rows[2].type, types::decimal(12, 3));
    }

    void metadataThatIsOnlyRead()
    {
        const sql::Script script = sql::compileScript(orders
            + std::string(
                "CREATE TABLE o (id BIGINT, `offset` BIGINT METADATA) WITH ('connector' = 'kafka', 'topic' = 'o', "
                "'format' = 'json'); INSERT INTO o SELECT id, id FROM orders"));
        QVERIFY2(
            problems(script).find("Invalid metadata key 'offset' in column 'offset' of table 'o'") != std::string::npos,
            problems(script).c_str());
    }

    void keyColumns_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char* name, const char* options, const char* problem) {
            QTest::newRow(name) << QString::fromLatin1(options) << QString::fromLatin1(problem);
        };
        row("whole", "'key.format' = 'json', 'key.fields' = 'k_id;k_b'", "");
        row("prefix",
            "'key.format' = 'json', 'key.fields' = 'k_id;k_b', 'key.fields-prefix' = 'k_', 'value.fields-include' = "
            "'EXCEPT_KEY'",
            "");
        row("no format", "'key.fields' = 'k_id'",
            "The option 'key.fields' can only be declared if a key format is defined using 'key.format'.");
        row("no fields", "'key.format' = 'json'", "requires the declaration of one or more of key fields");
        row("only a separator", "'key.format' = 'raw', 'key.fields' = ';'",
            "requires the declaration of one or more of key fields");
        row("unknown", "'key.format' = 'json', 'key.fields' = 'k_ib'",
            "Could not find the field 'k_ib' in the table schema for usage in the key format");
        row("computed", "'key.format' = 'json', 'key.fields' = 'twice'", "Could not find the field 'twice'");
        row("prefix of all", "'key.format' = 'json', 'key.fields' = 'k_id', 'key.fields-prefix' = 'k_'",
            "A key prefix is not allowed when option 'value.fields-include' is set to 'ALL'");
        row("not prefixed",
            "'key.format' = 'json', 'key.fields' = 'v', 'key.fields-prefix' = 'k_', 'value.fields-include' = "
            "'EXCEPT_KEY'",
            "All fields in 'key.fields' must be prefixed with 'k_'");
        row("raw of two", "'key.format' = 'raw', 'key.fields' = 'k_id;v'", "only supports single physical column");
        row("include", "'key.format' = 'raw', 'key.fields' = 'v', 'value.fields-include' = 'NONE'",
            "is ALL or EXCEPT_KEY");
    }

    void keyColumns()
    {
        QFETCH(QString, options);
        QFETCH(QString, problem);
        const sql::Script script =
            sql::compileScript("CREATE TABLE t (k_id BIGINT, k_b INT, v STRING, twice AS k_b * 2) WITH "
                               "('connector' = 'kafka', 'topic' = 't', 'format' = 'json', "
                + options.toStdString() + ");");
        QCOMPARE(script.ok(), problem.isEmpty());
        if (!problem.isEmpty()) {
            QVERIFY2(problems(script).find(problem.toStdString()) != std::string::npos, problems(script).c_str());
            return;
        }
        const sql::TableDefinition& table = *script.tables.at(0);
        QCOMPARE(table.key->columns, (std::vector<std::size_t>{0, 1}));
        QCOMPARE(table.isReadFromKey(0), options.contains("EXCEPT_KEY"));
        QVERIFY(!table.isReadFromKey(2));
    }

    void everyOptionOfReadingIsKnown()
    {
        const sql::Script script = sql::compileScript(
            "CREATE TABLE t (id BIGINT, h MAP<STRING, BYTES> METADATA FROM 'headers', e INT METADATA FROM "
            "'leader-epoch') "
            "WITH ('connector' = 'kafka', 'topic' = 'a;b', 'value.format' = 'json', 'value.json.ignore-parse-errors' = "
            "'true', 'key.format' = 'json', 'key.json.fail-on-missing-field' = 'true', 'key.fields' = 'id', "
            "'properties.x' = 'y', 'made.up' = '1');");
        QVERIFY2(script.ok(), problems(script).c_str());
        QCOMPARE(script.diagnostics.size(), std::size_t{1});
        QVERIFY2(
            problems(script).find("'made.up' means nothing to Weir") != std::string::npos, problems(script).c_str());
        QVERIFY(
            !sql::compileScript("CREATE TABLE t (h STRING METADATA FROM 'headers') WITH ('connector' = 'kafka')").ok());
    }

    void columnsOfOneNameAreNumbered()
    {
        const sql::Script twice = sql::compileScript(orders + std::string("SELECT id, id, qty AS id FROM orders"));
        QCOMPARE(namesOf(twice.queries.at(0).root->schema), (std::vector<std::string>{"id", "id0", "id1"}));
    }

    void whatIsRightAroundAnErrorIsStillBound()
    {
        const sql::Script script = sql::compileScript(orders
            + std::string(
                "SELECT nope FROM orders; SELECT FROM; SELECT id FROM orders; SELECT (; SELECT qty FROM orders"));
        QVERIFY(!script.ok());
        QCOMPARE(script.tables.size(), std::size_t{1});
        QCOMPARE(script.queries.size(), std::size_t{2});
        QCOMPARE(script.diagnostics.size(), std::size_t{3});
        for (std::size_t i = 1; i < script.diagnostics.size(); ++i)
            QVERIFY(script.diagnostics[i - 1].span.offset < script.diagnostics[i].span.offset);
    }

    void knownTables()
    {
        const sql::Script first = sql::compileScript(orders);
        const sql::Script second = sql::compileScript("SELECT id FROM orders", first.tables);
        QVERIFY2(second.ok(), problems(second).c_str());
        QCOMPARE(second.queries.size(), std::size_t{1});
        QVERIFY(second.tables.empty());
        const std::string own =
            "CREATE TABLE orders (z INT) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = "
            "'json'); SELECT z FROM orders";
        QVERIFY(sql::compileScript(own, first.tables).ok());
    }

    void emptyScripts()
    {
        for (const char* text : {"", "   ", ";", ";;\n;", "-- only a comment", "/* and */"}) {
            const sql::Script script = sql::compileScript(text);
            QVERIFY2(script.ok(), text);
            QVERIFY(script.queries.empty() && script.tables.empty());
        }
    }

    void quotedIdentifiers()
    {
        QCOMPARE(sql::quoteIdentifier("orders"), std::string("orders"));
        QCOMPARE(sql::quoteIdentifier("Order_2"), std::string("Order_2"));
        QCOMPARE(sql::quoteIdentifier("my-topic.v1"), std::string("`my-topic.v1`"));
        QCOMPARE(sql::quoteIdentifier("a`b"), std::string("`a``b`"));
        QCOMPARE(sql::quoteIdentifier("2nd"), std::string("`2nd`"));
        QCOMPARE(sql::quoteIdentifier(""), std::string("``"));
        for (const char* reserved : {"select", "second", "user", "timestamp", "offset", "value", "order"})
            QCOMPARE(sql::quoteIdentifier(reserved), "`" + std::string(reserved) + "`");
    }

    /// Every reserved word and every odd name survives the way through DDL and back.
    void generatedDdlCompiles()
    {
        std::vector<sql::InferredField> fields{{"ts", types::timestamp(3)}, {"it's `odd`", types::string()},
            {"größe", types::decimal(12, 4)}, {"a.b", types::float64()}};
        for (const std::string_view word : sql::keywords())
            fields.push_back({std::string(word), types::bigInt()});
        const std::map<std::string, std::string> options{{"connector", "kafka"}, {"topic", "o'clock"},
            {"properties.bootstrap.servers", "h:9092"}, {"format", "json"}};
        for (const std::string timeField : {"ts", ""}) {
            const std::string text = sql::createTableText("my-topic.v1", fields, timeField, options);
            const sql::Script script = sql::compileScript(text);
            QVERIFY2(script.ok(), (text + problems(script)).c_str());
            const sql::TableDefinition& table = *script.tables.at(0);
            QCOMPARE(table.name, std::string("my-topic.v1"));
            QCOMPARE(table.option("topic"), std::string("o'clock"));
            QCOMPARE(table.option("json.ignore-parse-errors"), std::string("true"));
            QVERIFY(table.watermark.has_value());
            QCOMPARE(table.columns.size(), fields.size() + (timeField.empty() ? 1 : 0));
            for (std::size_t i = 0; i < fields.size(); ++i)
                QVERIFY2(contains(table, fields[i]), fields[i].name.c_str());
        }
    }

private:
    static bool contains(const sql::TableDefinition& table, const sql::InferredField& field)
    {
        for (const sql::TableColumn& column : table.columns) {
            if (column.name == field.name)
                return column.type.asNullable() == field.type.asNullable();
        }
        return false;
    }
};

QTEST_GUILESS_MAIN(TestSqlStatements)
#include "tst_sql_statements.moc"
