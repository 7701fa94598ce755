// SPDX-License-Identifier: GPL-3.0-or-later
// INSERT INTO a topic by weir-cli, as a user runs it.
#include "connectors/kafka/embedded_cluster.h"
#include "tests/support/command.h"

#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::kafka;
using weir::test::Outcome;

namespace {

const QString program = QStringLiteral(WEIR_CLI);

Outcome cli(const QStringList& arguments, const QByteArray& input = {})
{
    return test::runCommand(program, arguments, input);
}

} // namespace

class TestWeirCliInsert : public QObject
{
    Q_OBJECT

    std::unique_ptr<EmbeddedCluster> m_cluster;
    QTemporaryDir m_folder;

    QByteArray brokers() const { return QByteArray::fromStdString(m_cluster->bootstrapServers()); }
    QString clusterId() const { return QString::fromStdString(m_cluster->clusterId()); }

    /// Three orders of two customers in a file, and a table over it.
    QByteArray orders() const
    {
        return "CREATE TABLE orders (id BIGINT, customer STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3), WATERMARK FOR "
               "ts "
               "AS ts)\nWITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '"
            + m_folder.filePath(QStringLiteral("orders.jsonl")).toUtf8() + "');\n";
    }

    QByteArray sink(const QByteArray& columns, const QByteArray& topic, const QByteArray& options = {}) const
    {
        return "CREATE TABLE sink (" + columns + ") WITH ('connector' = 'kafka', 'topic' = '" + topic
            + "', 'format' = 'json', 'properties.bootstrap.servers' = '" + brokers() + "'" + options + ");\n";
    }

    Outcome insert(const QByteArray& script, const QString& unlocked) const
    {
        QStringList arguments{QStringLiteral("sql"), QStringLiteral("-")};
        if (!unlocked.isEmpty())
            arguments += {QStringLiteral("--unlock-writing"), unlocked};
        return cli(arguments, orders() + script);
    }

