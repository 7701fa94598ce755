// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/reaper.h"
#include "app/panels/notice_bar.h"
#include "app/panels/query_panel.h"
#include "app/panels/sql_language.h"
#include "connectors/kafka/embedded_cluster.h"
#include "connectors/kafka/producer.h"
#include "widgets/dashboard/counter_strip.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/editor/verdict_button.h"
#include "widgets/plots/time_plot.h"
#include "widgets/style/theme.h"
#include "widgets/tables/result_table.h"

#include <QApplication>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <QTimeZone>

using namespace weir;

namespace {

constexpr EpochMs minute = 60'000;
constexpr EpochMs noon = 1'700'049'600'000; // 2023-11-15 12:00

QString iso(EpochMs time)
{
    return QDateTime::fromMSecsSinceEpoch(time, QTimeZone::utc()).toString("yyyy-MM-ddTHH:mm:ss.zzz'Z'");
}

/// An embedded Kafka with one topic, and a window's worth of what a panel needs.
class Kafka
{
public:
    Kafka()
    {
        auto started = kafka::EmbeddedCluster::start({{"orders", 2}});
        if (!started)
            qFatal("%s", started.error().text().c_str());
        cluster = std::move(*started);
        settings.bootstrapServers = cluster->bootstrapServers();
        auto proof = kafka::unlockWriting(settings, cluster->clusterId());
        auto opened = kafka::Producer::open(*proof, settings);
        if (!opened)
            qFatal("%s", opened.error().text().c_str());
        producer = std::move(*opened);
        ConnectionDocument document;
        document.id = "a";
        document.name = "embedded";
        document.bootstrapServers = QString::fromStdString(cluster->bootstrapServers());
        (void)connections.add(document, true);
    }
    ~Kafka()
    {
        connections.remove("a");
        Reaper::instance().drain(std::chrono::seconds(10));
    }

    void send(int partition, const std::string& value, EpochMs time = noon)
    {
        kafka::OutgoingRecord record;
        record.partition = partition;
        record.timestamp = time;
        record.value = value;
        QVERIFY(producer->produce("orders", record).ok());
        QVERIFY(producer->flush(std::chrono::seconds(10)).ok());
    }
    void sendOrder(int partition, EpochMs time, const QString& region, const QString& amount)
    {
        send(partition,
            QString(R"({"created_at":"%1","region":"%2","amount":%3})").arg(iso(time), region, amount).toStdString());
    }

    QueryDocument queryOf(const QString& select, const QString& options = {}) const
    {
        QueryDocument document;
        document.id = "q";
        document.name = "revenue";
        document.connection = "a";
        document.sql = QString(R"(CREATE TABLE orders (
  created_at TIMESTAMP_LTZ(3), region STRING, amount DECIMAL(10, 2),
  WATERMARK FOR created_at AS created_at - INTERVAL '1' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = '%1', 'format' = 'json',
  'scan.startup.mode' = 'earliest-offset', 'json.timestamp-format.standard' = 'ISO-8601'%2);
%3)")
                           .arg(QString::fromStdString(cluster->bootstrapServers()), options, select);
        return document;
    }

    const Clock& clock = SystemClock::instance(); ///< outlives what late work still reads
    std::shared_ptr<MemoryBudget> budget = std::make_shared<MemoryBudget>(std::size_t{256} << 20);
    std::unique_ptr<kafka::EmbeddedCluster> cluster;
    kafka::KafkaSettings settings;
    std::unique_ptr<kafka::Producer> producer;
    FrameScheduler frames;
    Background background;
    LogModel log{clock};
    Traffic traffic;
    LiveConnections connections{budget, clock};
    PanelContext context{connections, frames, background, log, traffic, {}};
};

struct Shown
{
    Shown(Kafka& kafka, const QueryDocument& document)
        : panel(kafka.context, document), table(panel.findChild<tables::ResultTable*>()),
          plot(panel.findChild<plots::TimePlot*>()), notice(panel.findChild<NoticeBar*>()),
          counters(panel.findChild<dashboard::CounterStrip*>()), editor(panel.findChild<editor::SqlEditor*>()),
          frames(kafka.frames)
    {
        panel.resize(1300, 900);
        panel.show();
    }

