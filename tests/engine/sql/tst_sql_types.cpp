// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"

#include <QTest>

using namespace weir;

namespace {

const char* const table = R"(
CREATE TABLE t (
  b BOOLEAN, ti TINYINT, si SMALLINT, i INT, l BIGINT, f FLOAT, x DOUBLE,
  d DECIMAL(10, 2), e DECIMAL(6, 3), wide DECIMAL(38, 10), whole DECIMAL(38, 0),
  s STRING, v VARCHAR(7), c CHAR(3), da DATE, ts TIMESTAMP(3), ts6 TIMESTAMP(6), ltz TIMESTAMP_LTZ(3),
  nb BOOLEAN NOT NULL, ni INT NOT NULL, nl BIGINT NOT NULL, nd DECIMAL(10, 2) NOT NULL, ns STRING NOT NULL,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json');
)";

struct Typed
{
    const char* expression;
    const char* type;
};

/// Written down from Flink 1.20's rules (LogicalTypeMerging, Calcite's literals and operators).
constexpr Typed scalars[] = {
    // literals
    {"1", "INT NOT NULL"},
    {"2147483647", "INT NOT NULL"},
    {"2147483648", "BIGINT NOT NULL"},
    {"1.5", "DECIMAL(2, 1) NOT NULL"},
    {"0.001", "DECIMAL(3, 3) NOT NULL"},
    {"123.4500", "DECIMAL(7, 4) NOT NULL"},
    {"1e3", "DOUBLE NOT NULL"},
    {"'abc'", "CHAR(3) NOT NULL"},
    {"TRUE", "BOOLEAN NOT NULL"},
    {"DATE '2024-03-01'", "DATE NOT NULL"},
    {"TIMESTAMP '2024-03-01 00:00:00'", "TIMESTAMP(0) NOT NULL"},
    {"TIMESTAMP '2024-03-01 00:00:00.125'", "TIMESTAMP(3) NOT NULL"},
    // integers: the wider operand
    {"ti + ti", "TINYINT"},
    {"ti + si", "SMALLINT"},
    {"i + l", "BIGINT"},
    {"ni + ni", "INT NOT NULL"},
    {"ni + i", "INT"},
    {"ni * nl", "BIGINT NOT NULL"},
    {"i / ni", "INT"},
    {"-i", "INT"},
    {"-nd", "DECIMAL(10, 2) NOT NULL"},
    {"l % i", "INT"},
    {"MOD(l, i)", "INT"},
    // doubles swallow everything
    {"x + i", "DOUBLE"},
    {"x * d", "DOUBLE"},
    {"l / x", "DOUBLE"},
    // DECIMAL: Hive's rules with the cap at 38
    {"d + e", "DECIMAL(12, 3)"},
    {"d - e", "DECIMAL(12, 3)"},
    {"d * e", "DECIMAL(17, 5)"},
    {"d / e", "DECIMAL(20, 9)"},
    {"d % e", "DECIMAL(6, 3)"},
    {"d + i", "DECIMAL(13, 2)"},
    {"nd + ni", "DECIMAL(13, 2) NOT NULL"},
    {"d * 2", "DECIMAL(21, 2)"},
    {"i * 1.5", "DECIMAL(13, 1)"},
    {"i / 2.0", "DECIMAL(17, 6)"},
    {"wide + wide", "DECIMAL(38, 9)"},
    {"wide * wide", "DECIMAL(38, 6)"},
    {"whole * whole", "DECIMAL(38, 0)"},
    {"whole / whole", "DECIMAL(38, 6)"},
    {"whole + d", "DECIMAL(38, 2)"},
    // comparison and logic
    {"i = l", "BOOLEAN"},
    {"ni = nl", "BOOLEAN NOT NULL"},
    {"i IS NULL", "BOOLEAN NOT NULL"},
    {"b IS NOT TRUE", "BOOLEAN NOT NULL"},
    {"b AND nb", "BOOLEAN"},
    {"nb OR nb", "BOOLEAN NOT NULL"},
    {"NOT nb", "BOOLEAN NOT NULL"},
    {"i BETWEEN 1 AND 2", "BOOLEAN"},
    {"ni IN (1, 2)", "BOOLEAN NOT NULL"},
    {"s LIKE 'a%'", "BOOLEAN"},
    // CASE and its kin
    {"CASE WHEN b THEN 1 END", "INT"},
    {"CASE WHEN b THEN 1 ELSE 2 END", "INT NOT NULL"},
    {"CASE WHEN b THEN i ELSE l END", "BIGINT"},
    {"CASE WHEN b THEN i ELSE x END", "DOUBLE"},
    {"CASE WHEN b THEN d ELSE 0 END", "DECIMAL(12, 2)"},
    {"CASE WHEN b THEN 'high' ELSE 'no' END", "VARCHAR(4) NOT NULL"},
    {"CASE i WHEN 1 THEN s ELSE 'x' END", "STRING"},
    {"CASE WHEN b THEN NULL ELSE i END", "INT"},
    {"COALESCE(i, 0)", "INT NOT NULL"},
    {"COALESCE(i, l)", "BIGINT"},
    {"COALESCE(s, '?')", "STRING NOT NULL"},
    {"NULLIF(ni, 7)", "INT"},
    {"NULLIF(d, 0)", "DECIMAL(10, 2)"},
    // casts
    {"CAST(i AS STRING)", "STRING"},
    {"CAST(ni AS STRING)", "STRING NOT NULL"},
    {"CAST(ni AS DECIMAL(5, 1))", "DECIMAL(5, 1) NOT NULL"},
    {"TRY_CAST(ns AS INT)", "INT"},
    {"CAST(s AS CHAR(3))", "CHAR(3)"},
    {"CAST(s AS VARCHAR(4))", "VARCHAR(4)"},
    {"CAST(ts AS DATE)", "DATE"},
    {"CAST(NULL AS INT)", "INT"},
    // text
    {"UPPER(s)", "STRING"},
    {"UPPER(ns)", "STRING NOT NULL"},
    {"CHAR_LENGTH(s)", "INT"},
    {"SUBSTRING(s, 2)", "STRING"},
    {"SUBSTRING(s FROM 2 FOR 3)", "STRING"},
    {"TRIM(s)", "STRING"},
    {"CONCAT(s, 'x', s)", "STRING"},
    {"s || '-' || s", "STRING"},
    // numbers
    {"ABS(i)", "INT"},
    {"ABS(d)", "DECIMAL(10, 2)"},
    {"FLOOR(x)", "DOUBLE"},
    {"CEIL(x)", "DOUBLE"},
    {"FLOOR(d)", "DECIMAL(10, 0)"},
    {"CEIL(i)", "INT"},
    {"ROUND(x, 1)", "DOUBLE"},
    {"ROUND(d, 1)", "DECIMAL(10, 1)"},
    {"ROUND(d)", "DECIMAL(9, 0)"},
    {"POWER(i, 2)", "DOUBLE"},
    {"SQRT(x)", "DOUBLE"},
    // times
    {"ts + INTERVAL '90' MINUTE", "TIMESTAMP(3)"},
    {"ts - INTERVAL '1' MONTH", "TIMESTAMP(3)"},
    {"ltz - INTERVAL '1' DAY", "TIMESTAMP_LTZ(3)"},
    {"TO_TIMESTAMP('2024-02-29 01:02:03')", "TIMESTAMP(3)"},
    {"TO_TIMESTAMP_LTZ(l, 3)", "TIMESTAMP_LTZ(3)"},
    {"EXTRACT(HOUR FROM ts)", "BIGINT"},
    {"DATE_FORMAT(ts, 'HH:mm')", "STRING"},
    {"ts > TIMESTAMP '2024-01-01 00:00:00'", "BOOLEAN"},
};

constexpr Typed aggregates[] = {
    {"COUNT(*)", "BIGINT NOT NULL"},
    {"COUNT(i)", "BIGINT NOT NULL"},
    {"COUNT(*) FILTER (WHERE b)", "BIGINT NOT NULL"},
    {"SUM(ti)", "TINYINT"},
    {"SUM(i)", "INT"},
    {"SUM(l)", "BIGINT"},
    {"SUM(x)", "DOUBLE"},
    {"SUM(f)", "FLOAT"},
    {"SUM(d)", "DECIMAL(38, 2)"},
    {"SUM(e)", "DECIMAL(38, 3)"},
    {"SUM(wide)", "DECIMAL(38, 10)"},
    {"AVG(si)", "SMALLINT"},
    {"AVG(l)", "BIGINT"},
    {"AVG(x)", "DOUBLE"},
    {"AVG(d)", "DECIMAL(38, 6)"},
    {"AVG(wide)", "DECIMAL(38, 10)"},
    {"MIN(s)", "STRING"},
    {"MAX(ts)", "TIMESTAMP(3)"},
    {"MIN(d)", "DECIMAL(10, 2)"},
    {"SUM(i) + 1", "INT"},
    {"SUM(d) / COUNT(*)", "DECIMAL(38, 6)"},
    {"COUNT(*) * 2", "BIGINT NOT NULL"},
    {"CAST(SUM(i) AS DOUBLE) / COUNT(*)", "DOUBLE"},
    {"window_end", "TIMESTAMP(3) NOT NULL"},
    {"k", "STRING"},
    {"UPPER(k)", "STRING"},
};

QString typeOf(const std::string& query)
{
    const sql::Script script = sql::compileScript(query);
    QString text;
    for (const sql::Diagnostic& diagnostic : script.diagnostics)
        text += QString::fromStdString(describe(diagnostic)) + '\n';
    if (!script.ok() || script.queries.size() != 1)
        return text;
    return QString::fromStdString(script.queries[0].root->schema.at(0).type.text());
}

template <std::size_t n>
void addRows(const Typed (&rows)[n])
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("type");
    for (const Typed& row : rows)
        QTest::newRow(row.expression) << QString::fromUtf8(row.expression) << QString::fromUtf8(row.type);
}

} // namespace

