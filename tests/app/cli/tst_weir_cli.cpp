// SPDX-License-Identifier: GPL-3.0-or-later
// Runs weir-cli as a user does and looks at what it says and how it ends. What only a real broker does is tested beside
// real brokers.
#include "connectors/kafka/embedded_cluster.h"
#include "connectors/kafka/producer.h"
#include "tests/support/command.h"

#include <QDir>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace weir;
using namespace weir::kafka;
using weir::test::Outcome;
using weir::test::RunningCommand;

namespace {

constexpr EpochMs firstTime = 1'700'000'040'000; // 2023-11-14 22:14:00, the beginning of a minute
constexpr int orderCount = 600; // one every 100 ms, so one minute
constexpr int partitions = 2;

const QString program = QStringLiteral(WEIR_CLI);

Outcome cli(const QStringList& arguments, const QByteArray& input = {})
{
    return test::runCommand(program, arguments, input);
}

/// The same through a shell, for pipes and redirections; "weir-cli" is the program.
Outcome shell(QString line)
{
    line.replace(QStringLiteral("weir-cli"), program);
    return test::runCommand(QStringLiteral("/bin/bash"), {QStringLiteral("-c"), line});
}

std::string orderOf(int i)
{
    char time[48];
    std::snprintf(time, sizeof time, "2023-11-14 22:14:%02d.%03d", i / 10, i % 10 * 100);
    return "{\"id\":" + std::to_string(i) + ",\"customer\":\"c" + std::to_string(i % 3) + "\",\"amount\":\""
        + std::to_string(i) + ".50\",\"ts\":\"" + time + "\"}";
}

} // namespace

class TestWeirCli : public QObject
{
    Q_OBJECT

    std::unique_ptr<EmbeddedCluster> m_embedded;
    std::unique_ptr<Producer> m_producer;
    QTemporaryDir m_folder;
    QString m_brokers;

    void produce(const std::string& topic, int partition, std::optional<std::string_view> value,
        std::optional<std::string_view> key = std::nullopt)
    {
        OutgoingRecord record;
        record.partition = partition;
        record.timestamp = firstTime;
        record.key = key;
        record.value = value;
        QVERIFY(m_producer->produce(topic, record).ok());
    }

    QStringList on(const QString& verb, const QStringList& more = {}) const
    {
        return QStringList{verb, QStringLiteral("-b"), m_brokers} + more;
    }

    /// CREATE TABLE orders over `topic`, read from its beginning to its end unless `options` say otherwise.
    QByteArray ordersTable(const QByteArray& topic, const QByteArray& options = {}) const
    {
        const QByteArray reading = "'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'";
        return "CREATE TABLE orders (id BIGINT, customer STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3),\n"
               "  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)\nWITH ('connector' = 'kafka', 'format' = 'json', "
               "'topic' = '"
            + topic + "', 'properties.bootstrap.servers' = '" + m_brokers.toUtf8() + "', "
            + (options.isEmpty() ? reading : options) + ");\n";
    }

    static QByteArray perMinute()
    {
        return "SELECT window_start, window_end, customer, COUNT(*) AS n, SUM(amount) AS total\n"
               "FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE))\n"
               "GROUP BY window_start, window_end, customer;\n";
    }

private slots:
    void initTestCase()
    {
        auto embedded = EmbeddedCluster::start({{"orders", partitions}, {"bytes", 1}, {"broken", 1}, {"empty", 1}});
        QVERIFY2(embedded.ok(), embedded ? "" : embedded.error().text().c_str());
        m_embedded = std::move(*embedded);
        m_brokers = QString::fromStdString(m_embedded->bootstrapServers());
        KafkaSettings settings;
        settings.bootstrapServers = m_embedded->bootstrapServers();
        auto proof = unlockWriting(settings, m_embedded->clusterId());
        QVERIFY(proof.ok());
        auto producer = Producer::open(*proof, settings);
        QVERIFY(producer.ok());
        m_producer = std::move(*producer);
        for (int i = 0; i < orderCount; ++i)
            produce("orders", i % partitions, orderOf(i));
        OutgoingRecord odd;
        odd.partition = 0;
        odd.timestamp = firstTime;
        odd.key = "";
        odd.value = std::string_view("\xff\xfe", 2);
        odd.headers = {{"trace", "a"}, {"trace", std::nullopt}, {"empty", ""}, {"bytes", std::string_view("\xc3(", 2)}};
        QVERIFY(m_producer->produce("bytes", odd).ok());
        produce("bytes", 0, std::nullopt, "k");
        produce("bytes", 0, "");
        produce("bytes", 0, "text \"quoted\"\n");
        produce("bytes", 0, "{\"a\":\n 12345678901234567890.10}");
        produce("broken", 0, orderOf(0));
        produce("broken", 0, orderOf(1));
        produce("broken", 0, R"({"id":2,"customer":"c2","amount":"much","ts":"2023-11-14 22:14:00.200"})");
        produce("broken", 0, "{\"id\":3,");
        produce("broken", 0, orderOf(4));
        QVERIFY(m_producer->flush(std::chrono::seconds(20)).ok());
        QVERIFY(m_producer->commitOffset("billing", {"orders", PartitionId{0}}, 290).ok());
    }

