// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/connection_dock.h"
#include "widgets/style/theme.h"
#include "widgets/tables/spark_tree.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace weir;
using Kind = ConnectionTree::NodeKind;

namespace {

ConnectionState stateOf(const QString& id, const std::vector<std::string>& topics, bool open = true)
{
    ConnectionState state;
    state.document.id = id;
    state.document.name = id;
    if (!open)
        return state;
    auto snapshot = std::make_shared<ClusterSnapshot>();
    snapshot->generation = 1;
    snapshot->connection = Connection::Up;
    for (const std::string& name : topics) {
        TopicRate topic;
        topic.name = name;
        snapshot->topics.push_back(topic);
    }
    GroupLag group;
    group.name = "billing";
    group.partitions = {{{"orders", PartitionId{0}}, 5, 9, 4}};
    snapshot->groups = {group};
    state.snapshot = snapshot;
    return state;
}

SavedDocuments documents()
{
    SavedDocuments saved;
    QueryDocument query;
    query.id = "q1";
    query.name = "revenue by region";
    saved.queries.append(query);
    DashboardDocument board;
    board.id = "d1";
    board.name = "Order pipeline";
    saved.dashboards.append(board);
    return saved;
}

/// Rows that a user sees, with closed branches left out.
QStringList visibleRows(const tables::SparkTree& tree, const QModelIndex& parent = {})
{
    QStringList rows;
    for (int row = 0; row < tree.model()->rowCount(parent); ++row) {
        const QModelIndex index = tree.model()->index(row, 0, parent);
        rows.append(index.data().toString());
        if (tree.isExpanded(index))
            rows += visibleRows(tree, index);
    }
    return rows;
}

QModelIndex find(const tables::SparkTree& tree, const QString& name)
{
    return tree.model()
        ->match(tree.model()->index(0, 0), Qt::DisplayRole, name, 1, Qt::MatchExactly | Qt::MatchRecursive)
        .value(0);
}

QStringList menuOf(ConnectionDock& dock, const TreeNode& node)
{
    QMenu menu;
    dock.fillMenu(menu, node);
    QStringList texts;
    for (const QAction* action : menu.actions())
        texts.append(action->text());
    return texts;
}

} // namespace