    template <typename Done>
    bool pullUntil(Done done)
    {
        return QTest::qWaitFor(
            [&] {
                frames.frame();
                return done();
            },
            20'000);
    }
    /// Rows as text: state, then the cells from the third on (without the window's bounds).
    QStringList rows() const
    {
        QStringList lines;
        const auto* rows = table->rows();
        if (!rows)
            return lines;
        for (const tables::TableRow& row : rows->rows(rows->firstRow(), int(rows->endRow() - rows->firstRow()))) {
            if (row.span != tables::MessageSpan::None) {
                lines.append("---");
                continue;
            }
            QString line = row.glyph == tables::RowGlyph::Provisional || row.tint == tables::RowTint::Provisional
                ? "open"
                : "final";
            for (std::size_t i = 3; i < row.cells.size(); ++i)
                line += " " + row.cells[i].text;
            lines.append(line);
        }
        return lines;
    }
    QString counter(const QString& label) const
    {
        for (const dashboard::Counter& one : counters->counters()) {
            if (one.label == label)
                return one.value;
        }
        return {};
    }

    QueryPanel panel;
    tables::ResultTable* table;
    plots::TimePlot* plot;
    NoticeBar* notice;
    dashboard::CounterStrip* counters;
    editor::SqlEditor* editor;
    FrameScheduler& frames;
};

const QString perRegion = R"(SELECT window_start, window_end, region, SUM(amount) AS revenue, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(created_at), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, region;)";

} // namespace

