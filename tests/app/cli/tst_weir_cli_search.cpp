// SPDX-License-Identifier: GPL-3.0-or-later
// Searching by weir-cli, as a user runs it: what matches, and what is said of how much was searched.
#include "connectors/kafka/embedded_cluster.h"
#include "connectors/kafka/kafka_cluster.h"
#include "connectors/kafka/producer.h"
#include "tests/support/command.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace weir;
using namespace weir::kafka;
using weir::test::Outcome;

namespace {

constexpr int orders = 3'000;
constexpr EpochMs begin = 1'700'000'000'000;

} // namespace

class TestWeirCliSearch : public QObject
{
    Q_OBJECT

    std::unique_ptr<EmbeddedCluster> m_cluster;

    Outcome search(const QStringList& options) const
    {
        return test::runCommand(QStringLiteral(WEIR_CLI),
            QStringList{"search", "-b", QString::fromStdString(m_cluster->bootstrapServers())} + options);
    }
    QList<qint64> ids(const Outcome& outcome) const
    {
        QList<qint64> found;
        for (const QJsonObject& row : outcome.objects())
            found.append(row.value("value").toObject().value("id").toInteger(-1));
        std::sort(found.begin(), found.end());
        return found;
    }

private slots:
    void initTestCase()
    {
        auto cluster = EmbeddedCluster::start({{"orders", 3}, {"keyed", 4}, {"empty", 2}});
        QVERIFY2(cluster.ok(), cluster ? "" : cluster.error().text().c_str());
        m_cluster = std::move(*cluster);
        KafkaSettings settings;
        settings.bootstrapServers = m_cluster->bootstrapServers();
        const auto proof = unlockWriting(settings, m_cluster->clusterId());
        QVERIFY(proof.ok());
        auto producer = Producer::open(*proof, settings);
        QVERIFY(producer.ok());
        for (int i = 0; i < orders; ++i) {
            const std::string key = "k" + std::to_string(i % 100);
            std::string value =
                "{\"id\":" + std::to_string(i) + ",\"status\":\"" + (i % 10 == 0 ? "PAID" : "NEW") + "\"}";
            if (i == 90)
                value = "{\"id\":90,\"status\":\"PAID\""; // cut off
            OutgoingRecord record;
            record.timestamp = begin + i;
            record.key = key;
            record.value = value;
            record.partition = i % 3;
            QVERIFY((*producer)->produce("orders", record));
            record.partition = -1; // where the Java clients put the key
            record.headers = {{"trace", i == 5 ? std::optional<std::string_view>("abc-5") : std::nullopt}};
            QVERIFY((*producer)->produce("keyed", record));
        }
        QVERIFY((*producer)->flush(std::chrono::seconds(30)));
    }

