// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/reaper.h"
#include "app/main_window.h"
#include "app/panels/connection_mark.h"
#include "app/panels/dashboard_panel.h"
#include "app/panels/go_to_dialog.h"
#include "app/panels/log_panel.h"
#include "app/panels/notice_bar.h"
#include "app/panels/query_panel.h"
#include "app/panels/topic_panel.h"
#include "app/panels/welcome_panel.h"
#include "connectors/kafka/embedded_cluster.h"
#include "tests/support/fake_cluster.h"
#include "tests/support/live_topic.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/style/theme.h"
#include "widgets/tables/record_table.h"
#include "widgets/tables/spark_tree.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDirIterator>
#include <QDockWidget>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenuBar>
#include <QRegularExpression>
#include <QShortcut>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace weir;
using namespace weir::test;
using Kind = ConnectionTree::NodeKind;

namespace {

/// One run of the program over a folder of documents and a cluster in memory, or real connections.
class Run
{
public:
    enum class Clusters { InMemory, Real };

    explicit Run(const QString& folder, Clusters clusters = Clusters::InMemory) : workspace(folder)
    {
        cluster->setTopic("orders", {100});
        cluster->setTopic("payments", {50});
        cluster->setOpener([this](const ReadRequest&) { return topic.open(); });
        workspace.load();
        MainWindow::Setup setup{workspace, budget, clock};
        setup.prompts = {[this](QWidget*, const QString&, const QString&) { return confirmed; },
            [this](QWidget*, const QString&, const QString&) { return answer; },
            [this](QWidget*, const NamedQuestion& question) {
                answer = question.text;
                return confirmed;
            },
            [this](QWidget*, const QString&, const QString&) { return answer; },
            [this](QWidget*, const QString&, const QString&) { return answer; }};
        const auto inMemory = [this](const SessionSettings& settings, std::shared_ptr<MemoryBudget> memory,
                                  const Clock& time) -> Result<std::shared_ptr<Session>> {
            return Session::over(cluster, settings, std::move(memory), time);
        };
        if (clusters == Clusters::InMemory)
            setup.opener = inMemory;
        window = std::make_unique<MainWindow>(setup);
        window->restore();
        window->show();
    }
    ~Run()
    {
        end();
        Reaper::instance().drain(std::chrono::seconds(10));
    }
    /// As a user leaves.
    void end()
    {
        if (!window)
            return;
        window->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        window.reset();
        workspace.flush();
    }

    QStringList titles() const
    {
        QStringList all;
        for (int i = 0; i < window->tabs()->count(); ++i)
            all.append(window->tabs()->tabText(i));
        return all;
    }
    QString mark() const { return window->findChild<ConnectionMark*>()->accessibleName(); }
    void trigger(const QString& text) const
    {
        for (QAction* action : window->findChildren<QAction*>()) {
            if (action->text().remove('&') == text)
                return action->trigger();
        }
        QFAIL(qPrintable("no action " + text));
    }
    QStringList treeRows(const QModelIndex& parent = {}) const
    {
        const QAbstractItemModel* model = window->connectionDock()->tree()->model();
        QStringList rows;
        for (int row = 0; row < model->rowCount(parent); ++row) {
            rows.append(model->index(row, 0, parent).data().toString());
            rows += treeRows(model->index(row, 0, parent));
        }
        return rows;
    }

