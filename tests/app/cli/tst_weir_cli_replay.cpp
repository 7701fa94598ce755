// SPDX-License-Identifier: GPL-3.0-or-later
// Replaying a capture by weir-cli, as a user runs it, over an embedded cluster.
#include "connectors/kafka/embedded_cluster.h"
#include "connectors/kafka/kafka_cluster.h"
#include "connectors/kafka/producer.h"
#include "tests/support/command.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::kafka;
using weir::test::Outcome;

namespace {

const QString program = QStringLiteral(WEIR_CLI);
constexpr int orders = 900;
constexpr int msBetween = 5; ///< of the records' timestamps

Outcome cli(const QStringList& arguments)
{
    return test::runCommand(program, arguments);
}

} // namespace

class TestWeirCliReplay : public QObject
{
    Q_OBJECT

    std::unique_ptr<EmbeddedCluster> m_cluster;
    QTemporaryDir m_dir;

    QString brokers() const { return QString::fromStdString(m_cluster->bootstrapServers()); }
    QString id() const { return QString::fromStdString(m_cluster->clusterId()); }
    QString capture() const { return m_dir.filePath("capture"); }

    QStringList arguments(const QString& to, const QStringList& options) const
    {
        return QStringList{"replay", "orders", "--capture", capture(), "-b", brokers(), "--to", to} + options;
    }
    Outcome replay(const QString& to, const QStringList& options) const { return cli(arguments(to, options)); }
    Outcome unlocked(const QString& to, const QStringList& options = {"--speed", "flat"}) const
    {
        return replay(to, QStringList{"--unlock-writing", id(), "--json"} + options);
    }
    /// The lines of a topic's partition, without what tells the topic.
    QByteArray contentOf(const QString& topic, int partition) const
    {
        const Outcome tail = cli({"tail", topic, "-b", brokers(), "--from=beginning", "--until=end", "--partition",
            QString::number(partition)});
        return QByteArray(tail.out).replace("\"topic\":\"" + topic.toUtf8() + '"', "\"topic\":\"t\"");
    }
    int countOf(const QString& topic) const
    {
        const Outcome topics = cli({"topics", "-b", brokers(), "--json"});
        for (const QJsonObject& one : topics.objects()) {
            if (one.value("topic").toString() == topic)
                return one.value("offsets").toInt();
        }
        return -1;
    }

private slots:
    void initTestCase()
    {
        auto cluster = EmbeddedCluster::start({{"orders", 3}, {"copy", 3}, {"filtered", 3}, {"narrow", 1}, {"wide", 6},
            {"paced", 3}, {"resumed", 3}, {"untouched", 3}});
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
            const std::string value = i % 50 == 7 ? "no json \xff" : "{\"id\":" + std::to_string(i) + "}";
            OutgoingRecord record;
            record.partition = i % 3;
            record.timestamp = 1'700'000'000'000 + i * msBetween;
            if (i % 20 != 3)
                record.key = key;
            if (i % 30 != 11)
                record.value = value;
            record.headers = {{"n", value}, {"n", std::nullopt}};
            QVERIFY((*producer)->produce("orders", record));
        }
        QVERIFY((*producer)->flush(std::chrono::seconds(30)));
        const Outcome captured =
            cli({"capture", "orders", "-b", brokers(), "-o", capture(), "--from=beginning", "--until=end"});
        QVERIFY2(captured.code == 0, captured.err);
    }

    void nothingIsWrittenUnasked()
    {
        const Outcome locked = replay("untouched", {"--speed", "flat"});
        QCOMPARE(locked.code, 2);
        QVERIFY2(locked.err.contains("--unlock-writing and this cluster's id, " + id().toUtf8()), locked.err);
        const Outcome wrong = replay("untouched", {"--speed", "flat", "--unlock-writing", "another"});
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.err.contains("another") && wrong.err.contains(id().toUtf8()), wrong.err);
        const Outcome dry = replay("untouched", {"--dry-run", "--json"});
        QVERIFY2(dry.code == 0, dry.err);
        const QJsonObject told = dry.objects().at(0);
        QCOMPARE(told.value("records").toInt(), orders);
        QVERIFY(told.value("dryRun").toBool());
        QCOMPARE(told.value("lastTimestamp").toDouble() - told.value("firstTimestamp").toDouble(),
            double((orders - 1) * msBetween));
        QVERIFY2(dry.err.contains("900 records to write") && dry.err.contains("over 4.5 s"), dry.err);
        QCOMPARE(countOf("untouched"), 0);
    }

    /// Keys, values, headers, timestamps, partitions: as they were.
    void everythingIsKept()
    {
        const Outcome outcome = unlocked("copy");
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.objects().at(0).value("records").toInt(), orders);
        for (int partition = 0; partition < 3; ++partition) {
            const QByteArray lines = contentOf("copy", partition);
            QCOMPARE(lines, contentOf("orders", partition));
            QCOMPARE(lines.count('\n'), orders / 3);
        }
    }

    void filterAndNow()
    {
        const Outcome outcome =
            unlocked("filtered", {"--speed", "flat", "--timestamps", "now", "--where", "id >= 600 AND _partition = 1"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY(outcome.objects().at(0).value("undecodable").toInt() > 0);
        const QByteArray lines = contentOf("filtered", 1);
        QVERIFY(lines.contains("{\"id\":601}") && !lines.contains("{\"id\":598}"));
        QVERIFY(!lines.contains("\"timestamp\":17000000"));
    }

    void keysChoosePartitions()
    {
        const Outcome refused = unlocked("narrow");
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains("has 1 partitions") && refused.err.contains("partition 2"), refused.err);
        const Outcome narrow = unlocked("narrow", {"--speed", "flat", "--partitions", "by-key"});
        QVERIFY2(narrow.code == 0, narrow.err);
        QCOMPARE(countOf("narrow"), orders);
        const Outcome wide = unlocked("wide", {"--speed", "flat", "--partitions", "by-key", "--where", "key = 'k4'"});
        QVERIFY2(wide.code == 0, wide.err);
        // A key has one partition; records without one (kept, because undecodable) may be anywhere.
        int places = 0;
        for (int partition = 0; partition < 6; ++partition)
            places += contentOf("wide", partition).contains("\"key\":\"k4\"") ? 1 : 0;
        QCOMPARE(places, 1);
    }

    void paceIsKept()
    {
        QElapsedTimer timer;
        timer.start();
        const Outcome outcome = unlocked("paced", {"--speed", "3x"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY2(timer.elapsed() >= (orders - 1) * msBetween / 3, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(countOf("paced"), orders);
    }

    /// Killed again and again, and gone on with: nothing is missing, and the end is known.
    void resumesWhereItWasKilled()
    {
        const QString mark = m_dir.filePath("mark");
        const QStringList options{"--unlock-writing", id(), "--resume", mark, "--json", "--speed"};
        for (int i = 0; i < 2; ++i) {
            QProcess process;
            process.start(program, arguments("resumed", options + QStringList{"1"}));
            QVERIFY(process.waitForStarted());
            QTest::qWait(1800);
            process.kill();
            QVERIFY(process.waitForFinished());
        }
        QVERIFY(QFileInfo::exists(mark));
        const Outcome rest = replay("resumed", options + QStringList{"flat"});
        QVERIFY2(rest.code == 0, rest.err);
        const int written = rest.objects().at(0).value("records").toInt();
        QVERIFY2(written > 0 && written < orders, rest.out);
        for (int partition = 0; partition < 3; ++partition) {
            QSet<QByteArray> there;
            for (QByteArray line : contentOf("resumed", partition).split('\n'))
                there.insert(line.mid(line.indexOf("\"timestamp\"")));
            for (const QByteArray& line : contentOf("orders", partition).split('\n'))
                QVERIFY2(there.contains(line.mid(line.indexOf("\"timestamp\""))), line);
        }
        const Outcome again = replay("resumed", options + QStringList{"flat"});
        QCOMPARE(again.code, 0);
        QCOMPARE(again.objects().at(0).value("records").toInt(), 0);
        const Outcome other = replay("copy", options + QStringList{"flat"});
        QCOMPARE(other.code, 2);
        QVERIFY2(other.err.contains("is of another replay"), other.err);
    }

    void interruptIsTold()
    {
        test::RunningCommand running(program,
            arguments("copy", {"--unlock-writing", id(), "--speed", "0.1", "--resume", m_dir.filePath("slow")}));
        QTRY_VERIFY(QFileInfo::exists(m_dir.filePath("slow")));
        const Outcome ended = running.interrupt();
        QCOMPARE(ended.code, 3);
        QVERIFY2(ended.err.contains("interrupted by the user"), ended.err);
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QString>("to");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* what, const char* to, const QStringList& options, int code, const char* words) {
            QTest::newRow(what) << to << options << code << QByteArray(words);
        };
        row("no topic", "nowhere", {}, 1, "Weir makes no topics");
        row("pace", "copy", {"--speed", "slow"}, 2, "'slow' is no pace");
        row("negative pace", "copy", {"--speed=-1"}, 2, "'-1' is no pace");
        row("partitions", "copy", {"--partitions", "all"}, 2, "keep or by-key");
        row("timestamps", "copy", {"--timestamps", "then"}, 2, "keep or now");
        row("filter", "copy", {"--where", "nonsense"}, 2, "filter, column 1");
        row("no mark", "copy", {"--resume", capture() + "/capture.json"}, 1, "not how far a replay got");
    }

    void whatIsWrongIsSaid()
    {
        QFETCH(QString, to);
        QFETCH(QStringList, options);
        QFETCH(int, code);
        QFETCH(QByteArray, words);
        const int before = countOf("copy");
        const Outcome outcome = unlocked(to, options);
        QVERIFY2(outcome.code == code, outcome.err);
        QVERIFY2(outcome.err.contains(words), outcome.err);
        QCOMPARE(countOf("copy"), before);
        QCOMPARE(countOf("nowhere"), -1);
    }
};

QTEST_GUILESS_MAIN(TestWeirCliReplay)
#include "tst_weir_cli_replay.moc"
