// SPDX-License-Identifier: GPL-3.0-or-later
// Capturing, verifying, recovering and reading captures by weir-cli, as a user runs it.
#include "connectors/capture/observations.h"
#include "connectors/kafka/embedded_cluster.h"
#include "connectors/kafka/kafka_cluster.h"
#include "connectors/kafka/producer.h"
#include "tests/support/command.h"

#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::kafka;
using weir::test::Outcome;

namespace {

const QString program = QStringLiteral(WEIR_CLI);
constexpr int orders = 6'000;

Outcome cli(const QStringList& arguments, const QByteArray& input = {})
{
    return test::runCommand(program, arguments, input);
}

} // namespace

class TestWeirCliCapture : public QObject
{
    Q_OBJECT

    std::unique_ptr<EmbeddedCluster> m_cluster;
    QTemporaryDir m_dir;

    QString folder(const QString& name) const { return m_dir.filePath(name); }
    QString brokers() const { return QString::fromStdString(m_cluster->bootstrapServers()); }

    Outcome capture(const QString& name, const QStringList& options = {}) const
    {
        return cli(
            QStringList{"capture", "orders", "-b", brokers(), "-o", folder(name), "--from=beginning", "--until=end"}
            + options);
    }

private slots:
    void initTestCase()
    {
        auto cluster = EmbeddedCluster::start({{"orders", 3}, {"payments", 1}});
        QVERIFY2(cluster.ok(), cluster ? "" : cluster.error().text().c_str());
        m_cluster = std::move(*cluster);
        KafkaSettings settings;
        settings.bootstrapServers = m_cluster->bootstrapServers();
        const auto proof = unlockWriting(settings, m_cluster->clusterId());
        QVERIFY(proof.ok());
        auto producer = Producer::open(*proof, settings);
        QVERIFY(producer.ok());
        for (int i = 0; i < orders; ++i) {
            const std::string key = "k" + std::to_string(i % 10);
            const std::string value = i == 77 ? "no json"
                                              : R"({"id":)" + std::to_string(i) + R"(,"amount":)"
                    + std::to_string(i * 2) + R"(,"partition":"north"})";
            OutgoingRecord record;
            record.partition = i % 3;
            record.timestamp = 1'700'000'000'000 + i;
            record.key = key;
            if (i != 78)
                record.value = value;
            record.headers = {{"n", value}};
            QVERIFY((*producer)->produce("orders", record));
        }
        QVERIFY((*producer)->flush(std::chrono::seconds(30)));
    }

    void capturesAndVerifies()
    {
        const Outcome captured = capture("all", {"--json"});
        QVERIFY2(captured.code == 0, captured.err);
        QCOMPARE(captured.objects().at(0).value("records").toInt(), orders);
        QVERIFY2(captured.err.contains("6,000 records stored"), captured.err);
        const Outcome verified = cli({"verify", folder("all"), "--json"});
        QVERIFY2(verified.code == 0, verified.out);
        const QJsonObject report = verified.objects().at(0);
        QVERIFY(report.value("intact").toBool());
        QCOMPARE(report.value("partitions").toArray().size(), 3);
        QVERIFY(cli({"verify", folder("all")}).out.contains("this capture is intact"));
    }

    /// What a live topic gives, a capture gives: the same bytes, row for row.
    void readsLikeALiveTopic()
    {
        for (const QString partition : {"0", "1", "2"}) {
            const Outcome live =
                cli({"tail", "orders", "-b", brokers(), "--from=beginning", "--until=end", "--partition", partition});
            const Outcome kept = cli({"tail", "orders", "--capture", folder("all"), "--partition", partition});
            QCOMPARE(kept.code, 0);
            QCOMPARE(kept.out, live.out);
            QCOMPARE(kept.lines().size(), orders / 3);
        }
        const Outcome topics = cli({"topics", "--capture", folder("all"), "--json"});
        QCOMPARE(topics.objects().at(0).value("offsets").toInt(), orders);
        const Outcome times =
            cli({"tail", "orders", "--capture", folder("all"), "--from=1700000005997", "--until=1700000005999"});
        QCOMPARE(times.lines().size(), 2);
        const Outcome stats = cli({"stats", "orders", "--capture", folder("all"), "--json"});
        QCOMPARE(stats.objects().at(0).value("records").toInt(), orders);
    }

