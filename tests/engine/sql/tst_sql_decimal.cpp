// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_math.h"
#include "app/engine/sql/script.h"
#include "tests/engine/sql/scalar_run.h"

#include <QFile>
#include <QTest>

#include <random>

using namespace weir;

class TestSqlDecimal : public QObject
{
    Q_OBJECT

private slots:
    void wideArithmetic_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("value");
        QFile file(QStringLiteral(WEIR_SOURCE_DIR "/tests/data/sql/decimals.tsv"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int number = 0;
        for (const QString& line : QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts)) {
            ++number;
            const QStringList parts = line.split('\t');
            if (parts.size() == 3)
                QTest::addRow("line %d", number) << parts[0] << parts[1] << parts[2];
        }
        QVERIFY(number > 200);
    }

    /// Operands of up to 38 digits, whose intermediate values need up to 77.
    void wideArithmetic()
    {
        QFETCH(QString, expression);
        QFETCH(QString, type);
        QFETCH(QString, value);
        const std::string query = "CREATE TABLE t (i INT) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = "
                                  "'json'); SELECT "
            + expression.toStdString() + " AS c FROM t";
        const sql::Script script = sql::compileScript(query);
        QVERIFY2(script.ok(), script.diagnostics.empty() ? "" : describe(script.diagnostics[0]).c_str());
        QString given = QString::fromStdString(script.queries.at(0).root->schema.at(0).type.text());
        QCOMPARE(given.remove(" NOT NULL"), type);
        const ScalarRun run = runScalar(script.queries[0], {R"({"i":1})"});
        QVERIFY2(!run.failure, run.failure.value_or("").c_str());
        QCOMPARE(QString::fromStdString(run.rows.at(0)).remove('"'), "{c:" + value + "}");
    }

    /// The wide ways and plain 64-bit arithmetic agree where both can go.
    void smallValuesAsPlainIntegers()
    {
        std::mt19937_64 random(5);
        const auto number = [&] { return static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000; };
        const LogicalType whole = types::decimal(38, 0);
        for (int n = 0; n < 20'000; ++n) {
            const std::int64_t a = number();
            const std::int64_t b = number();
            QCOMPARE(static_cast<std::int64_t>(*addDecimals({a, 2}, {b, 2}, types::decimal(38, 2))), a + b);
            QCOMPARE(static_cast<std::int64_t>(*multiplyDecimals({a, 1}, {b, 1}, types::decimal(38, 2))), a * b);
            QCOMPARE(compareDecimals({a, 3}, {b, 3}), a < b ? -1 : a > b ? 1 : 0);
            QCOMPARE(compareDecimals({a, 0}, {b, 1}), a * 10 < b ? -1 : a * 10 > b ? 1 : 0);
            if (b == 0)
                continue;
            QCOMPARE(static_cast<std::int64_t>(*moduloDecimals({a, 0}, {b, 0}, whole)), a % b);
            const std::int64_t up = (2 * std::abs(a) + std::abs(b)) / (2 * std::abs(b)); // rounded half up
            QCOMPARE(static_cast<std::int64_t>(*divideDecimals({a, 0}, {b, 0}, whole)), (a < 0) != (b < 0) ? -up : up);
        }
    }

    void whatDoesNotFitIsNothing()
    {
        const LogicalType narrow = types::decimal(3, 1);
        QVERIFY(addDecimals({999, 1}, {0, 1}, narrow));
        QVERIFY(!addDecimals({999, 1}, {1, 1}, narrow));
        QVERIFY(!multiplyDecimals({100, 1}, {10, 0}, narrow));
        QVERIFY(!divideDecimals({100, 0}, {1, 0}, narrow));
        QVERIFY(*divideDecimals({-100, 0}, {3, 0}, narrow) == -333);
    }
};

QTEST_GUILESS_MAIN(TestSqlDecimal)
#include "tst_sql_decimal.moc"