class TestSqlTypes : public QObject
{
    Q_OBJECT

private slots:
    void scalarTypes_data() { addRows(scalars); }
    void scalarTypes()
    {
        QFETCH(QString, expression);
        QFETCH(QString, type);
        QCOMPARE(typeOf(table + ("SELECT " + expression + " AS c FROM t").toStdString()), type);
    }

    void aggregateTypes_data() { addRows(aggregates); }
    void aggregateTypes()
    {
        QFETCH(QString, expression);
        QFETCH(QString, type);
        const QString query = "SELECT " + expression
            + QStringLiteral(" AS c FROM (w) GROUP BY window_start, window_end, k")
                  .replace("(w)", "TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '1' MINUTE))");
        const QString keyed = QString::fromUtf8(table).replace("CREATE TABLE t (", "CREATE TABLE u (k STRING,");
        QCOMPARE(typeOf((keyed + query).toStdString()), type);
    }

    void declaredTypes_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("type");
        const auto row = [](const char* written, const char* type) {
            QTest::newRow(written) << QString::fromUtf8(written) << QString::fromUtf8(type);
        };
        for (const char* same : {"STRING", "BYTES", "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT",
                 "DOUBLE", "DATE", "DECIMAL(10, 2)", "VARCHAR(12)", "CHAR(3)", "VARBINARY(9)", "BINARY(4)",
                 "TIMESTAMP(3)", "TIMESTAMP(9)", "TIMESTAMP_LTZ(3)", "INT NOT NULL"})
            row(same, same);
        row("integer", "INT");
        row("DECIMAL", "DECIMAL(10, 0)");
        row("DEC(5)", "DECIMAL(5, 0)");
        row("NUMERIC(7,1)", "DECIMAL(7, 1)");
        row("VARCHAR", "VARCHAR(1)");
        row("CHAR", "CHAR(1)");
        row("DOUBLE PRECISION", "DOUBLE");
        row("TIMESTAMP", "TIMESTAMP(6)");
        row("TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP(3)");
        row("TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMP_LTZ(3)");
        row("TIMESTAMP_LTZ", "TIMESTAMP_LTZ(6)");
        row("INT NULL", "INT");
    }
    void declaredTypes()
    {
        QFETCH(QString, written);
        QFETCH(QString, type);
        const QString query = "CREATE TABLE d (c " + written
            + ") WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json'); SELECT c FROM d";
        QCOMPARE(typeOf(query.toStdString()), type);
    }
};

QTEST_GUILESS_MAIN(TestSqlTypes)
#include "tst_sql_types.moc"