    QList<QByteArray> on(const QString& topic) const
    {
        return cli({QStringLiteral("tail"), topic, QStringLiteral("-b"), QString::fromUtf8(brokers()),
                       QStringLiteral("--from=beginning"), QStringLiteral("--until=end")})
            .lines();
    }

private slots:
    void initTestCase()
    {
        auto cluster = EmbeddedCluster::start({{"locked", 1}, {"rows", 1}, {"windows", 1}, {"keyed", 4}});
        QVERIFY2(cluster.ok(), cluster ? "" : cluster.error().text().c_str());
        m_cluster = std::move(*cluster);
        QFile file(m_folder.filePath(QStringLiteral("orders.jsonl")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"id":1,"customer":"ada","amount":12.50,"ts":"2024-03-01 10:00:00"})"
                   "\n"
                   R"({"id":2,"customer":"bob","amount":100,"ts":"2024-03-01 10:00:30.25"})"
                   "\n"
                   R"({"id":3,"customer":"ada","amount":0.05,"ts":"2024-03-01 10:01:00"})"
                   "\n");
    }

    void nothingIsWrittenWhileLocked()
    {
        const QByteArray script = sink("id BIGINT", "locked") + "INSERT INTO sink SELECT id FROM orders;\n";
        const Outcome locked = insert(script, {});
        QCOMPARE(locked.code, 1);
        QVERIFY2(locked.err.contains("writing is locked on this cluster"), locked.err);
        QVERIFY2(locked.err.contains("--unlock-writing"), locked.err);
        const Outcome other = insert(script, QStringLiteral("another-cluster"));
        QCOMPARE(other.code, 1);
        QVERIFY2(
            other.err.contains("this cluster's id is " + clusterId().toUtf8() + ", not another-cluster"), other.err);
        QVERIFY(on(QStringLiteral("locked")).isEmpty());
    }

    void rowsAreRecords()
    {
        const Outcome outcome = insert(sink("id BIGINT, amount DECIMAL(12, 3), ts TIMESTAMP_LTZ(3) METADATA FROM "
                                            "'timestamp', moment TIMESTAMP(3)",
                                           "rows")
                + "INSERT INTO sink SELECT id, amount, CAST(ts AS TIMESTAMP_LTZ(3)), CAST(ts AS TIMESTAMP(3)) FROM "
                  "orders;\n",
            clusterId());
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY2(outcome.out.isEmpty(), outcome.out);
        QVERIFY2(outcome.err.contains("rows out 3"), outcome.err);
        const auto record = [](int offset, const QByteArray& time, const QByteArray& value) {
            return R"({"topic":"rows","partition":0,"offset":)" + QByteArray::number(offset) + ",\"timestamp\":" + time
                + ",\"key\":null,\"value\":" + value + ",\"headers\":[]}";
        };
        QCOMPARE(on(QStringLiteral("rows")),
            (QList<QByteArray>{record(0, "1709287200000", R"({"id":1,"amount":12.5,"moment":"2024-03-01 10:00:00"})"),
                record(1, "1709287230250", R"({"id":2,"amount":1E+2,"moment":"2024-03-01 10:00:30.25"})"),
                record(2, "1709287260000", R"({"id":3,"amount":0.05,"moment":"2024-03-01 10:01:00"})")}));
    }

    void windowsAndWhatReadsThemBack()
    {
        const QByteArray columns = "window_start TIMESTAMP(3), window_end TIMESTAMP(3), n BIGINT, total DECIMAL(38, 2)";
        const Outcome outcome = insert(sink(columns, "windows")
                + "INSERT INTO sink SELECT window_start, window_end, COUNT(*), SUM(amount) FROM TABLE(TUMBLE(TABLE "
                  "orders, "
                  "DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;\n",
            clusterId());
        QVERIFY2(outcome.code == 0, outcome.err);
        const QByteArray reading = ", 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'";
        const Outcome back = cli({QStringLiteral("sql"), QStringLiteral("-q"), QStringLiteral("-")},
            sink(columns, "windows", reading) + "SELECT window_start, n, total FROM sink;\n");
        QCOMPARE(back.lines(),
            (QList<QByteArray>{R"({"window_start":"2024-03-01 10:00:00.000","n":2,"total":"112.50"})",
                R"({"window_start":"2024-03-01 10:01:00.000","n":1,"total":"0.05"})"}));
    }

    void keysGoWhereKafkasOwnClientsSendThem()
    {
        const QByteArray options =
            ", 'key.format' = 'raw', 'key.fields' = 'customer', 'value.fields-include' = 'EXCEPT_KEY'";
        const Outcome outcome = insert(sink("customer STRING, id BIGINT", "keyed", options)
                + "INSERT INTO sink SELECT customer, id FROM orders;\n",
            clusterId());
        QVERIFY2(outcome.code == 0, outcome.err);
        QList<QByteArray> records = on(QStringLiteral("keyed"));
        QCOMPARE(records.size(), 3);
        // murmur2("ada") and murmur2("bob") without their signs, modulo 4 partitions.
        for (const QByteArray& record : records) {
            const bool ada = record.contains(R"("key":"ada")");
            QVERIFY2(record.contains(ada ? R"("partition":1)" : R"("partition":2)"), record);
            QVERIFY2(!record.contains("customer"), record);
        }
    }

    void aTopicThatIsNotThereIsNotMade()
    {
        const Outcome outcome =
            insert(sink("id BIGINT", "nowhere") + "INSERT INTO sink SELECT id FROM orders;\n", clusterId());
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains("the cluster has no topic nowhere"), outcome.err);
        QVERIFY(!cli({QStringLiteral("topics"), QStringLiteral("-b"), QString::fromUtf8(brokers())})
                     .out.contains("nowhere"));
    }
};

QTEST_APPLESS_MAIN(TestWeirCliInsert)
#include "tst_weir_cli_insert.moc"