class TestQueryPanel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void rowsOfClosedAndOpenWindows()
    {
        Kafka kafka;
        kafka.sendOrder(0, noon + 1'000, "EU", "10.10");
        kafka.sendOrder(0, noon + 2'000, "EU", "0.90");
        kafka.sendOrder(1, noon + 3'000, "US", "5.00");
        // One partition is ahead: the window is open until the other follows.
        kafka.sendOrder(0, noon + minute + 5'000, "EU", "1.00");
        Shown shown(kafka, kafka.queryOf(perRegion));
        shown.panel.run();
        QVERIFY(shown.pullUntil([&] { return shown.rows().filter("open").size() == 3; }));
        QVERIFY(shown.rows().filter("final").isEmpty());
        kafka.sendOrder(1, noon + minute + 2'000, "US", "2.00");
        QVERIFY(shown.pullUntil([&] { return shown.rows().filter("final").size() == 2; }));
        QVERIFY(shown.pullUntil([&] { return shown.rows().filter("open").size() == 2; }));
        QStringList rows = shown.rows();
        std::sort(rows.begin(), rows.end());
        QCOMPARE(rows, QStringList({"---", "final EU 11.00 2", "final US 5.00 1", "open EU 1.00 1", "open US 2.00 1"}));
        QCOMPARE(shown.counter("Rows in"), QString("5"));
        QCOMPARE(shown.counter("Windows fired"), QString("1"));
        QCOMPARE(shown.counter("State"), QString("Live"));
        QVERIFY(!shown.notice->isVisible());

        // The plot has the same numbers, and says which of them can still change.
        const plots::PlotData& data = shown.plot->data();
        QCOMPARE(data.series.size(), std::size_t{2});
        QCOMPARE(data.provisionalFromMs, std::optional<std::int64_t>(noon + minute));
        auto* column = shown.panel.findChild<QComboBox*>("plotColumn");
        QVERIFY(column);
        column->setCurrentText("revenue");
        emit column->activated(column->currentIndex());
        QCOMPARE(shown.plot->data().series[0].name, QString("EU"));
        QCOMPARE(shown.plot->data().series[0].samples[0].value, 11.0);
        QCOMPARE(shown.panel.document().plotColumn, QString("revenue"));

        shown.panel.stop();
        QVERIFY(shown.pullUntil([&] { return shown.counter("State") == "Stopped"; }));
        QCOMPARE(shown.rows().filter("final").size(), 2); // rows stay
    }

    void incompleteNamesTheFirstRowThatWouldFailFlink()
    {
        Kafka kafka;
        kafka.sendOrder(0, noon + 1'000, "EU", "1.00");
        kafka.send(0, R"({"created_at":"2023-11-15T12:00:02.000Z","region":"EU","amount":"no number"})");
        kafka.send(0, R"({"created_at":)");
        kafka.sendOrder(0, noon + 3'000, "EU", "2.00");
        Shown shown(kafka, kafka.queryOf(perRegion));
        shown.panel.run();
        QVERIFY(shown.pullUntil([&] { return shown.counter("Decode errors") == "2"; }));
        QVERIFY(shown.pullUntil([&] { return shown.notice->isVisible(); }));
        const QString text = shown.notice->text();
        QVERIFY2(text.startsWith("Incomplete: Flink's job would have failed first at"), qPrintable(text));
        QVERIFY2(text.contains("orders") && text.contains("offset 1"), qPrintable(text));
        QCOMPARE(shown.counter("State"), QString("Live")); // and goes on
        QVERIFY(shown.pullUntil([&] { return shown.rows().filter("open EU 3.00 2").size() == 1; }));
        bool marked = false;
        for (const style::StateLine& line : shown.plot->data().states)
            marked = marked || line.state == style::State::Incomplete;
        QVERIFY(marked);
        QCOMPARE(kafka.traffic.total().decodeErrors, std::uint64_t{2});
    }

    void everyStatementHasItsOwnResult()
    {
        Kafka kafka;
        kafka.sendOrder(0, noon + 1'000, "EU", "10.00");
        kafka.sendOrder(1, noon + 2'000, "US", "5.00");
        const QString counted = "SELECT region, amount FROM orders WHERE region = 'US';\n";
        Shown shown(kafka, kafka.queryOf(counted + perRegion));
        auto* tabs = shown.panel.findChild<QTabBar*>();
        QVERIFY(!tabs->isVisible());
        shown.panel.runAll();
        QTRY_COMPARE(shown.panel.resultCount(), 2);
        QCOMPARE(tabs->count(), 2);
        QVERIFY(tabs->isVisible());
        QCOMPARE(tabs->tabText(0), QString("Line 6"));
        QCOMPARE(tabs->tabText(1), QString("Line 7"));
        const tables::ResultTable* const first = shown.table;
        const auto all = shown.panel.findChildren<tables::ResultTable*>();
        QCOMPARE(all.size(), 2);
        const tables::ResultTable* const second = all[0] == first ? all[1] : all[0];
        const auto rowsOf = [](const tables::ResultTable* table) {
            return table->rows() ? table->rows()->endRow() : -1;
        };
        QVERIFY(shown.pullUntil([&] { return rowsOf(first) == 1; }));
        tabs->setCurrentIndex(1);
        QVERIFY(shown.pullUntil([&] { return rowsOf(second) >= 3; })); // of open windows
        // The first goes on while the second is started anew, in its place.
        shown.editor->setCursorOffset(shown.editor->utf8().indexOf("SUM(amount)"));
        shown.panel.run();
        kafka.sendOrder(1, noon + 3'000, "US", "7.00");
        QVERIFY(shown.pullUntil([&] { return rowsOf(second) >= 3; }));
        QCOMPARE(shown.panel.resultCount(), 2);
        tabs->setCurrentIndex(0);
        QVERIFY(shown.pullUntil([&] { return rowsOf(first) == 2; }));
        // A dashboard gets the text up to the statement, whose last it runs.
        QSignalSpy added(&shown.panel, &QueryPanel::addToDashboardRequested);
        for (auto* button : shown.panel.findChildren<QPushButton*>()) {
            if (button->text() == "Add to dashboard")
                button->click();
        }
        QCOMPARE(added.count(), 2);
        const auto hasWindow = [&](int i) { return added[i][0].value<QueryDocument>().sql.contains("TUMBLE"); };
        QVERIFY(hasWindow(0) != hasWindow(1));
        shown.panel.stop();
    }

    void theStatementAtTheCursorRuns()
    {
        Kafka kafka;
        kafka.sendOrder(0, noon + 1'000, "EU", "10.00");
        Shown shown(kafka, kafka.queryOf("SELECT region FROM orders;\nSELECT amount, region FROM orders;"));
        const QByteArray text = shown.editor->utf8();
        shown.editor->setCursorOffset(text.indexOf("SELECT region"));
        shown.panel.run();
        QVERIFY(shown.pullUntil([&] { return shown.table->rows() && shown.table->rows()->endRow() == 1; }));
        QCOMPARE(shown.table->rows()->columns().size(), std::size_t{2}); // state, region
        shown.editor->setCursorOffset(0); // at the table: the last one
        shown.panel.run();
        QVERIFY(shown.pullUntil([&] { return shown.table->rows() && shown.table->rows()->columns().size() == 3; }));
    }

    void partitionsAreToldApart()
    {
        Kafka kafka;
        kafka.sendOrder(0, noon + 5'000, "EU", "1.00");
        Shown shown(kafka, kafka.queryOf(perRegion, ", 'scan.watermark.idle-timeout' = '1 s'"));
        shown.panel.run();
        const auto watermark = [&] {
            for (const dashboard::Counter& one : shown.counters->counters()) {
                if (one.label == "Watermark")
                    return one;
            }
            return dashboard::Counter();
        };
        QVERIFY(shown.pullUntil([&] { return watermark().note.endsWith("of 2 idle"); }));
        QVERIFY2(watermark().toolTip.contains("orders/0  ") && watermark().toolTip.contains("orders/1  none yet, idle"),
            qPrintable(watermark().toolTip));
    }

    void ignoredErrorsLeaveTheResultComplete()
    {
        Kafka kafka;
        kafka.send(0, "no json at all");
        kafka.sendOrder(0, noon, "EU", "1.00");
        Shown shown(kafka, kafka.queryOf(perRegion, ", 'json.ignore-parse-errors' = 'true'"));
        shown.panel.run();
        QVERIFY(shown.pullUntil([&] { return shown.rows().filter("open EU 1.00 1").size() == 1; }));
        QVERIFY(!shown.notice->isVisible());
    }

    void failuresInWords_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("words");
        QTest::newRow("empty") << ""
                               << "There is no SELECT to run";
        QTest::newRow("only a table") << "CREATE TABLE t (a INT) WITH ('connector' = 'blackhole');"
                                      << "There is no SELECT to run";
        QTest::newRow("syntax") << "SELECT FROM;"
                                << "1:8";
        QTest::newRow("unknown table") << "SELECT a FROM nowhere;"
                                       << "nowhere";
        QTest::newRow("no topic")
            << R"(CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'topic' = 'missing', 'format' = 'json',
            'properties.bootstrap.servers' = '%1', 'scan.startup.mode' = 'soon'); SELECT a FROM t;)"
            << "scan.startup.mode";
    }
    void failuresInWords()
    {
        QFETCH(QString, sql);
        QFETCH(QString, words);
        static Kafka kafka;
        QueryDocument document;
        document.id = "q";
        document.name = "bad";
        document.connection = "a";
        document.sql = sql.arg(QString::fromStdString(kafka.cluster->bootstrapServers()));
        Shown shown(kafka, document);
        shown.panel.run();
        QTRY_VERIFY(shown.notice->text().contains(words));
        QVERIFY(shown.notice->isVisible());
        QVERIFY(shown.rows().isEmpty());
        shown.panel.run();
        QTRY_VERIFY(shown.notice->text().contains(words)); // and again
    }

    void withoutAConnectionItSaysSo()
    {
        Kafka kafka;
        kafka.connections.disconnectFrom("a");
        Shown shown(kafka, kafka.queryOf(perRegion));
        shown.panel.run();
        QTRY_VERIFY2(shown.notice->text().contains("not open"), qPrintable(shown.notice->text()));
        QVERIFY(kafka.connections.connectTo("a").ok());
        kafka.sendOrder(0, noon, "EU", "1.00");
        shown.panel.run();
        QVERIFY(shown.pullUntil([&] { return shown.rows().size() == 2; }));
        kafka.connections.disconnectFrom("a");
        QVERIFY2(shown.notice->text().contains("connection was closed"), qPrintable(shown.notice->text()));
        QCOMPARE(shown.rows().size(), 2);
        QCOMPARE(shown.counter("State"), QString("Stopped"));
    }

    void anUnreachableBrokerIsAStateThatGoes()
    {
        Kafka kafka;
        kafka.sendOrder(0, noon, "EU", "1.00");
        Shown shown(kafka, kafka.queryOf(perRegion));
        shown.panel.run();
        QVERIFY(shown.pullUntil([&] { return shown.rows().size() == 2; }));
        kafka.cluster->setUp(false);
        QVERIFY(shown.pullUntil([&] { return shown.notice->isVisible(); }));
        QVERIFY(!shown.notice->text().isEmpty());
        kafka.cluster->setUp(true);
        QVERIFY(shown.pullUntil([&] { return !shown.notice->isVisible(); }));
        QCOMPARE(shown.counter("State"), QString("Live"));
    }

    void aTopicBecomesATable()
    {
        Kafka kafka;
        for (int i = 0; i < 20; ++i)
            kafka.sendOrder(i % 2, noon + i * 1000, "EU", QString::number(i) + ".50");
        QueryDocument document;
        document.id = "q";
        document.name = "Query orders";
        document.connection = "a";
        Shown shown(kafka, document);
        QSignalSpy edited(&shown.panel, &QueryPanel::edited);
        shown.panel.startFromTopic("orders");
        QTRY_VERIFY_WITH_TIMEOUT(shown.panel.text().contains("CREATE TABLE"), 10'000);
        QVERIFY(shown.panel.text().contains("TUMBLE(TABLE orders, DESCRIPTOR(created_at)"));
        QTRY_VERIFY(edited.count() > 0);
        QTRY_COMPARE(shown.editor->statusText(), QString("No problems"));
        shown.panel.run(); // as it stands
        QVERIFY(shown.pullUntil([&] { return shown.counter("Rows in") == "20"; }));
        QVERIFY(shown.pullUntil([&] { return !shown.rows().isEmpty(); }));
    }

    void problemsComeWhileOneTypes()
    {
        Kafka kafka;
        Shown shown(kafka, kafka.queryOf("SELECT regoin FROM orders;"));
        QTRY_COMPARE(shown.editor->problems().size(), std::size_t{1});
        QVERIFY(shown.editor->problems()[0].message.contains("regoin"));
        shown.editor->setText(kafka.queryOf("SELECT region FROM orders;").sql);
        QTRY_VERIFY(shown.editor->problems().empty());
        QTRY_COMPARE(shown.panel.document().sql, shown.editor->text());
    }

    void theVerdictFollowsTheText()
    {
        Kafka kafka;
        Shown shown(kafka, kafka.queryOf(perRegion));
        auto* verdict = shown.panel.findChild<editor::VerdictButton*>();
        using Kind = editor::VerdictButton::Kind;
        QTRY_VERIFY(verdict->text().startsWith("Runs unchanged on Flink"));
        QCOMPARE(verdict->kind(), Kind::Good);
        shown.editor->setText(kafka.queryOf("SELECT regoin FROM orders;").sql);
        QTRY_COMPARE(verdict->kind(), Kind::Broken);
        QCOMPARE(verdict->text(), QString("Does not run: 1 error"));
        verdict->click();
        QVERIFY(shown.editor->text().toUtf8().mid(shown.editor->cursorOffset()).startsWith("regoin"));
        const QString sketch = "SELECT APPROX_COUNT_DISTINCT(region) AS n FROM orders;";
        shown.editor->setText(kafka.queryOf(sketch).sql);
        QTRY_COMPARE(verdict->kind(), Kind::Local);
        QVERIFY(!verdict->toolTip().isEmpty());
        verdict->click();
        QVERIFY(shown.editor->text().toUtf8().mid(shown.editor->cursorOffset()).startsWith("APPROX_COUNT_DISTINCT"));
        shown.editor->setText("-- nothing yet");
        QTRY_VERIFY(verdict->isHidden());
    }

    void completionKnowsTheTableOfTheStatement()
    {
        const QByteArray text = "CREATE TABLE t (region STRING, amount INT) WITH ('connector' = 'blackhole');\n"
                                "CREATE TABLE u (remote STRING) WITH ('connector' = 'blackhole');\nSELECT re FROM t";
        const qsizetype at = text.indexOf("re FROM") + 2;
        const auto items = flinkSql().complete(text, "re", at);
        QVERIFY(!items.empty());
        QCOMPARE(items.front().text, QString("region"));
        QCOMPARE(items.front().detail, QString("STRING"));
        QVERIFY(std::none_of(items.begin(), items.end(), [](const auto& item) { return item.text == "remote"; }));
        QVERIFY(std::any_of(items.begin(), items.end(), [](const auto& item) { return item.text == "REPLACE"; }));
    }

    void aHugeTextStopsNobody()
    {
        Kafka kafka;
        QString text = kafka.queryOf({}).sql;
        for (int i = 0; i < 3000; ++i)
            text += QString("SELECT region, amount + %1 AS a%1 FROM orders WHERE amount > %1;\n").arg(i);
        QueryDocument document = kafka.queryOf({});
        document.sql = text;
        Shown shown(kafka, document);
        shown.panel.run();
        // Compiling is not the GUI thread's work: neither the check nor the run has an answer before the loop turns.
        QVERIFY(shown.editor->statusText() != "1 error");
        QVERIFY(shown.notice->text().startsWith("Starting"));
        QTRY_COMPARE_WITH_TIMEOUT(shown.editor->statusText(), QString("No problems"), 30'000);
        shown.panel.runAll();
        QTRY_VERIFY_WITH_TIMEOUT(shown.notice->text().contains("3,000 statements; 16 run at once"), 30'000);
        shown.panel.stop();
    }

    void renamesAndTellsIt()
    {
        Kafka kafka;
        Shown shown(kafka, kafka.queryOf(perRegion));
        QSignalSpy titles(&shown.panel, &TabPanel::titleChanged);
        QSignalSpy edited(&shown.panel, &QueryPanel::edited);
        shown.panel.rename("slow payments");
        QCOMPARE(shown.panel.title(), QString("slow payments"));
        QCOMPARE(titles.count(), 1);
        QCOMPARE(edited.last()[0].value<QueryDocument>().name, QString("slow payments"));
    }
};

QTEST_MAIN(TestQueryPanel)
#include "tst_query_panel.moc"