    void textAndPatterns_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<int>("matches");
        QTest::newRow("text") << QStringList{"--text", "PAID"} << 300;
        QTest::newRow("another case") << QStringList{"--text", "paid"} << 0;
        QTest::newRow("case ignored") << QStringList{"--text", "paid", "--ignore-case"} << 300;
        QTest::newRow("pattern") << QStringList{"--regex", "\"id\":29\\d\\d,"} << 100;
        QTest::newRow("bytes") << QStringList{"--bytes", "50 41 49 44"} << 300;
        QTest::newRow("only keys") << QStringList{"--text", "k7", "--in", "key"} << 330;
        QTest::newRow("only values") << QStringList{"--text", "k7", "--in", "value"} << 0;
        QTest::newRow("a range") << QStringList{"--text", "PAID", "--from", "@0:500,1:1000,2:1000"} << 50;
        QTest::newRow("first of each") << QStringList{"--text", "id", "--until", "+7"} << 21;
    }
    void textAndPatterns()
    {
        QFETCH(const QStringList, options);
        const Outcome outcome = search(QStringList{"orders", "--count-only"} + options);
        QVERIFY2(outcome.code == 0, outcome.err);
        QTEST(outcome.out.trimmed().toInt(), "matches");
        QVERIFY2(outcome.err.contains("Complete: every record asked for was looked at."), outcome.err);
    }

    void conditions()
    {
        const Outcome outcome = search({"orders", "--where", "id >= 2995 AND status = 'NEW'"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(ids(outcome), (QList<qint64>{2995, 2996, 2997, 2998, 2999}));
        QVERIFY2(outcome.err.contains("5 of 3,000 records match."), outcome.err);
        QVERIFY2(outcome.err.contains("orders: 3 of 3 partitions, to the end"), outcome.err);
    }

    void whatCannotBeDecodedIsTold()
    {
        Outcome outcome = search({"orders", "--where", "status = 'PAID'", "--json", "--count-only"});
        QCOMPARE(outcome.code, 3);
        QCOMPARE(outcome.out.trimmed(), QByteArray("299"));
        const QJsonObject told = QJsonDocument::fromJson(outcome.err).object();
        QCOMPARE(told.value("undecided").toInt(), 1);
        QCOMPARE(told.value("searched").toInt(), orders);
        QVERIFY(!told.value("complete").toBool());
        QCOMPARE(told.value("topics").toArray().at(0).toObject().value("searched").toArray().size(), 3);
        outcome = search({"orders", "--where", "status = 'PAID'", "--undecided"});
        QCOMPARE(outcome.objects().size(), 300);
        QVERIFY2(outcome.err.contains("Incomplete: 1 records that may match could not be decoded."), outcome.err);
    }

    void onlyWhatCanMatchIsRead()
    {
        Outcome outcome = search({"orders", "--where", "`partition` = 1 AND `offset` >= 990", "--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.objects().size(), 10);
        QVERIFY2(outcome.err.contains("\"searched\":10,"), outcome.err);
        outcome = search({"orders", "--where", "`partition` = 9"});
        QVERIFY2(outcome.code == 0 && outcome.out.isEmpty(), outcome.err);
        QVERIFY2(outcome.err.contains("no record can match"), outcome.err);
    }

    void keysAreSoughtWhereProducersPutThem()
    {
        Outcome outcome = search({"keyed", "--where", "key = 'k7'"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.objects().size(), 30);
        QVERIFY2(outcome.err.contains("keyed: 1 of 4 partitions"), outcome.err);
        QVERIFY2(outcome.err.contains("where the Java clients put them"), outcome.err);
        outcome = search({"keyed", "--where", "key = 'k7'", "--every-partition"});
        QCOMPARE(outcome.objects().size(), 30);
        QVERIFY2(outcome.err.contains("keyed: 4 of 4 partitions"), outcome.err);
        // These lie elsewhere: nothing is believed of them.
        outcome = search({"orders", "--where", "key = 'k7'"});
        QCOMPARE(outcome.objects().size(), 30);
        QVERIFY2(outcome.err.contains("orders: 3 of 3 partitions"), outcome.err);
    }

    void severalTopicsAndHeaders()
    {
        const Outcome outcome = search({"orders", "keyed", "--text", "abc-5"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(ids(outcome), QList<qint64>{5});
        QVERIFY2(outcome.err.contains("1 of 6,000 records match."), outcome.err);
    }

    void endsWithWhatWasAskedFor()
    {
        const Outcome outcome = search({"orders", "--text", "PAID", "--count", "7", "--raw"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.lines().size(), 7);
        QVERIFY(outcome.lines().at(0).startsWith("{\"id\":"));
        QVERIFY2(outcome.err.contains("ended with the matches that were asked for"), outcome.err);
    }

    void emptyTopics()
    {
        const Outcome outcome = search({"empty", "--text", "x"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY2(outcome.err.contains("0 of 0 records match."), outcome.err);
        QVERIFY2(outcome.err.contains("Complete"), outcome.err);
    }

    void wrongWords_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("nothing") << QStringList{"orders"} << QByteArray("say what to look for");
        QTest::newRow("two patterns") << QStringList{"orders", "--text", "a", "--regex", "b"}
                                      << QByteArray("give one of");
        QTest::newRow("wrong pattern") << QStringList{"orders", "--regex", "a["} << QByteArray("missing ]");
        QTest::newRow("wrong bytes") << QStringList{"orders", "--bytes", "0"} << QByteArray("are no bytes");
        QTest::newRow("wrong place") << QStringList{"orders", "--text", "a", "--in", "key,body"}
                                     << QByteArray("'body' is no place");
        QTest::newRow("wrong column") << QStringList{"orders", "--where", "statsu = 1"}
                                      << QByteArray("filter, column 1");
        QTest::newRow("wrong time") << QStringList{"orders", "--text", "a", "--from", "-15q"}
                                    << QByteArray("no place to start");
    }
    void wrongWords()
    {
        QFETCH(const QStringList, options);
        QFETCH(const QByteArray, says);
        const Outcome outcome = search(options);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains(says), outcome.err);
        QVERIFY(outcome.out.isEmpty());
    }

    void profiles()
    {
        const auto profile = [this](const QStringList& options) {
            return test::runCommand(QStringLiteral(WEIR_CLI),
                QStringList{"profile", "-b", QString::fromStdString(m_cluster->bootstrapServers())} + options);
        };
        Outcome outcome = profile({"keyed", "--from", "beginning", "--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY2(outcome.err.contains("Profiled 3,000 records of keyed, 4 partitions"), outcome.err);
        const QJsonObject told = outcome.objects().at(0);
        QCOMPARE(told.value("records").toInt(), orders);
        QCOMPARE(told.value("distinctKeys").toInt(), 100);
        QCOMPARE(told.value("undecodable").toInt(), 1);
        QCOMPARE(told.value("withHeaders").toInt(), orders);
        QCOMPARE(told.value("fields").toArray().size(), 2);
        QCOMPARE(told.value("fields").toArray().at(0).toObject().value("most").toString(), QString("2999"));
        outcome = profile({"orders", "--from", "-10"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY2(outcome.err.contains("Profiled 30 records of orders"), outcome.err);
        for (const char* words : {"Records\n", "Keys\n", "Fields\n", "30 different", "2023-11-14 22:00"})
            QVERIFY2(outcome.out.contains(words), outcome.out);
        QCOMPARE(profile({"empty"}).code, 0);
        QCOMPARE(profile({"nowhere"}).code, 1);
    }

    void hitsInAnotherOrder()
    {
        const auto inOrder = [](const Outcome& outcome, const char* field) {
            QList<qint64> told;
            for (const QJsonObject& row : outcome.objects())
                told << (row.contains(field) ? row.value(field) : row.value("value").toObject().value(field))
                            .toInteger();
            return told;
        };
        // Two topics merged by time; both have each record.
        Outcome outcome = search({"orders", "keyed", "--regex", "\"id\":[0-3],", "--sort", "time"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(inOrder(outcome, "timestamp"),
            QList<qint64>({begin, begin, begin + 1, begin + 1, begin + 2, begin + 2, begin + 3, begin + 3}));
        QVERIFY2(outcome.err.contains("keyed: 4 of 4 partitions"), outcome.err);
        outcome = search({"orders", "--where", "status = 'NEW'", "--sort", "id desc", "--count", "3"});
        QCOMPARE(inOrder(outcome, "id"), QList<qint64>({2999, 2998, 2997}));
        outcome = search({"orders", "--sort", "key", "--count", "1"});
        QCOMPARE(outcome.objects().at(0).value("key").toString(), QString("k0"));
        outcome = search({"orders", "--sort", "id", "--raw", "--from", "-2"});
        QCOMPARE(outcome.out.split('\n').size(), 7); // two of each partition
    }

    void theNewestOfEachKey()
    {
        Outcome outcome = search({"keyed", "--latest"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const QList<qint64> newest = ids(outcome);
        QCOMPARE(newest.size(), 100);
        QCOMPARE(newest.front(), qint64{2900});
        outcome = search({"keyed", "--latest", "--where", "status = 'PAID'"}); // of those that match
        QCOMPARE(ids(outcome).size(), 10);
    }

    void wrongOrdersSaySo_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("words");
        QTest::newRow("no order") << QStringList{"--sort", "a..b"} << "'a..b' is nothing to sort by";
        QTest::newRow("both") << QStringList{"--sort", "time", "--latest"} << "leave --sort away";
        QTest::newRow("a count") << QStringList{"--latest", "--count-only"} << "a count has no order";
        QTest::newRow("nothing") << QStringList{} << "say what to look for";
    }
    void wrongOrdersSaySo()
    {
        QFETCH(const QStringList, options);
        QFETCH(const QString, words);
        const Outcome outcome = search(QStringList{"orders"} + options);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(QString::fromUtf8(outcome.err).contains(words), outcome.err);
    }

    void notesOnATopic()
    {
        const auto notes = [this](const QStringList& options) {
            return test::runCommand(QStringLiteral(WEIR_CLI),
                QStringList{"notes", "-b", QString::fromStdString(m_cluster->bootstrapServers())} + options);
        };
        Outcome outcome = notes({"orders", "--from", "beginning"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY2(outcome.err.contains("Looked at 3,000 records of orders, 3 partitions"), outcome.err);
        QVERIFY2(outcome.out.contains("error    poison record         1 value is no JSON, 2,999 are."), outcome.out);
        QVERIFY2(outcome.out.contains("           0@30                the value is no JSON"), outcome.out);
        QVERIFY2(
            outcome.out.contains("warning  key order             100 keys stand in several partitions"), outcome.out);
        outcome = notes({"orders", "--from", "beginning", "--json"});
        const auto told = outcome.objects();
        QCOMPARE(told.size(), 2);
        QCOMPARE(told.at(0).value("places").toArray().at(0).toObject().value("offset").toInt(), 30);
        QCOMPARE(told.at(1).value("count").toInt(), 100);
        QCOMPARE(notes({"empty"}).out, QByteArray("Nothing remarkable.\n"));
        QCOMPARE(notes({"nowhere"}).code, 1);
    }

    void differencesOfRecords()
    {
        const auto diff = [this](const QStringList& options) {
            return test::runCommand(QStringLiteral(WEIR_CLI),
                QStringList{"diff", "-b", QString::fromStdString(m_cluster->bootstrapServers())} + options);
        };
        // 3i of key k(3i % 100): the one before with the key stands a hundred in front.
        Outcome outcome = diff({"orders", "0@150"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY2(outcome.err.contains("from orders/0@50 to orders/0@150."), outcome.err);
        QVERIFY2(outcome.out.contains("  value.id: 150 -> 450\n"), outcome.out);
        outcome = diff({"orders", "0@1", "--with", "2@0", "--json"});
        QCOMPARE(outcome.objects().at(0).value("path").toString(), QString("record.partition"));
        outcome = diff({"orders", "0@0"});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains("no record with the same key stands before it"), outcome.err);
        QCOMPARE(diff({"orders", "nonsense"}).code, 2);
        QVERIFY2(diff({"orders", "0@999999"}).err.contains("lies beyond the end"), outcome.err);
    }

    void topicsThatAreNotThere()
    {
        const Outcome outcome = search({"nowhere", "--text", "a"});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains("nowhere"), outcome.err);
    }
};

QTEST_GUILESS_MAIN(TestWeirCliSearch)
#include "tst_weir_cli_search.moc"