    void queriesRunOverIt()
    {
        const QByteArray script =
            "CREATE TABLE orders (id BIGINT, amount BIGINT, ts TIMESTAMP_LTZ(3) METADATA FROM "
            "'timestamp', WATERMARK FOR ts AS ts)\nWITH ('connector' = 'kafka', 'topic' = 'orders', "
            "'properties.bootstrap.servers' = 'nowhere:1', 'format' = 'json', 'scan.startup.mode' = "
            "'latest-offset', 'json.ignore-parse-errors' = 'true');\nSELECT window_start, COUNT(*) AS "
            "n FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY "
            "window_start, window_end;";
        const Outcome first = cli({"sql", "-", "--capture", folder("all"), "-q"}, script);
        QVERIFY2(first.code == 0, first.err);
        QCOMPARE(first.lines().size(), 6);
        int rows = 0;
        for (const QJsonObject& row : first.objects())
            rows += row.value("n").toInt();
        QCOMPARE(rows, orders - 2);
        // Played again, with any number of workers, it gives the same.
        for (const char* workers : {"1", "3"})
            QCOMPARE(cli({"sql", "-", "--capture", folder("all"), "-q", "--workers", workers}, script).out, first.out);
    }

    /// At any pace it gives the same rows in the same order.
    void playsAtItsPace()
    {
        const QStringList tail{"tail", "orders", "--capture", folder("all"), "--until=end", "--speed"};
        const Outcome flat = cli(tail + QStringList{"flat"});
        QVERIFY2(flat.code == 0, flat.err);
        QCOMPARE(flat.lines().size(), orders);
        QCOMPARE(cli(tail + QStringList{"100"}).out, flat.out);
        const Outcome wrong = cli(tail + QStringList{"never"});
        QVERIFY(wrong.code != 0);
        QVERIFY2(wrong.err.contains("'never' is no pace"), wrong.err);
        const Outcome live = cli({"tail", "orders", "-b", brokers(), "--speed", "2"});
        QVERIFY(live.code != 0);
        QVERIFY2(live.err.contains("only a capture has a pace"), live.err);
    }