    void usageErrorsEndWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("words");
        const QString brokers = QStringLiteral("-b127.0.0.1:1");
        const auto row = [&](const char* name, const QString& arguments, const QByteArray& words) {
            QStringList list = arguments.split(QLatin1Char(' '), Qt::SkipEmptyParts);
            QTest::newRow(name) << list.replaceInStrings(QStringLiteral("BROKERS"), brokers) << words;
        };
        row("no verb", "", "subcommand");
        row("unknown verb", "nope", "subcommand");
        row("no brokers", "topics", "--brokers");
        row("no topic", "tail BROKERS", "topic");
        row("unknown option", "topics BROKERS --frobnicate", "--frobnicate");
        row("negative count", "tail t BROKERS --count=-1", "'-1' is negative");
        row("count of words", "tail t BROKERS --count many", "many");
        row("wrong start", "tail t BROKERS --from yesterday", "'yesterday' is no place to start");
        row("wrong stop", "tail t BROKERS --until -3", "'-3' is no place to stop");
        row("wrong start of stats", "stats t BROKERS --from x", "--from");
        row("too little memory", "stats t BROKERS --memory 5MiB", "at least 64.0 MiB");
        row("no script", "sql", "file");
        row("missing script", "sql /no/such/file.sql", "/no/such/file.sql: cannot be opened");
        row("a folder as script", "sql /tmp", "/tmp: cannot be opened");
        row("demo too fast", "demo --rate 100000", "--rate");
    }

    void usageErrorsEndWithTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, words);
        const Outcome outcome = cli(arguments);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains(words), outcome.err);
        QVERIFY(outcome.out.isEmpty());
    }

    void helpNamesEveryVerb()
    {
        const Outcome help = cli({QStringLiteral("--help")});
        QCOMPARE(help.code, 0);
        for (const char* verb : {"topics", "tail", "sql", "lag", "stats", "demo"}) {
            QVERIFY2(help.out.contains(verb), verb);
            QCOMPARE(cli({QString::fromLatin1(verb), QStringLiteral("--help")}).code, 0);
        }
        QVERIFY(cli({QStringLiteral("--version")}).out.startsWith("weir-cli "));
    }

    void nobodyAnswers_data()
    {
        QTest::addColumn<QString>("line");
        QTest::newRow("topics") << "topics -b 127.0.0.1:1";
        QTest::newRow("tail") << "tail orders -b 127.0.0.1:1";
        QTest::newRow("stats") << "stats orders -b 127.0.0.1:1";
        QTest::newRow("lag") << "lag -b 127.0.0.1:1";
    }

    void nobodyAnswers()
    {
        QFETCH(QString, line);
        const Outcome outcome = cli(line.split(QLatin1Char(' ')));
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains("127.0.0.1:1"), outcome.err);
        QVERIFY2(outcome.ms < 30'000, outcome.err);
        QVERIFY(outcome.out.isEmpty());
    }

    void aPartitionThatIsNotThere()
    {
        const Outcome partition =
            cli(on(QStringLiteral("tail"), {QStringLiteral("orders"), QStringLiteral("--partition=7")}));
        QCOMPARE(partition.code, 1);
        QVERIFY2(partition.err.contains("no partition 7"), partition.err);
    }

    /// And it does not come into being by being asked for: topics() counts them.
    void aTopicThatIsNotThere_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::newRow("tail") << "tail";
        QTest::newRow("stats") << "stats";
    }

    void aTopicThatIsNotThere()
    {
        QFETCH(QString, verb);
        const Outcome outcome = cli(on(verb, {QStringLiteral("nope")}));
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains("nope: ") && outcome.err.contains("does not exist"), outcome.err);
        QVERIFY(outcome.out.isEmpty());
    }

    void topics()
    {
        const Outcome table = cli(on(QStringLiteral("topics")));
        QCOMPARE(table.code, 0);
        QVERIFY2(table.out.contains("orders           2    0   300      600\n"), table.out);
        const QList<QJsonObject> topics = cli(on(QStringLiteral("topics"), {QStringLiteral("--json")})).objects();
        QCOMPARE(topics.size(), 4);
        QCOMPARE(topics.last().value(QLatin1String("topic")).toString(), QStringLiteral("orders"));
        QCOMPARE(topics.last().value(QLatin1String("offsets")).toInt(), orderCount);
    }

    void tailTakesAPiece_data()
    {
        QTest::addColumn<QString>("piece");
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("firstOffset");
        QTest::newRow("all") << "--from beginning --until end" << orderCount << 0;
        QTest::newRow("last three of each partition") << "--from -3 --until end" << 3 * partitions << 297;
        QTest::newRow("more than there are") << "--from -1000 --until end" << orderCount << 0;
        QTest::newRow("from an offset") << "--from @290 --until end" << 10 * partitions << 290;
        QTest::newRow("until an offset") << "--from beginning --until @4" << 4 * partitions << 0;
        QTest::newRow("count") << "--from beginning --count 7" << 7 << 0;
        QTest::newRow("count and end") << "--from -3 --until end --count 100" << 3 * partitions << 297;
        QTest::newRow("no record") << "--from beginning --count 0" << 0 << 0;
        QTest::newRow("from the end until the end") << "--from end --until end" << 0 << 0;
        QTest::newRow("one partition") << "--from beginning --until end --partition 1" << 300 << 0;
        QTest::newRow("from a time before") << "--from 2023-11-14T22:00:00Z --until end" << orderCount << 0;
        QTest::newRow("from a time behind all") << "--from 2099-01-01 --until end" << 0 << 0;
    }

    void tailTakesAPiece()
    {
        QFETCH(QString, piece);
        QFETCH(int, count);
        QFETCH(int, firstOffset);
        const Outcome outcome =
            cli(on(QStringLiteral("tail"), QStringList{QStringLiteral("orders")} + piece.split(QLatin1Char(' '))));
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY2(outcome.err.isEmpty(), outcome.err);
        const QList<QJsonObject> records = outcome.objects();
        QCOMPARE(records.size(), count);
        for (const QJsonObject& record : records) {
            QVERIFY(record.value(QLatin1String("offset")).toInt() >= firstOffset);
            const int partition = record.value(QLatin1String("partition")).toInt();
            QCOMPARE(record.value(QLatin1String("value")).toObject().value(QLatin1String("id")).toInt(),
                record.value(QLatin1String("offset")).toInt() * partitions + partition);
        }
    }

    void tailKeepsEveryByte()
    {
        const QList<QByteArray> lines =
            cli(on(QStringLiteral("tail"),
                    {QStringLiteral("bytes"), QStringLiteral("--from=beginning"), QStringLiteral("--until=end")}))
                .lines();
        const QByteArray head = "{\"topic\":\"bytes\",\"partition\":0,\"offset\":";
        const QByteArray time = ",\"timestamp\":1700000040000,";
        QCOMPARE(lines.size(), 5);
        QCOMPARE(lines[0],
            head + "0" + time
                + R"("key":"","value":{"base64":"//4="},"headers":[["trace","a"],["trace",null],["empty",""],)"
                + R"(["bytes",{"base64":"wyg="}]]})");
        QCOMPARE(lines[1], head + "1" + time + R"("key":"k","value":null,"headers":[]})");
        QCOMPARE(lines[2], head + "2" + time + R"("key":null,"value":"","headers":[]})");
        QCOMPARE(lines[3], head + "3" + time + "\"key\":null,\"value\":\"text \\\"quoted\\\"\\n\",\"headers\":[]}");
        QCOMPARE(lines[4], head + "4" + time + R"("key":null,"value":{"a":  12345678901234567890.10},"headers":[]})");
    }

    void tailGivesRawValues()
    {
        const Outcome outcome = cli(on(QStringLiteral("tail"),
            {QStringLiteral("orders"), QStringLiteral("--raw"), QStringLiteral("--from=beginning"),
                QStringLiteral("--partition=0"), QStringLiteral("--count=2")}));
        QCOMPARE(outcome.out, QByteArray::fromStdString(orderOf(0) + "\n" + orderOf(2) + "\n"));
    }

    void tailFollowsUntilInterrupted()
    {
        RunningCommand tail(program, on(QStringLiteral("tail"), {QStringLiteral("empty")}));
        // Asked for over and over, since nothing says when it has begun to read.
        for (int i = 0; i < 100 && !tail.out().contains("live"); ++i) {
            produce("empty", 0, "{\"live\":" + std::to_string(i) + "}");
            QVERIFY(m_producer->flush(std::chrono::seconds(5)).ok());
            tail.waitForOut("live", 100);
        }
        const Outcome outcome = tail.interrupt();
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.out.endsWith("}\n") && !outcome.objects().isEmpty(), outcome.out);
        QVERIFY2(outcome.err.isEmpty(), outcome.err);
    }

    void aClosedPipeEndsQuietly_data()
    {
        QTest::addColumn<QString>("line");
        QTest::newRow("tail to the end") << "weir-cli tail orders -b %1 --from beginning --until end | head -n 1";
        QTest::newRow("tail that follows") << "weir-cli tail orders -b %1 --from beginning | head -n 1";
        QTest::newRow("sql that follows") << "weir-cli sql -q %2 | head -n 1";
        QTest::newRow("topics") << "weir-cli topics -b %1 | head -n 1";
    }

    void aClosedPipeEndsQuietly()
    {
        QFETCH(QString, line);
        const QString script = m_folder.filePath(QStringLiteral("live.sql"));
        QFile file(script);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(ordersTable("orders", "'scan.startup.mode' = 'earliest-offset'") + "SELECT id FROM orders;\n");
        file.close();
        line.replace(QLatin1String("%1"), m_brokers).replace(QLatin1String("%2"), script);
        const Outcome outcome = shell(QStringLiteral("set -o pipefail; ") + line);
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.lines().size(), 1);
        QVERIFY2(outcome.err.isEmpty(), outcome.err);
    }

    void aFullDiskIsToldAndFails_data()
    {
        QTest::addColumn<QString>("line");
        QTest::newRow("topics") << "weir-cli topics -b %1";
        QTest::newRow("tail") << "weir-cli tail orders -b %1 --from beginning --until end";
        QTest::newRow("stats") << "weir-cli stats orders -b %1";
        QTest::newRow("lag") << "weir-cli lag billing -b %1";
    }

    void aFullDiskIsToldAndFails()
    {
        QFETCH(QString, line);
        const Outcome outcome = shell(line.replace(QLatin1String("%1"), m_brokers) + QStringLiteral(" >/dev/full"));
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains("standard output cannot be written: No space left on device"),
            outcome.err.constData());
    }

    void stats()
    {
        const QList<QJsonObject> stats =
            cli(on(QStringLiteral("stats"), {QStringLiteral("orders"), QStringLiteral("--json")})).objects();
        QCOMPARE(stats.size(), 1);
        const QJsonObject& all = stats.front();
        std::vector<std::size_t> sizes;
        std::size_t bytes = 0;
        for (int i = 0; i < orderCount; ++i) {
            sizes.push_back(orderOf(i).size());
            bytes += sizes.back();
        }
        std::sort(sizes.begin(), sizes.end());
        QCOMPARE(all.value(QLatin1String("records")).toInt(), orderCount);
        QCOMPARE(all.value(QLatin1String("bytes")).toInteger(), static_cast<qint64>(bytes));
        QCOMPARE(all.value(QLatin1String("malformed")).toInt(), 0);
        QCOMPARE(all.value(QLatin1String("missing")).toInt(), 0);
        QCOMPARE(all.value(QLatin1String("size_p50")).toInteger(), static_cast<qint64>(sizes[orderCount / 2 - 1]));
        QCOMPARE(all.value(QLatin1String("size_max")).toInteger(), static_cast<qint64>(sizes.back()));
        // All carry one timestamp of the past.
        const double age = all.value(QLatin1String("latency_p50_ms")).toDouble();
        QVERIFY2(age > 80e9, qPrintable(QString::number(age)));
        QVERIFY(all.value(QLatin1String("latency_p99_ms")).toDouble() >= age);
        const QList<QJsonObject> half = cli(on(QStringLiteral("stats"),
                                                {QStringLiteral("orders"), QStringLiteral("--json"),
                                                    QStringLiteral("--partition=1"), QStringLiteral("--committed")}))
                                            .objects();
        QCOMPARE(half.size(), 1);
        QCOMPARE(half.front().value(QLatin1String("records")).toInt() * partitions,
            all.value(QLatin1String("records")).toInt());
        const Outcome table = cli(on(QStringLiteral("stats"), {QStringLiteral("broken")}));
        QCOMPARE(table.code, 0);
        QVERIFY2(table.out.contains("malformed                1\n"), table.out);
    }

    void lag()
    {
        const QList<QJsonObject> lag =
            cli(on(QStringLiteral("lag"), {QStringLiteral("billing"), QStringLiteral("--json")})).objects();
        QCOMPARE(lag.size(), 1);
        QCOMPARE(lag[0].value(QLatin1String("committed")).toInt(), 290);
        QCOMPARE(lag[0].value(QLatin1String("high")).toInt(), 300);
        QCOMPARE(lag[0].value(QLatin1String("lag")).toInt(), 10);
        const Outcome all = cli(on(QStringLiteral("lag")));
        QCOMPARE(all.code, 1);
        QVERIFY2(all.err.contains("lists no groups"), all.err);
        const Outcome unknown = cli(on(QStringLiteral("lag"), {QStringLiteral("nobody"), QStringLiteral("--json")}));
        QCOMPARE(unknown.objects().size(), 1);
        QVERIFY(unknown.objects()[0].value(QLatin1String("committed")).isNull());
    }

    void sqlCountsWindows()
    {
        const Outcome outcome = cli({QStringLiteral("sql"), QStringLiteral("-")}, ordersTable("orders") + perMinute());
        QVERIFY2(outcome.code == 0, outcome.err);
        QList<QByteArray> lines = outcome.lines();
        std::sort(lines.begin(), lines.end());
        QList<QByteArray> expected;
        for (int c = 0; c < 3; ++c) {
            qint64 cents = 0;
            for (int i = c; i < orderCount; i += 3)
                cents += 100 * i + 50;
            expected.append(R"({"window_start":"2023-11-14 22:14:00.000","window_end":"2023-11-14 22:15:00.000",)"
                + QStringLiteral(R"("customer":"c%1","n":200,"total":"%2.%3"})")
                      .arg(c)
                      .arg(cents / 100)
                      .arg(cents % 100, 2, 10, QLatin1Char('0'))
                      .toUtf8());
        }
        QCOMPARE(lines, expected);
        QCOMPARE(outcome.err,
            QByteArray("query at line 4: green: runs unchanged on Flink\n"
                       "rows in 600, decode errors 0, filtered 0, late dropped 0, windows fired 1, rows out 3\n"
                       "watermark end of input, open windows 0, open groups 0, state 0 B\n"
                       "  orders/0  2023-11-14 22:14:58.800  ended\n"
                       "  orders/1  2023-11-14 22:14:58.900  ended\n"));
    }

    void sqlStopsWhereFlinksJobWouldFail()
    {
        const QByteArray script = ordersTable("broken") + "SELECT id FROM orders WHERE amount > 0;\n";
        const Outcome stopped = cli({QStringLiteral("sql"), QStringLiteral("-")}, script);
        QCOMPARE(stopped.code, 1);
        QVERIFY2(stopped.err.contains("broken/0 offset 2 byte 33: field amount"), stopped.err);
        const Outcome kept = cli({QStringLiteral("sql"), QStringLiteral("--keep-going"), QStringLiteral("-")}, script);
        QCOMPARE(kept.code, 3);
        QCOMPARE(kept.out, QByteArray("{\"id\":0}\n{\"id\":1}\n{\"id\":4}\n"));
        QVERIFY2(kept.err.contains("rows in 5, decode errors 2"), kept.err);
        QVERIFY2(kept.err.contains("failed first at broken/0 offset 2 byte 33"), kept.err);
        const Outcome ignored = cli({QStringLiteral("sql"), QStringLiteral("-")},
            ordersTable("broken",
                "'json.ignore-parse-errors' = 'true', 'scan.startup.mode' = 'earliest-offset', "
                "'scan.bounded.mode' = 'latest-offset'")
                + "SELECT id FROM orders WHERE id IS NOT NULL;\n");
        QVERIFY2(ignored.code == 0, ignored.err);
        // The field that cannot be read becomes NULL, as in Flink; the row stays.
        QCOMPARE(ignored.out, QByteArray("{\"id\":0}\n{\"id\":1}\n{\"id\":2}\n{\"id\":4}\n"));
    }

    void sqlSaysWhatIsWrongAndWhere()
    {
        const QByteArray script =
            "CREATE TABLE t (a INT) WITH ('connector' = 'blackhole');\n\tSELECT a,\n\t  bogus FROM t;\n";
        const Outcome outcome = cli({QStringLiteral("sql"), QStringLiteral("-")}, script);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains("standard input:3:"), outcome.err);
        const Outcome word = cli({QStringLiteral("sql"), QStringLiteral("-")}, "\n  SELEC 1;\n");
        QCOMPARE(word.code, 1);
        QVERIFY2(word.err.contains("standard input:2:3: ") && word.err.contains("SELECT"), word.err);
        QVERIFY2(word.err.contains("\n    SELEC 1;\n    ^~~~~\n"), word.err);
        const Outcome nothing = cli({QStringLiteral("sql"), QStringLiteral("-")}, "-- only a remark\n");
        QCOMPARE(nothing.code, 0);
        QVERIFY2(nothing.err.contains("no SELECT"), nothing.err);
    }

    void sqlNeedsAGroupOrAnotherStart()
    {
        const QByteArray bounded = "'scan.bounded.mode' = 'latest-offset'";
        const Outcome none = cli(
            {QStringLiteral("sql"), QStringLiteral("-")}, ordersTable("orders", bounded) + "SELECT id FROM orders;\n");
        QCOMPARE(none.code, 1);
        QVERIFY2(none.err.contains("Property group.id is required when using committed offset"), none.err);
        const Outcome group = cli({QStringLiteral("sql"), QStringLiteral("-")},
            ordersTable(
                "orders", bounded + ", 'properties.group.id' = 'billing', 'properties.auto.offset.reset' = 'latest'")
                + "SELECT id FROM orders;\n");
        QVERIFY2(group.code == 0, group.err);
        QCOMPARE(group.lines().size(), 10); // partition 0 from the commit on, partition 1 from its end
    }

    void sqlWritesToPrintAndBlackhole()
    {
        const QByteArray script = ordersTable("broken",
                                      "'scan.startup.mode' = 'earliest-offset', "
                                      "'scan.bounded.mode' = 'specific-offsets', 'scan.bounded.specific-offsets' = "
                                      "'partition:0,offset:2'")
            + "CREATE TABLE shown (id BIGINT, customer STRING) WITH ('connector' = 'print', 'print-identifier' = "
              "'X');\n"
              "CREATE TABLE told (id BIGINT) WITH ('connector' = 'print', 'standard-error' = 'true');\n"
              "CREATE TABLE gone (id BIGINT) WITH ('connector' = 'blackhole');\n"
              "INSERT INTO shown SELECT id, customer FROM orders;\nINSERT INTO told SELECT id FROM orders;\n"
              "INSERT INTO gone SELECT id FROM orders;\n";
        const Outcome outcome = cli({QStringLiteral("sql"), QStringLiteral("-q"), QStringLiteral("-")}, script);
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.out, QByteArray("X> +I[0, c0]\nX> +I[1, c1]\n"));
        QCOMPARE(outcome.err, QByteArray("+I[0]\n+I[1]\n"));
    }

    void sqlReadsFiles()
    {
        const QDir folder(m_folder.filePath(QStringLiteral("events")));
        QVERIFY(folder.mkpath(QStringLiteral("deeper")));
        const auto write = [&folder](const char* name, const QByteArray& text) {
            QFile file(folder.filePath(QString::fromLatin1(name)));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        };
        write("b.jsonl", "{\"n\":3}\n{\"n\":4}");
        write("a.jsonl", "{\"n\":1}\r\n{\"n\":2}\n");
        write("_hidden", "{\"n\":99}\n");
        write(".hidden", "{\"n\":99}\n");
        write("deeper/c.jsonl", "{\"n\":5}\n");
        const QByteArray script =
            "CREATE TABLE t (n INT) WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '"
            + folder.path().toUtf8() + "');\nSELECT n FROM t;\n";
        const Outcome outcome = cli({QStringLiteral("sql"), QStringLiteral("-")}, script);
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.out, QByteArray("{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n{\"n\":5}\n"));
        write("c.jsonl", "{\"n\":\n");
        const Outcome broken = cli({QStringLiteral("sql"), QStringLiteral("-q"), QStringLiteral("-")}, script);
        QCOMPARE(broken.code, 1);
        QVERIFY2(broken.err.contains("events/0 offset 4 byte"), broken.err);
    }

    void sqlTakesBrokersForTablesThatNameNone()
    {
        const QByteArray script =
            ordersTable("orders").replace("'properties.bootstrap.servers' = '" + m_brokers.toUtf8() + "', ", "");
        const Outcome none = cli({QStringLiteral("sql"), QStringLiteral("-")}, script + "SELECT id FROM orders;");
        QCOMPARE(none.code, 1);
        QVERIFY2(none.err.contains("'properties.bootstrap.servers' is missing"), none.err);
        const Outcome given = cli(on(QStringLiteral("sql"), {QStringLiteral("--json"), QStringLiteral("-")}),
            script + "SELECT id FROM orders;");
        QVERIFY2(given.code == 0, given.err);
        QCOMPARE(given.lines().size(), orderCount);
        QVERIFY2(given.err.contains("\n{\"rows_in\":600,"), given.err);
    }

    void sqlFollowsUntilInterrupted()
    {
        QFile file(m_folder.filePath(QStringLiteral("follow.sql")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(ordersTable("orders", "'scan.startup.mode' = 'earliest-offset'") + "SELECT id FROM orders;\n");
        file.close();
        RunningCommand sql(program, {QStringLiteral("sql"), file.fileName()});
        QVERIFY(sql.waitForLines(orderCount, 30'000));
        const Outcome outcome = sql.interrupt();
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.objects().size(), orderCount);
        QVERIFY2(outcome.err.contains("\nrows in 600"), outcome.err);
    }

    void theDemoLetsOthersJoinIn()
    {
        RunningCommand demo(program, {QStringLiteral("demo"), QStringLiteral("--rate"), QStringLiteral("100")});
        QVERIFY(demo.waitForErr("kcat", 20'000));
        const QString address = QString::fromUtf8(demo.out()).trimmed();
        QVERIFY2(address.startsWith(QLatin1String("127.0.0.1:")), qPrintable(address));
        const QList<QJsonObject> topics =
            cli({QStringLiteral("topics"), QStringLiteral("-b"), address, QStringLiteral("--json")}).objects();
        QCOMPARE(topics.size(), 3);
        if (QStandardPaths::findExecutable(QStringLiteral("kcat")).isEmpty()) {
            QVERIFY2(qEnvironmentVariableIsEmpty("WEIR_REQUIRE_SERVERS"), "kcat is not installed");
            QSKIP("no kcat here");
        }
        const Outcome listed = shell(QStringLiteral("kcat -b %1 -L").arg(address));
        QVERIFY2(listed.out.contains("topic \"shipments\" with 2 partitions"), listed.out);
        const Outcome read = shell(QStringLiteral("kcat -b %1 -C -q -t orders -c 3").arg(address));
        QCOMPARE(read.objects().size(), 3);
        QCOMPARE(shell(QStringLiteral("echo '{\"mine\":1}' | kcat -b %1 -P -t orders -p 0").arg(address)).code, 0);
        QTRY_VERIFY_WITH_TIMEOUT(
            cli({QStringLiteral("tail"), QStringLiteral("orders"), QStringLiteral("-b"), address,
                    QStringLiteral("--partition=0"), QStringLiteral("--from=-2000"), QStringLiteral("--until=end")})
                .out.contains("{\"mine\":1}"),
            20'000);
        const Outcome outcome = demo.interrupt();
        QCOMPARE(outcome.code, 0);
    }
};

QTEST_GUILESS_MAIN(TestWeirCli)
#include "tst_weir_cli.moc"