    const Clock& clock = SystemClock::instance(); ///< outlives what late work still reads
    std::shared_ptr<MemoryBudget> budget = std::make_shared<MemoryBudget>(std::size_t{64} << 20);
    std::shared_ptr<FakeCluster> cluster = std::make_shared<FakeCluster>();
    LiveTopic topic{"orders"};
    QString answer;
    bool confirmed = true;
    Workspace workspace;
    std::unique_ptr<MainWindow> window;
};

ConnectionDocument connectionOf(const QString& id)
{
    ConnectionDocument document;
    document.id = id;
    document.name = id + "-eu-1";
    document.bootstrapServers = id + ":9092";
    return document;
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT
private slots:
    void init() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void theFirstStart()
    {
        QTemporaryDir dir;
        Run run(dir.path());
        QCOMPARE(run.titles(), QStringList{"Welcome"});
        QCOMPARE(run.mark(), QString("not connected"));
        QVERIFY(!run.window->connectionDock()->tree()->isVisible());
        run.end();
        QVERIFY(QFile::exists(dir.filePath("window.json")));
    }

    void everythingSurvivesARestart()
    {
        QTemporaryDir dir;
        QString queryId;
        {
            Run run(dir.path());
            run.workspace.saveConnection(connectionOf("prod"));
            (void)run.window->connections().add(connectionOf("prod"), true);
            run.window->openTopic("prod", "orders");
            QueryPanel* query = run.window->newQuery("prod", {});
            queryId = query->document().id;
            query->rename("revenue by region");
            query->findChild<editor::SqlEditor*>()->setText("SELECT 1;\n-- ä");
            QTRY_COMPARE(run.workspace.query(queryId) ? run.workspace.query(queryId)->sql : QString(),
                QString("SELECT 1;\n-- ä"));
            run.trigger("New dashboard");
            auto* board = qobject_cast<DashboardPanel*>(run.window->currentPanel());
            QVERIFY(board);
            board->rename("Order pipeline");
            DashboardPanelDocument lag;
            lag.kind = "lag";
            lag.connection = "prod";
            board->addPanel(lag);
            run.window->tabs()->setCurrentIndex(1);
            run.trigger("Log");
            run.trigger("Connections");
            run.trigger("Dark or light");
            run.window->resize(1234, 700);
        }
        QCOMPARE(readableDocuments(dir.path()), 4); // connections, window, one query, one dashboard

        Run again(dir.path());
        QCOMPARE(again.titles(), QStringList({"orders", "revenue by region", "Order pipeline"}));
        QCOMPARE(again.window->tabs()->currentIndex(), 1);
        QCOMPARE(again.workspace.window().theme, QString("light"));
        QVERIFY(again.window->findChild<LogPanel*>()->isVisible());
        QVERIFY(!again.window->connectionDock()->isVisible());
        QCOMPARE(again.window->height(), 700); // the offscreen screen may be too narrow for the width
        auto* query = qobject_cast<QueryPanel*>(again.window->currentPanel());
        QVERIFY(query);
        QCOMPARE(query->document().id, queryId);
        QCOMPARE(query->text(), QString("SELECT 1;\n-- ä"));
        again.window->tabs()->setCurrentIndex(2);
        auto* board = qobject_cast<DashboardPanel*>(again.window->currentPanel());
        QCOMPARE(board->panelCount(), std::size_t{1});
        again.window->tabs()->setCurrentIndex(0);
        auto* topic = qobject_cast<TopicPanel*>(again.window->currentPanel());
        QCOMPARE(topic->topic(), QString("orders"));
        again.topic.give({{R"({"id":1})", "k", 1'700'000'000'000}});
        QTRY_VERIFY(topic->snapshot() && topic->snapshot()->records == 1); // and lives
        QVERIFY(again.mark().contains("prod-eu-1"));
        QVERIFY(again.mark().contains("read-only"));
    }

    void closedQueriesAndDashboardsAreFoundAgain()
    {
        QTemporaryDir dir;
        {
            Run run(dir.path());
            QueryPanel* query = run.window->newQuery({}, {});
            query->rename("slow payments");
            run.trigger("New dashboard");
            run.trigger("Close tab");
            run.trigger("Close tab");
            QCOMPARE(run.titles(), QStringList{"Welcome"});
        }
        Run again(dir.path());
        QCOMPARE(again.treeRows(), QStringList({"Queries", "slow payments", "Dashboards", "Dashboard"}));
        const QString id = again.workspace.queries().first().id;
        emit again.window->connectionDock()->requested(TreeAction::Open, {Kind::Query, {}, id, "slow payments"});
        QCOMPARE(again.titles(), QStringList{"slow payments"});
        emit again.window->connectionDock()->requested(TreeAction::Open, {Kind::Query, {}, id, "slow payments"});
        QCOMPARE(again.titles().size(), 1); // the same tab
        again.answer = "very slow payments";
        emit again.window->connectionDock()->requested(TreeAction::Rename, {Kind::Query, {}, id, "slow payments"});
        QCOMPARE(again.titles(), QStringList{"very slow payments"});
        QTRY_VERIFY(again.treeRows().contains("very slow payments"));
        again.confirmed = false;
        emit again.window->connectionDock()->requested(TreeAction::Delete, {Kind::Query, {}, id, "very slow payments"});
        QVERIFY(again.workspace.query(id));
        again.confirmed = true;
        emit again.window->connectionDock()->requested(TreeAction::Delete, {Kind::Query, {}, id, "very slow payments"});
        QVERIFY(!again.workspace.query(id));
        QCOMPARE(again.titles(), QStringList{"Welcome"});
        again.workspace.flush();
        QVERIFY(QDir(dir.filePath("queries")).isEmpty());
    }

    void insertIntoWritesOnlyWhileUnlocked()
    {
        auto embedded = kafka::EmbeddedCluster::start({{"sink", 1}});
        QVERIFY(embedded.ok());
        QTemporaryDir dir;
        QFile file(dir.filePath("orders.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"id\":1}\n{\"id\":2}\n");
        file.close();
        Run run(dir.filePath("documents"), Run::Clusters::Real);
        ConnectionDocument document = connectionOf("prod");
        document.bootstrapServers = QString::fromStdString((*embedded)->bootstrapServers());
        QVERIFY(run.window->connections().add(document, true).ok());
        const std::shared_ptr<Session> session = run.window->connections().session("prod");
        QTRY_VERIFY_WITH_TIMEOUT(!session->monitor().snapshot()->metadata.clusterId.empty(), 20'000);
        const auto written = [&session] {
            const std::vector<TopicPartition> sink{{"sink", PartitionId{0}}};
            const auto marks = session->cluster()->watermarks(sink);
            return marks ? marks->front().high : -1;
        };
        QueryPanel* query = run.window->newQuery("prod", {});
        query->findChild<editor::SqlEditor*>()->setText(
            "CREATE TABLE f (id BIGINT) WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '"
            + file.fileName()
            + "');\nCREATE TABLE k (id BIGINT) WITH ('connector' = 'kafka', 'format' = 'json', 'topic' = 'sink');\n"
              "INSERT INTO k SELECT id FROM f;");
        query->run();
        const auto said = [query] { return query->findChild<NoticeBar*>()->text(); };
        QTRY_VERIFY2_WITH_TIMEOUT(
            said().contains("Unlock writing in the connection's menu"), qPrintable(said()), 20'000);
        QCOMPARE(written(), 0);
        run.confirmed = false;
        run.trigger(QString::fromUtf8("Unlock writing…"));
        QVERIFY2(run.answer.contains(QString::fromStdString((*embedded)->clusterId())), qPrintable(run.answer));
        QVERIFY(!session->isWritable());
        run.confirmed = true;
        run.trigger(QString::fromUtf8("Unlock writing…"));
        QTRY_VERIFY_WITH_TIMEOUT(run.mark().contains("writing unlocked"), 20'000);
        query->run();
        QTRY_COMPARE_WITH_TIMEOUT(written(), 2, 20'000);
        run.trigger("Lock writing again");
        QVERIFY2(run.mark().contains("read-only"), qPrintable(run.mark()));
        query->run();
        QTRY_VERIFY2_WITH_TIMEOUT(
            said().contains("Unlock writing in the connection's menu"), qPrintable(said()), 20'000);
        QCOMPARE(written(), 2);
    }

    void connectionsAreEditedRemovedAndOpenedFromTheTree()
    {
        QTemporaryDir dir;
        {
            Workspace before(dir.path());
            before.saveConnection(connectionOf("prod"));
            ConnectionDocument later = connectionOf("dev");
            later.connectAtStart = false;
            before.saveConnection(later);
        }
        Run run(dir.path());
        QVERIFY(run.window->connections().session("prod"));
        QVERIFY(!run.window->connections().session("dev"));
        ConnectionDock* dock = run.window->connectionDock();
        emit dock->requested(TreeAction::Connect, {Kind::Connection, "dev", {}, "dev-eu-1"});
        QVERIFY(run.window->connections().session("dev"));
        emit dock->requested(TreeAction::Disconnect, {Kind::Connection, "prod", {}, "prod-eu-1"});
        QVERIFY(!run.window->connections().session("prod"));
        emit dock->requested(TreeAction::Open, {Kind::Topic, "dev", "orders", "orders"});
        emit dock->requested(TreeAction::Query, {Kind::Connection, "dev", {}, "dev-eu-1"});
        QCOMPARE(
            run.titles(), QStringList({QString::fromUtf8("orders · dev-eu-1"), QString::fromUtf8("Query · dev-eu-1")}));
        run.window->tabs()->setCurrentIndex(0);
        QVERIFY(run.mark().contains("dev-eu-1"));
        emit dock->requested(TreeAction::Remove, {Kind::Connection, "dev", {}, "dev-eu-1"});
        QVERIFY(!run.window->connections().contains("dev"));
        QCOMPARE(run.titles(), QStringList{"Query"}); // its topics are closed, what the user wrote stays
        run.end();
        Workspace after(dir.path());
        after.load();
        QCOMPARE(after.connections().size(), 1);
    }

    void connectionsOfTheCommandLineAreNotSaved()
    {
        QTemporaryDir dir;
        {
            Run run(dir.path());
            const QString id = run.window->connectTo("elsewhere:9092");
            run.window->openTopic(id, "orders");
            run.window->openTopic(id, "orders");
            QCOMPARE(run.titles(), QStringList{"orders"});
        }
        Run again(dir.path());
        QCOMPARE(again.titles(), QStringList{"Welcome"});
        QVERIFY(again.workspace.connections().isEmpty());
    }

    void theDemoComesAndGoesWithoutATrace()
    {
        QTemporaryDir dir;
        {
            Run run(dir.path());
            run.window->startDemo();
            run.window->startDemo(); // twice is once
            QTRY_COMPARE_WITH_TIMEOUT(run.titles(), QStringList{"Order pipeline"}, 30'000);
            run.window->newQuery({}, {})->rename("mine");
            QVERIFY(run.window->currentPanel()->connectionId() == "demo");
            run.trigger("Close tab");
            run.trigger("Close tab");
            QTRY_VERIFY(run.treeRows().contains("mine")); // kept while it runs
            run.trigger("Start the demo");
            QCOMPARE(run.titles(), QStringList{"Order pipeline"});
        }
        Run again(dir.path());
        QCOMPARE(again.titles(), QStringList{"Welcome"});
        QVERIFY(again.workspace.queries().isEmpty() && again.workspace.dashboards().isEmpty());
    }

    void addToDashboardMakesOneWhereThereIsNone()
    {
        QTemporaryDir dir;
        Run run(dir.path());
        (void)run.window->connections().add(connectionOf("prod"), true);
        ConnectionDock* dock = run.window->connectionDock();
        emit dock->requested(TreeAction::Latency, {Kind::Topic, "prod", "orders", "orders"});
        emit dock->requested(TreeAction::Throughput, {Kind::Connection, "prod", {}, "prod-eu-1"});
        QCOMPARE(run.titles(), QStringList{"Dashboard"});
        auto* board = qobject_cast<DashboardPanel*>(run.window->currentPanel());
        QCOMPARE(board->panelCount(), std::size_t{2});
        QueryPanel* query = run.window->newQuery("prod", {});
        emit query->addToDashboardRequested(query->document());
        QCOMPARE(run.window->currentPanel(), board);
        QCOMPARE(board->panelCount(), std::size_t{3});
        emit board->queryRequested(board->document().panels.last());
        QVERIFY(qobject_cast<QueryPanel*>(run.window->currentPanel()));
    }

    void keys()
    {
        QTemporaryDir dir;
        Run run(dir.path());
        (void)run.window->connections().add(connectionOf("prod"), true);
        TopicPanel* topic = run.window->openTopic("prod", "orders");
        run.window->openTopic("prod", "payments");
        run.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(run.window.get()));
        QTest::keyClick(run.window.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(run.window->currentPanel(), topic);
        QTest::keyClick(run.window.get(), Qt::Key_9, Qt::ControlModifier); // no ninth tab
        QCOMPARE(run.window->currentPanel(), topic);
        QTest::keyClick(run.window.get(), Qt::Key_B, Qt::ControlModifier);
        QVERIFY(!run.window->connectionDock()->isVisible());
        QTest::keyClick(run.window.get(), Qt::Key_B, Qt::ControlModifier);
        QVERIFY(run.window->connectionDock()->isVisible());
        QTest::keyClick(run.window.get(), Qt::Key_J, Qt::ControlModifier);
        QVERIFY(run.window->findChild<LogPanel*>()->isVisible());
        QTRY_COMPARE(run.topic.alive(), 2);
        QTest::keyClick(run.window.get(), Qt::Key_E, Qt::ControlModifier);
        QTRY_COMPARE(run.topic.alive(), 1);
        QTest::keyClick(run.window.get(), Qt::Key_T, Qt::ControlModifier);
        QCOMPARE(run.window->currentPanel()->title(), QString("Query orders")); // over the topic at hand
        QTest::keyClick(run.window.get(), Qt::Key_W, Qt::ControlModifier);
        QCOMPARE(run.titles().size(), 2);
    }

    void everyPaneIsReachedByF6()
    {
        QTemporaryDir dir;
        Run run(dir.path());
        (void)run.window->connections().add(connectionOf("prod"), true);
        TopicPanel* topic = run.window->openTopic("prod", "orders");
        run.trigger("Log");
        run.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(run.window.get()));
        run.window->connectionDock()->tree()->setFocus();
        QList<QWidget*> visited{QApplication::focusWidget()};
        const auto round = [&](Qt::KeyboardModifiers modifiers) {
            QList<QWidget*> order;
            for (int i = 0; i < topic->panes().size() + 2; ++i) {
                QTest::keyClick(run.window.get(), Qt::Key_F6, modifiers);
                order.append(QApplication::focusWidget());
            }
            return order;
        };
        const QList<QWidget*> forward = round(Qt::NoModifier);
        QCOMPARE(forward.last(), run.window->connectionDock()->tree()); // all the way round
        for (QWidget* pane : topic->panes())
            QCOMPARE(std::count(forward.begin(), forward.end(), pane), 1);
        QCOMPARE(std::count(forward.begin(), forward.end(), run.window->findChild<LogPanel*>()->table()), 1);
        QList<QWidget*> backward = round(Qt::ShiftModifier);
        std::reverse(backward.begin(), backward.end());
        std::rotate(backward.begin(), backward.begin() + 1, backward.end());
        QCOMPARE(backward, forward);
    }

    void goToATopicOrACommand()
    {
        QTemporaryDir dir;
        Run run(dir.path());
        (void)run.window->connections().add(connectionOf("prod"), true);
        QTRY_VERIFY(run.treeRows().contains("payments"));
        const auto type = [&](const QString& text) {
            QTimer::singleShot(0, run.window.get(), [&run, text] {
                auto* dialog = run.window->findChild<GoToDialog*>();
                QVERIFY(dialog);
                QTest::keyClicks(dialog->field(), text);
                QTest::keyClick(dialog->field(), Qt::Key_Return);
            });
        };
        type("pay");
        run.trigger(QString::fromUtf8("Topic, query or dashboard…"));
        QCOMPARE(run.titles(), QStringList{"payments"});
        type("new dash");
        run.trigger(QString::fromUtf8("Any command…"));
        QCOMPARE(run.titles(), QStringList({"payments", "Dashboard"}));
    }

    void helpNamesOnlyKeysThatExist()
    {
        QTemporaryDir dir;
        Run run(dir.path());
        QStringList known{"Space", "End", "Esc", "wheel", "Ctrl+wheel", "Shift+drag", "Ctrl+Z", "Ctrl+Space",
            "Ctrl+Return", "Ctrl+Shift+Return", "F8", "Shift+F8", "Ctrl+C", "/", "Ctrl+/", "Return", "Ctrl+F", "F3",
            "Shift+F3", "F", "Shift+F", "C", "Ctrl+M", "Alt+Left", "Alt+Right", "Ctrl+G"}; // of views and the editor
        for (const QAction* action : run.window->findChildren<QAction*>())
            known.append(action->shortcut().toString());
        for (const QShortcut* shortcut : run.window->findChildren<QShortcut*>())
            known.append(shortcut->key().toString());
        QFile page(QStringLiteral(WEIR_SOURCE_DIR "/resources/help/help.md"));
        QVERIFY(page.open(QIODevice::ReadOnly));
        int named = 0;
        for (const QString& line : QString::fromUtf8(page.readAll()).split('\n')) {
            const QStringList cells = line.split('|');
            if (cells.size() < 4 || line.contains("---") || line.contains("| Keys |"))
                continue;
            for (QString key : cells[1].split(QRegularExpression("[,;]"), Qt::SkipEmptyParts)) {
                key = key.trimmed();
                if (key.endsWith(QString::fromUtf8("…9")))
                    key = key.left(key.size() - 3) + "1";
                QVERIFY2(known.contains(key), qPrintable("help names " + key));
                ++named;
            }
        }
        QVERIFY(named > 15);
    }

    void closingIsQuickWithAClusterThatHangs()
    {
        QTemporaryDir dir;
        Run run(dir.path());
        run.cluster->hang();
        (void)run.window->connections().add(connectionOf("prod"), true);
        run.window->openTopic("prod", "orders");
        run.cluster->waitForHanging();
        run.window->close();
        run.window.reset(); // the reaper waits, nobody else
        run.cluster->release();
        // What asked in the background goes on now with what this run owns, and lets go of the cluster at its end.
        QTRY_COMPARE_WITH_TIMEOUT(run.cluster.use_count(), 1L, 30'000);
    }

private:
    /// How many documents lie in a folder, each in lines and with its kind; -1 if one does not.
    static int readableDocuments(const QString& folder)
    {
        int documents = 0;
        QDirIterator files(folder, {"*.json"}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly))
                return -1;
            const QByteArray text = file.readAll();
            if (!QJsonDocument::fromJson(text).object().contains("weir") || text.count('\n') <= 3)
                return -1;
            ++documents;
        }
        return documents;
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
