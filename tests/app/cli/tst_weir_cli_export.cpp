// SPDX-License-Identifier: GPL-3.0-or-later
// Exporting by weir-cli, as a user runs it: from a topic and from a capture, in every format.
#include "connectors/kafka/embedded_cluster.h"
#include "connectors/kafka/kafka_cluster.h"
#include "connectors/kafka/producer.h"
#include "tests/support/command.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::kafka;
using weir::test::Outcome;

namespace {

const QString program = QStringLiteral(WEIR_CLI);
constexpr int orders = 3'000;

Outcome cli(const QStringList& arguments)
{
    return test::runCommand(program, arguments);
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no file");
}

QList<QJsonObject> objectsOf(const QByteArray& lines)
{
    QList<QJsonObject> objects;
    for (const QByteArray& line : lines.split('\n')) {
        if (!line.isEmpty())
            objects.append(QJsonDocument::fromJson(line).object());
    }
    return objects;
}

} // namespace

class TestWeirCliExport : public QObject
{
    Q_OBJECT

    std::unique_ptr<EmbeddedCluster> m_cluster;
    QTemporaryDir m_dir;

    QString file(const QString& name) const { return m_dir.filePath(name); }
    QString brokers() const { return QString::fromStdString(m_cluster->bootstrapServers()); }
    Outcome exported(const QString& name, const QStringList& options = {}) const
    {
        return cli(QStringList{"export", "orders", "-b", brokers(), "-o", file(name)} + options);
    }
    QStringList files() const { return QDir(m_dir.path()).entryList(QDir::Files | QDir::Hidden); }

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
            const std::string value = i == 77 ? std::string("no json \xff")
                                              : "{\"id\":" + std::to_string(i) + ",\"amount\":" + std::to_string(i)
                    + ".50,\"note\":\"=" + std::to_string(i) + "+1\",\"key\":\"north\"}";
            OutgoingRecord record;
            record.partition = i % 3;
            record.timestamp = 1'700'000'000'000 + i;
            record.key = key;
            if (i != 78)
                record.value = value;
            record.headers = {{"n", "1"}, {"n", std::nullopt}};
            QVERIFY((*producer)->produce("orders", record));
        }
        QVERIFY((*producer)->flush(std::chrono::seconds(30)));
    }

    void cleanup()
    {
        for (const QString& name : files())
            QFile::remove(file(name));
    }

    void wholeRecords()
    {
        const Outcome outcome = exported("all.jsonl", {"--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject told = outcome.objects().at(0);
        QCOMPARE(told.value("records").toInt(), orders);
        QCOMPARE(told.value("encoded").toInt(), 1);
        QVERIFY(told.value("complete").toBool());
        QCOMPARE(files(), QStringList{"all.jsonl"});
        const QList<QJsonObject> rows = objectsOf(contentOf(file("all.jsonl")));
        QCOMPARE(rows.size(), orders);
        int nulls = 0;
        QJsonValue id = -1;
        for (const QJsonObject& row : rows) {
            nulls += row.value("value").isNull() ? 1 : 0;
            if (row.value("offset").toInt() == 100 && row.value("partition").toInt() == 2)
                id = row.value("value").toObject().value("id");
            QCOMPARE(row.value("timestampType").toString(), QString("CreateTime"));
            QCOMPARE(
                row.value("headers").toArray(), (QJsonArray{QJsonArray{"n", "1"}, QJsonArray{"n", QJsonValue::Null}}));
        }
        QCOMPARE(nulls, 1);
        QCOMPARE(id.toInt(), 302);
    }

    void fieldsInEveryFormat()
    {
        const Outcome csv = exported("f.csv", {"--columns", "_key", "id", "amount", "note"});
        QVERIFY2(csv.code == 0, csv.err);
        QVERIFY2(csv.err.contains("1 records could not be decoded"), csv.err);
        QVERIFY2(csv.err.contains("2,998 cells would have run as formulas"), csv.err);
        const QByteArray text = contentOf(file("f.csv"));
        QVERIFY(text.startsWith("_key,_key_encoding,id,amount,note,_undecodable\n"));
        QVERIFY(text.contains("\nk5,,125,125.50,\"'=125+1\",\n"));
        QVERIFY(text.contains("\nk7,,,,,bm8ganNvbiD/\n"));
        QCOMPARE(text.count('\n'), orders + 1);
        const Outcome kept = exported("k.csv", {"--fields", "--keep-formulas"});
        QVERIFY(kept.code == 0 && !kept.err.contains("formulas"));
        QVERIFY(contentOf(file("k.csv")).contains(",=125+1,"));
        const Outcome lines = exported("f.jsonl", {"--fields"});
        QVERIFY2(lines.code == 0, lines.err);
        QVERIFY(contentOf(file("f.jsonl"))
                    .contains("\"_key\":\"k5\",\"id\":125,\"amount\":125.50,\"note\":\"=125+1\",\"key\":\"north\"}"));
        for (const char* name : {"f.sqlite", "f.avro"}) {
            const Outcome outcome = exported(name, {"--fields", "--json"});
            QVERIFY2(outcome.code == 0, outcome.err);
            QCOMPARE(outcome.objects().at(0).value("records").toInt(), orders);
            QCOMPARE(outcome.objects().at(0).value("undecodable").toInt(), 1);
        }
        QVERIFY(contentOf(file("f.sqlite")).startsWith("SQLite format 3"));
        QVERIFY(contentOf(file("f.avro")).startsWith("Obj\x01"));
    }

    /// What a topic gives, its capture gives: byte for byte.
    void captureAndTopicAreAlike()
    {
        const QString folder = file("captured");
        const Outcome captured =
            cli({"capture", "orders", "-b", brokers(), "-o", folder, "--from=beginning", "--until=end"});
        QVERIFY2(captured.code == 0, captured.err);
        for (const QString partition : {"0", "1", "2"}) {
            const QStringList range{"--partition", partition, "--where", "id >= 100 AND id < 2000 AND _key <> 'k4'"};
            const Outcome live = exported("live.csv", range);
            QVERIFY2(live.code == 0, live.err);
            const Outcome kept =
                cli(QStringList{"export", "orders", "--capture", folder, "-o", file("kept.csv")} + range);
            QVERIFY2(kept.code == 0, kept.err);
            const QByteArray rows = contentOf(file("kept.csv"));
            QCOMPARE(rows, contentOf(file("live.csv")));
            int expected = partition == "2" ? 1 : 0; // what cannot be decoded is not left out
            for (int i = 100; i < 2000; ++i)
                expected += i % 10 != 4 && i % 3 == partition.toInt() ? 1 : 0;
            QCOMPARE(rows.count("CreateTime"), expected);
            cleanup();
        }
    }

    void streams()
    {
        const Outcome raw = cli({"export", "orders", "-b", brokers(), "-o", "-", "--format", "raw", "--delimiter",
            "\\0", "--partition", "0", "--from", "@1", "--until", "@4"});
        QVERIFY2(raw.code == 0, raw.err);
        QCOMPARE(raw.out.split('\0').size(), 4);
        QVERIFY(raw.out.startsWith("{\"id\":3,"));
        const Outcome json = cli({"export", "orders", "-b", brokers(), "-o", "-", "--from=-2", "--json"});
        QVERIFY2(json.code == 0, json.err);
        QCOMPARE(json.objects().size(), 6);
        QVERIFY(json.err.contains("\"complete\":true"));
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* what, const char* name, const QStringList& options, int code,
                             const char* words) {
            QTest::newRow(what) << name << options << code << QByteArray(words);
        };
        row("ending", "x.xml", {}, 2, "names no format");
        row("format", "x.csv", {"--format", "xml"}, 2, "'xml' is no format");
        row("column", "x.csv", {"--columns", "amunt"}, 2, "no column 'amunt'. There are: partition, offset");
        row("filter", "x.csv", {"--where", "amunt > 1"}, 2, "Column 'amunt' not found");
        row("raw fields", "x.raw", {"--fields"}, 2, "raw values have no columns");
        row("two topics' fields", "x.csv", {"payments", "--fields"}, 2, "several topics");
        row("delimiter", "x.raw", {"--delimiter", "\\q"}, 2, "no delimiter");
        row("partition", "x.csv", {"--partition", "9"}, 1, "no partition 9");
        row("folder", "no/x.csv", {}, 1, "No such file");
    }

    void whatIsWrongIsSaid()
    {
        QFETCH(QString, name);
        QFETCH(QStringList, options);
        QFETCH(int, code);
        QFETCH(QByteArray, words);
        const Outcome outcome =
            cli(QStringList{"export", "orders"} + options + QStringList{"-b", brokers(), "-o", file(name)});
        QVERIFY2(outcome.code == code, outcome.err);
        QVERIFY2(outcome.err.contains(words), outcome.err);
        QCOMPARE(files(), QStringList{});
    }

    void neverReplacesUnasked()
    {
        QCOMPARE(exported("x.csv").code, 0);
        const QByteArray before = contentOf(file("x.csv"));
        const Outcome refused = exported("x.csv", {"--partition", "1"});
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains("already"), refused.err);
        QCOMPARE(contentOf(file("x.csv")), before);
        QCOMPARE(exported("x.csv", {"--partition", "1", "--overwrite"}).code, 0);
        QVERIFY(contentOf(file("x.csv")).size() < before.size());
    }

    /// One that has no end is ended by Ctrl-C: all that came is in the file.
    void interruptEndsWhatHasNoEnd()
    {
        test::RunningCommand running(
            program, {"export", "orders", "-b", brokers(), "-o", file("live.jsonl"), "--until=never"});
        QTRY_VERIFY(QFileInfo(file("live.jsonl.partial")).size() > 100'000);
        const Outcome ended = running.interrupt();
        QVERIFY2(ended.code == 0, ended.err);
        QCOMPARE(files(), QStringList{"live.jsonl"});
        QVERIFY(contentOf(file("live.jsonl")).endsWith("}\n"));
    }
};

QTEST_GUILESS_MAIN(TestWeirCliExport)
#include "tst_weir_cli_export.moc"