    /// The embedded cluster's groups are not listed: nobody wrote down where they stood, and that is said.
    void lagOfACaptureIsWhatWasSeen()
    {
        const Outcome lag = cli({"lag", "billing", "--capture", folder("all")});
        QVERIFY(lag.code != 0);
        QVERIFY2(lag.err.contains("wrote down where consumer groups stood"), lag.err);
        QFile file(folder("all") + "/observations.log");
        QVERIFY(file.open(QIODevice::Append));
        capture::Observation seen;
        seen.groups.time = 1'700'000'000'000;
        seen.groups.groups.push_back({{"billing", "Stable", {}, {}, {}}, {{{"orders", PartitionId{1}}, 500, {}}}});
        seen.groups.ends = {{{"orders", PartitionId{1}}, 2'000}};
        file.write(QByteArray::fromStdString(capture::observationLine(seen)));
        file.close();
        const Outcome told = cli({"lag", "billing", "--capture", folder("all"), "--json"});
        QVERIFY2(told.code == 0, told.err);
        QCOMPARE(told.objects().at(0).value("lag").toInt(), 1'500);
        QVERIFY(cli({"verify", folder("all")}).code == 0);
    }

    void filters()
    {
        const Outcome captured =
            capture("large", {"--where", "amount >= 10000 AND key = 'k4' AND _partition = 1", "--json"});
        QVERIFY2(captured.code == 0, captured.err);
        const QJsonObject told = captured.objects().at(0);
        QCOMPARE(told.value("undecodable").toInt(), 1); // kept: nobody knows
        int expected = 1;
        for (int i = 5000; i < orders; ++i)
            expected += i % 10 == 4 && i % 3 == 1 ? 1 : 0;
        QCOMPARE(told.value("records").toInt(), expected);
        QCOMPARE(told.value("filtered").toInt(), orders - expected);
        QCOMPARE(cli({"verify", folder("large")}).code, 0);
        // Also over a capture, into another one.
        const Outcome again = cli({"capture", "orders", "--capture", folder("all"), "-o", folder("again"), "--where",
            "amount >= 10000 AND key = 'k4' AND _partition = 1", "--codec", "zstd", "--until=end"});
        QVERIFY2(again.code == 0, again.err);
        QCOMPARE(cli({"tail", "orders", "--capture", folder("again")}).out,
            cli({"tail", "orders", "--capture", folder("large")}).out);
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* name, const QStringList& options, int code, const char* words) {
            QTest::newRow(name) << options << code << QByteArray(words);
        };
        row("unknown column", {"--where", "amunt > 1"}, 2, "filter, column 1: Column 'amunt' not found");
        row("two statements", {"--where", "1 = 1; DROP TABLE x"}, 2, "filter, column 6");
        row("aggregate", {"--where", "COUNT(*) > 1"}, 2, "filter, column 1");
        row("codec", {"--codec", "rar"}, 2, "no codec");
        row("size", {"--ring", "huge"}, 2, "'huge' is no size");
        row("partition", {"--partition", "9"}, 1, "no partition 9");
    }

    void whatIsWrongIsSaid()
    {
        QFETCH(QStringList, options);
        QFETCH(int, code);
        QFETCH(QByteArray, words);
        const Outcome outcome = capture("wrong", options);
        QVERIFY2(outcome.code == code, outcome.err);
        QVERIFY2(outcome.err.contains(words), outcome.err);
        QVERIFY(!QFileInfo::exists(folder("wrong")));
    }

    void neverOverwrites()
    {
        const Outcome outcome = capture("all");
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("something already"), outcome.err);
        QCOMPARE(cli({"verify", folder("all")}).code, 0);
        QCOMPARE(cli({"verify", folder("nowhere")}).code, 1);
        QVERIFY(cli({"tail", "orders", "--capture", m_dir.path()}).err.contains("this is no capture"));
    }

    void damageIsFoundAndTheRestSaved()
    {
        QVERIFY(capture("broken").code == 0);
        QFile segment(folder("broken/orders-1/00000000000000000000.log"));
        QVERIFY(segment.open(QIODevice::ReadWrite));
        QVERIFY(segment.seek(segment.size() / 2));
        segment.write("XX");
        segment.close();
        const Outcome verified = cli({"verify", folder("broken")});
        QCOMPARE(verified.code, 1);
        QVERIFY2(verified.out.contains("checksum does not hold"), verified.out);
        const Outcome read = cli({"tail", "orders", "--capture", folder("broken")});
        QCOMPARE(read.code, 3);
        QVERIFY2(read.err.contains("Damaged"), read.err);
        const Outcome recovered = cli({"recover", folder("broken"), "-o", folder("saved"), "--json"});
        QVERIFY2(recovered.code == 0, recovered.err);
        QVERIFY(!recovered.objects().at(0).value("lost").toArray().isEmpty());
        QCOMPARE(cli({"verify", folder("saved")}).code, 0);
        QCOMPARE(cli({"tail", "orders", "--capture", folder("saved")}).out, read.out);
    }

    void interruptedIsComplete()
    {
        test::RunningCommand running(program,
            {"capture", "orders", "payments", "-b", brokers(), "-o", folder("live"), "--from=beginning",
                "--ring=256KiB"});
        QTRY_VERIFY(QFileInfo::exists(folder("live/arrivals.log")));
        QTest::qWait(500);
        const Outcome ended = running.interrupt();
        QVERIFY2(ended.code == 0, ended.err);
        QVERIFY2(ended.err.contains("interrupted by the user"), ended.err);
        const Outcome verified = cli({"verify", folder("live"), "--json"});
        QVERIFY2(verified.code == 0, verified.out);
        QCOMPARE(verified.objects().at(0).value("partitions").toArray().size(), 4);
    }
};

QTEST_GUILESS_MAIN(TestWeirCliCapture)
#include "tst_weir_cli_capture.moc"
