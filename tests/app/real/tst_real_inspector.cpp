// SPDX-License-Identifier: GPL-3.0-or-later
// The topic inspector on a real broker, on the topics that are odd: compacted, transactional, empty, of many
// partitions.
#include "app/panels/topic_panel.h"
#include "tests/app/real/real_window.h"
#include "tests/support/command.h"
#include "tests/support/kafka_server.h"
#include "widgets/style/theme.h"
#include "widgets/tables/record_table.h"

#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QTest>

using namespace weir;
using namespace weir::test;

namespace {

constexpr int patience = 30'000;
constexpr int keys = 20;
constexpr int rounds = 50;
constexpr int wide = 100;

/// A topic in the window, read from its beginning.
struct Read
{
    Read(Window& window, const char* topic, const QJsonObject& more = {})
    {
        QJsonObject view{{"from", "beginning"}};
        for (auto it = more.begin(); it != more.end(); ++it)
            view.insert(it.key(), it.value());
        panel = window->openTopic(Window::id, QString::fromLatin1(topic));
        table = panel->findChild<tables::RecordTable*>();
        const auto boxes = panel->findChildren<QComboBox*>();
        choose(boxes[0], "beginning");
        if (more.value("isolation").toString() == "read_committed")
            choose(boxes[3], "read_committed");
    }
    static void choose(QComboBox* box, const char* words)
    {
        box->setCurrentIndex(box->findData(QString::fromLatin1(words)));
        emit box->activated(box->currentIndex());
    }
    qint64 rows() const { return table->rows() ? table->rows()->endRow() : 0; }
    std::vector<tables::TableRow> all() const { return table->rows()->rowsToCopy(0, static_cast<int>(rows())); }
    int records() const
    {
        int count = 0;
        for (const tables::TableRow& row : all())
            count += row.span == tables::MessageSpan::All ? 0 : 1;
        return count;
    }
    QStringList values(const char* column) const
    {
        const auto& columns = table->rows()->columns();
        const auto at = std::find_if(columns.begin(), columns.end(),
            [&](const tables::TableColumn& one) { return one.id == QLatin1String(column); });
        QStringList cells;
        for (const tables::TableRow& row : all()) {
            if (row.span != tables::MessageSpan::All)
                cells << row.cells[static_cast<std::size_t>(at - columns.begin())].text;
        }
        return cells;
    }
    bool says(const QString& text) const
    {
        for (const QLabel* label : panel->findChildren<QLabel*>()) {
            if (label->isVisibleTo(panel) && label->text().contains(text))
                return true;
        }
        return false;
    }

    TopicPanel* panel;
    tables::RecordTable* table;
};

} // namespace

class TestRealInspector : public QObject
{
    Q_OBJECT

    std::unique_ptr<KafkaServer> m_server;
    std::unique_ptr<KafkaFeeder> m_feeder;