class TestConnectionDock : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void withoutConnectionsItSaysWhatToDo()
    {
        ConnectionDock dock;
        dock.show();
        QSignalSpy wanted(&dock, &ConnectionDock::connectRequested);
        QVERIFY(!dock.tree()->isVisible());
        dock.findChild<QPushButton*>()->click();
        QCOMPARE(wanted.count(), 1);
        dock.update({stateOf("prod", {})}, {});
        QVERIFY(dock.tree()->isVisible());
    }

    void sectionsAreOpenAndStayAsTheUserLeavesThem()
    {
        ConnectionDock dock;
        QAbstractItemModelTester tester(dock.tree()->model());
        dock.update({stateOf("prod", {"orders", "payments"})}, documents());
        const QStringList all{"prod", "Topics", "orders", "payments", "Groups", "billing", "Queries",
            "revenue by region", "Dashboards", "Order pipeline"};
        QCOMPARE(visibleRows(*dock.tree()), all); // partitions of a group are one step further
        dock.tree()->collapse(find(*dock.tree(), "Topics"));
        dock.update({stateOf("prod", {"orders", "payments", "shipments"})}, documents());
        QCOMPARE(visibleRows(*dock.tree()),
            QStringList({"prod", "Topics", "Groups", "billing", "Queries", "revenue by region", "Dashboards",
                "Order pipeline"}));
        dock.tree()->expand(find(*dock.tree(), "billing"));
        QVERIFY(visibleRows(*dock.tree()).contains("orders 0"));
    }

    void theFilterKeepsWhatIsAbove()
    {
        ConnectionDock dock;
        dock.show();
        dock.update({stateOf("prod", {"orders", "payments"}), stateOf("dev", {"other"})}, documents());
        QVERIFY(QTest::qWaitForWindowActive(&dock)); // a shortcut works in an active window only
        dock.focusFilter();
        QTest::keyClicks(dock.findChild<QLineEdit*>(), "ORDER");
        // A name of a partition matches too, below its group.
        QCOMPARE(visibleRows(*dock.tree()),
            QStringList({"prod", "Topics", "orders", "Groups", "billing", "dev", "Groups", "billing", "Dashboards",
                "Order pipeline"}));
        QTest::keyClicks(dock.findChild<QLineEdit*>(), "[.*");
        QCOMPARE(visibleRows(*dock.tree()), QStringList()); // letters, not a pattern
        QTest::keyClick(dock.findChild<QLineEdit*>(), Qt::Key_Escape);
        QVERIFY(visibleRows(*dock.tree()).contains("payments"));
    }

    void activatingOpensOnce()
    {
        ConnectionDock dock;
        dock.resize(330, 600);
        dock.show();
        dock.update({stateOf("prod", {"orders"})}, documents());
        QSignalSpy requested(&dock, &ConnectionDock::requested);
        const QRect place = dock.tree()->visualRect(find(*dock.tree(), "orders"));
        QTest::mouseClick(dock.tree()->viewport(), Qt::LeftButton, {}, place.center());
        QTest::mouseDClick(dock.tree()->viewport(), Qt::LeftButton, {}, place.center());
        QCOMPARE(requested.count(), 1);
        QCOMPARE(requested[0][0].value<TreeAction>(), TreeAction::Open);
        QCOMPARE(requested[0][1].value<TreeNode>().name, QString("orders"));
        QCOMPARE(requested[0][1].value<TreeNode>().connection, QString("prod"));
        dock.tree()->setCurrentIndex(find(*dock.tree(), "revenue by region"));
        QTest::keyClick(dock.tree(), Qt::Key_Return);
        QCOMPARE(requested.count(), 2);
        QCOMPARE(requested[1][1].value<TreeNode>().name, QString("q1"));
        QCOMPARE(dock.current().kind, Kind::Query);
    }

    void menusOfferWhatWorks()
    {
        ConnectionDock dock;
        dock.update({stateOf("prod", {"orders"}), stateOf("dev", {}, false)}, documents());
        QVERIFY(menuOf(dock, {Kind::Connection, "prod", {}, "prod"}).contains("Disconnect"));
        QVERIFY(!menuOf(dock, {Kind::Connection, "prod", {}, "prod"}).contains("Connect"));
        QVERIFY(menuOf(dock, {Kind::Connection, "dev", {}, "dev"}).contains("Connect"));
        QCOMPARE(menuOf(dock, {Kind::Connection, "dev", {}, "dev"}),
            QStringList({"Connect", "Edit…", "Remove…", "Copy name"}));
        QCOMPARE(menuOf(dock, {Kind::Topic, "prod", "orders", "orders"}),
            QStringList({"Open", "Add to the view in front", "Query this topic", "Profile", "Expert notes", "Capture…",
                "Export…", "Replay…", "Add its latency to dashboard", "Copy name"}));
        QVERIFY(menuOf(dock, {Kind::Topics, "prod", {}, "Topics"}).isEmpty());
        QMenu menu;
        dock.fillMenu(menu, {Kind::Query, {}, "q1", "revenue by region"});
        QSignalSpy requested(&dock, &ConnectionDock::requested);
        for (QAction* action : menu.actions()) {
            if (action->text() == "Delete…")
                action->trigger();
        }
        QCOMPARE(requested.count(), 1);
        QCOMPARE(requested[0][0].value<TreeAction>(), TreeAction::Delete);
    }

    void aBrokerWithThousandsOfTopics()
    {
        std::vector<std::string> names;
        for (int i = 0; i < 3000; ++i)
            names.push_back("topic-" + std::to_string(10'000 + i));
        ConnectionDock dock;
        dock.update({stateOf("prod", names)}, {});
        dock.update({stateOf("prod", names)}, {});
        QCOMPARE(dock.tree()->model()->rowCount(find(*dock.tree(), "Topics")), 3000);
        QCOMPARE(find(*dock.tree(), "topic-12999").row(), 2999);
    }
};

QTEST_MAIN(TestConnectionDock)
#include "tst_connection_dock.moc"
