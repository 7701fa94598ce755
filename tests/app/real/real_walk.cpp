// SPDX-License-Identifier: GPL-3.0-or-later
// Looking changes nothing: a walk through the window and every verb of the command line, with each of their requests
// read on its way to the broker. First on a broker that has never had a consumer, then on one with a group.
#include "app/panels/dashboard_panel.h"
#include "app/panels/query_panel.h"
#include "app/panels/topic_panel.h"
#include "connectors/kafka/kafka_cluster.h"
#include "tests/app/real/real_stream.h"
#include "tests/app/real/real_window.h"
#include "tests/support/cluster_picture.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/style/theme.h"
#include "widgets/tables/record_table.h"
#include "widgets/tables/result_table.h"

#include <QApplication>
#include <QComboBox>
#include <QTabWidget>
#include <QTest>

using namespace weir;
using namespace weir::test;

namespace {

constexpr int patience = 20'000;
constexpr int records = 3000;
constexpr std::int16_t fetch = 1;
constexpr std::int16_t offsetFetch = 9;
constexpr std::int16_t findCoordinator = 10;

std::string scriptOver(const std::string& address, const std::string& more = {})
{
    return "CREATE TABLE visits (n INT, `timestamp` TIMESTAMP_LTZ(3) METADATA VIRTUAL, WATERMARK FOR `timestamp` AS "
           "`timestamp`) WITH ('connector' = 'kafka', 'topic' = 'visits', 'properties.bootstrap.servers' = '"
        + address + "', 'scan.startup.mode' = 'earliest-offset', " + more
        + "'format' = 'json');\nSELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE visits, "
          "DESCRIPTOR(`timestamp`), INTERVAL '1' SECOND)) GROUP BY window_start, window_end;\n";
}

} // namespace

class TestRealWalk : public QObject
{
    Q_OBJECT

    RealStream& m_stream;

public:
    explicit TestRealWalk(RealStream& stream) : m_stream(stream) { }

private:
    void walkTopic(Window& window)
    {
        TopicPanel* panel = window->openTopic(Window::id, QStringLiteral("visits"));
        auto* table = panel->findChild<tables::RecordTable*>();
        auto* from = panel->findChild<QComboBox*>();
        for (const char* start : {"beginning", "1h", "end", "last"}) {
            from->setCurrentIndex(from->findData(QString::fromLatin1(start)));
            emit from->activated(from->currentIndex());
            if (start != std::string("end"))
                QTRY_VERIFY_WITH_TIMEOUT(table->rows() && table->rows()->endRow() >= 1000, patience);
        }
        table->setCurrentRow(table->rows()->firstRow());
        table->setFollowing(true);
        window->openTopic(Window::id, QStringLiteral("never-made"));
        QTest::qWait(300);
    }

    void walkQuery(Window& window)
    {
        QueryPanel* inferred = window->newQuery(Window::id, QStringLiteral("visits"));
        QTRY_VERIFY_WITH_TIMEOUT(inferred->text().contains(QStringLiteral("CREATE TABLE")), patience);
        QueryPanel* panel = window->newQuery(Window::id, {});
        panel->findChild<editor::SqlEditor*>()->setText(QString::fromStdString(scriptOver(m_stream.address())));
        panel->run();
        const auto* result = panel->findChild<tables::ResultTable*>();
        QTRY_VERIFY_WITH_TIMEOUT(result->rows() && result->rows()->endRow() > 0, patience);
    }

    void walkDashboard(Window& window)
    {
        DashboardDocument board;
        board.id = newDocumentId();
        board.name = QStringLiteral("Board");
        for (const char* kind : {"throughput", "lag", "latency"}) {
            DashboardPanelDocument panel;
            panel.kind = QString::fromLatin1(kind);
            panel.connection = Window::id;
            panel.topic = QStringLiteral("visits");
            board.panels.append(panel);
        }
        const DashboardPanel* panel = window->openDashboard(board);
        QTRY_VERIFY_WITH_TIMEOUT(panel->summary().value(0).contains(QLatin1String("visits")), patience);
        QTest::qWait(6000); // groups are asked every five seconds
    }