    void produce(
        KafkaFeeder& feeder, const char* topic, int partition, const std::string& key, const std::string& value)
    {
        Record record;
        record.partition = PartitionId{partition};
        record.timestamp = SystemClock::instance().wallMs();
        record.key = key;
        record.value = value;
        feeder.produce(topic, record);
    }
    Outcome cli(const QStringList& arguments) const
    {
        return runCommand(
            QStringLiteral(WEIR_CLI), arguments + QStringList{"-b", QString::fromStdString(m_server->bootstrap())});
    }

private slots:
    void initTestCase()
    {
        if (const QString why = KafkaServer::whySkip(); !why.isEmpty())
            QSKIP(qPrintable(why));
        style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark);
        m_server = std::make_unique<KafkaServer>(
            qEnvironmentVariable("WEIR_KAFKA_VERSION", "4.1.1"), QStringList{"log.cleaner.backoff.ms=300"});
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
        m_feeder = std::make_unique<KafkaFeeder>(m_server->bootstrap(), "none");
    }

    /// What compaction took is a row that says so, and the newest of each key are what the topic comes to.
    void aCompactedTopic()
    {
        QVERIFY(m_feeder->createTopic("compacted", 1,
            {{"cleanup.policy", "compact"}, {"min.cleanable.dirty.ratio", "0.001"}, {"segment.ms", "200"},
                {"max.compaction.lag.ms", "200"}}));
        for (int round = 0; round < rounds; ++round) {
            for (int key = 0; key < keys; ++key)
                produce(
                    *m_feeder, "compacted", 0, "k" + std::to_string(key), "{\"round\":" + std::to_string(round) + "}");
        }
        QVERIFY(m_feeder->flush());
        // A segment that is closed is cleaned; what is written now closes it.
        int left = rounds * keys;
        QElapsedTimer waited;
        for (waited.start(); left > rounds * keys / 2 && waited.elapsed() < 60'000;) {
            QTest::qWait(700);
            produce(*m_feeder, "compacted", 0, "k0", "{\"round\":1000}");
            QVERIFY(m_feeder->flush());
            left =
                static_cast<int>(cli({"search", "compacted", "--where", "`offset` >= 0", "--count-only"}).out.toInt());
        }
        QVERIFY2(left <= rounds * keys / 2, qPrintable(QString::number(left)));
        Window window(m_server->bootstrap());
        Read topic(window, "compacted");
        QTRY_VERIFY_WITH_TIMEOUT(topic.rows() > 0 && topic.records() >= keys && topic.records() <= left + 5, patience);
        const auto rows = topic.all();
        const auto gap = std::find_if(
            rows.begin(), rows.end(), [](const tables::TableRow& row) { return row.span == tables::MessageSpan::All; });
        QVERIFY(gap != rows.end());
        QVERIFY2(gap->message.contains("the source does not say why (compaction"), qPrintable(gap->message));
        topic.panel->setLatestPerKey(true);
        QTRY_COMPARE_WITH_TIMEOUT(topic.rows(), qint64{keys}, patience);
        QTRY_VERIFY_WITH_TIMEOUT(topic.says("newest of 20 keys"), patience);
        const Outcome latest = cli({"search", "compacted", "--latest"});
        QCOMPARE(latest.code, 0);
        QCOMPARE(latest.objects().size(), keys);
        for (const QJsonObject& record : latest.objects())
            QVERIFY(record.value("value").toObject().value("round").toInt() >= rounds - 1);
    }

    void transactions()
    {
        QVERIFY(m_feeder->createTopic("transfers", 1));
        const auto transaction = [this](const char* id, int count, KafkaFeeder::Ending ending) {
            auto* feeder = new KafkaFeeder(m_server->bootstrap(), "none", id, id); // an open one has to stay
            return feeder->transaction(
                [&] {
                    for (int i = 0; i < count; ++i)
                        produce(*feeder, "transfers", 0, id, "{\"by\":\"" + std::string(id) + "\"}");
                },
                ending);
        };
        QVERIFY(transaction("committed", 5, KafkaFeeder::Ending::Commit));
        QVERIFY(transaction("aborted", 7, KafkaFeeder::Ending::Abort));
        QVERIFY(transaction("again", 3, KafkaFeeder::Ending::Commit));
        QVERIFY(transaction("open", 4, KafkaFeeder::Ending::LeaveOpen));
        Window window(m_server->bootstrap());
        Read topic(window, "transfers");
        QTRY_COMPARE_WITH_TIMEOUT(topic.rows() == 0 ? 0 : topic.records(), 19, patience); // they look alike
        const auto rows = topic.all();
        const auto markers = std::count_if(rows.begin(), rows.end(), [](const tables::TableRow& row) {
            return row.span == tables::MessageSpan::All && row.message.contains("a transaction's marker");
        });
        QCOMPARE(markers, 3); // one behind each that ended
        Read committed(window, "transfers", {{"isolation", "read_committed"}});
        QTRY_COMPARE_WITH_TIMEOUT(committed.rows() == 0 ? 0 : committed.records(), 8, patience);
        QCOMPARE(committed.values("key").count("aborted"), 0);
        QCOMPARE(committed.values("key").count("open"), 0);
        const Outcome outcome = cli({"search", "transfers", "--where", "`offset` >= 0", "--committed", "--count-only"});
        QCOMPARE(outcome.out.trimmed(), QByteArray("8"));
    }

    void anEmptyTopic()
    {
        QVERIFY(m_feeder->createTopic("empty", 3));
        Window window(m_server->bootstrap());
        Read topic(window, "empty");
        QTRY_VERIFY_WITH_TIMEOUT(topic.says("0 records, 0/s"), patience);
        QCOMPARE(topic.rows(), qint64{0});
        topic.panel->sortBy("time");
        topic.panel->setLatestPerKey(true);
        topic.panel->nextProblem(true);
        topic.panel->goBack();
        topic.panel->setLatestPerKey(false);
        produce(*m_feeder, "empty", 2, "k", "{\"first\":true}");
        QVERIFY(m_feeder->flush());
        QTRY_COMPARE_WITH_TIMEOUT(topic.rows(), qint64{1}, patience);
        const Outcome notes = cli({"notes", "empty"});
        QCOMPARE(notes.out, QByteArray("Nothing remarkable.\n"));
    }

    void aHundredPartitions()
    {
        QVERIFY(m_feeder->createTopic("wide", wide));
        for (int i = 0; i < 10 * wide; ++i)
            produce(*m_feeder, "wide", i % wide, "k" + std::to_string(i), "{\"n\":" + std::to_string(i) + "}");
        QVERIFY(m_feeder->flush());
        Window window(m_server->bootstrap());
        Read topic(window, "wide");
        QTRY_COMPARE_WITH_TIMEOUT(topic.rows(), qint64{10 * wide}, patience);
        QTRY_VERIFY_WITH_TIMEOUT(topic.says("1,000 records"), patience);
        topic.panel->sortBy("field:n");
        QTRY_VERIFY_WITH_TIMEOUT(topic.rows() == 10 * wide && topic.says("; by n"), patience);
        QTRY_VERIFY_WITH_TIMEOUT(!topic.says("in order so far"), patience);
        const auto first = topic.table->rows()->rowsToCopy(0, 3);
        QCOMPARE(first.at(0).cells.at(1).text, QString("0")); // the partition
        QCOMPARE(first.at(2).cells.at(1).text, QString("2"));
        topic.panel->goToRecord({{"wide", PartitionId{42}}, 3});
        QTRY_COMPARE_WITH_TIMEOUT(topic.table->currentRow(), qint64{342}, patience);
        const Outcome outcome = cli({"search", "wide", "--where", "n >= 990", "--sort", "n desc", "--count", "2"});
        QCOMPARE(outcome.objects().at(0).value("partition").toInt(), 99);
        QVERIFY2(outcome.err.contains("wide: 100 of 100 partitions"), outcome.err);
    }
};

QTEST_MAIN(TestRealInspector)
#include "tst_real_inspector.moc"