    void walkWindow()
    {
        Window window(m_stream.address());
        QTRY_VERIFY_WITH_TIMEOUT(window->connections().states().front().snapshot != nullptr, patience);
        walkTopic(window);
        walkQuery(window);
        walkDashboard(window);
    }

    void walkCommandLine()
    {
        const QString address = QString::fromStdString(m_stream.address());
        const auto run = [&](QStringList arguments, int code) {
            const Outcome outcome = cli(arguments << QStringLiteral("-b") << address);
            QVERIFY2(outcome.code == code, outcome.err);
        };
        run({"topics"}, 0);
        run({"tail", "visits", "--from=-5", "--until=end"}, 0);
        run({"tail", "visits", "--from=@100", "--count=10"}, 0);
        run({"tail", "visits", "--from=2020-01-01 00:00:00", "--until=end"}, 0);
        run({"tail", "never-made"}, 1);
        run({"stats", "visits"}, 0);
        run({"lag"}, 0);
        run({"lag", "nobody"}, 0);
        const Outcome sql = cliSql(scriptOver(m_stream.address(), "'scan.bounded.mode' = 'latest-offset', "));
        QVERIFY2(sql.code == 0, sql.err);
        // A group that nobody has is asked for where there may be one, and is an error of Flink's.
        const Outcome group = cliSql("CREATE TABLE t (n INT) WITH ('connector' = 'kafka', 'topic' = 'visits', "
                                     "'properties.bootstrap.servers' = '"
            + m_stream.address()
            + "', 'properties.group.id' = 'nobody', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json');\n"
              "SELECT n FROM t;\n");
        QVERIFY2(group.code == 1, group.err);
    }

    void walk(const std::vector<std::string>& groups)
    {
        kafka::KafkaSettings settings;
        settings.bootstrapServers = m_stream.address();
        const auto cluster = *kafka::openCluster(settings);
        const std::string before = pictureOf(*cluster, groups);
        m_stream.proxy->forget();
        walkWindow();
        walkCommandLine();
        for (const SeenRequest& one : m_stream.proxy->seen(feederId))
            QVERIFY2(KafkaProxy::lookingKeys().contains(one.api),
                qPrintable(QStringLiteral("API key %1 of %2").arg(one.api).arg(QString::fromStdString(one.client))));
        QVERIFY(m_stream.proxy->keys(feederId).contains(fetch));
        QCOMPARE(m_stream.proxy->malformed(), 0);
        QCOMPARE(pictureOf(*cluster, groups), before);
        QVERIFY2(before.find("visits/1 0..1500") != std::string::npos, before.c_str());
    }

private slots:
    void initTestCase()
    {
        const bool started = m_stream.start();
        if (!m_stream.skip.isEmpty())
            QSKIP(qPrintable(m_stream.skip));
        QVERIFY(started);
        style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark);
        QVERIFY(m_stream.feeder->createTopic("visits", 2));
        for (int n = 0; n < records; ++n) {
            const std::string value = "{\"n\":" + std::to_string(n) + "}";
            Record record;
            record.partition = PartitionId{n % 2};
            record.timestamp = SystemClock::instance().wallMs();
            record.value = value;
            m_stream.feeder->produce("visits", record);
        }
        QVERIFY(m_stream.feeder->flush());
    }

    void onABrokerThatNeverHadAConsumer()
    {
        walk({"nobody"});
        const auto keys = m_stream.proxy->keys(feederId);
        QVERIFY2(!keys.contains(findCoordinator), "FindCoordinator creates the offsets topic");
        QVERIFY(!keys.contains(offsetFetch));
        QVERIFY(!cli({"topics", "-b", QString::fromStdString(m_stream.address())}).out.contains("__consumer_offsets"));
    }

    void onABrokerWithAGroup()
    {
        QVERIFY(m_stream.feeder->consumeAndCommit("walkers", "visits", records));
        walk({"walkers"});
        QVERIFY(m_stream.proxy->keys(feederId).contains(offsetFetch));
    }
};

std::unique_ptr<QObject> weir::test::makeWalkTest(RealStream& stream)
{
    return std::make_unique<TestRealWalk>(stream);
}

#include "real_walk.moc"
