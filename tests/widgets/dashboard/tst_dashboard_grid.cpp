// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dashboard/dashboard_grid.h"
#include "widgets/dashboard/panel_frame.h"

#include <QLabel>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace weir::dashboard;

class TestDashboardGrid : public QObject
{
    Q_OBJECT
private slots:
    void panelsFillRows();
    void cellsAreKept();
    void overlapsMoveToFreePlaces();
    void removedPanelsAreGone();
    void keysStepThroughPanels();
    void draggingAHeadSwaps();
    void menuTellsWhichPanel();
    void bodyIsOwned();
};

static void fill(DashboardGrid& grid, int count)
{
    for (int i = 0; i < count; ++i) {
        auto* panel = new PanelFrame;
        panel->setTitle(QString(QChar('A' + i)));
        grid.addPanel(QString(QChar('a' + i)), panel);
    }
}

static bool overlap(const std::vector<GridCell>& cells)
{
    QSet<QPair<int, int>> taken;
    for (const GridCell& cell : cells) {
        for (int row = cell.row; row < cell.row + cell.rowSpan; ++row) {
            for (int column = cell.column; column < cell.column + cell.columnSpan; ++column) {
                if (taken.contains({row, column}))
                    return true;
                taken.insert({row, column});
            }
        }
    }
    return false;
}

void TestDashboardGrid::panelsFillRows()
{
    DashboardGrid grid;
    fill(grid, 5);
    QCOMPARE(grid.cells()[3], (GridCell{"d", 1, 0, 1, 1}));
    QCOMPARE(grid.cells()[4], (GridCell{"e", 1, 1, 1, 1}));
    QCOMPARE(grid.activeId(), QString("a"));
    grid.resize(900, 600);
    grid.show();
    QCoreApplication::processEvents();
    QVERIFY(std::abs(grid.panel("a")->width() - grid.panel("c")->width()) <= 1);
    QVERIFY(std::abs(grid.panel("a")->height() - grid.panel("d")->height()) <= 1);
}

void TestDashboardGrid::cellsAreKept()
{
    DashboardGrid grid;
    const std::vector<GridCell> cells = {{"a", 0, 0, 2, 2}, {"b", 0, 2, 1, 1}, {"c", 1, 2, 1, 1}};
    grid.setCells(cells);
    fill(grid, 3);
    QCOMPARE(grid.cells(), cells);
    grid.resize(900, 600);
    grid.show();
    QCoreApplication::processEvents();
    QVERIFY(grid.panel("a")->width() > grid.panel("b")->width() * 18 / 10);
}

void TestDashboardGrid::overlapsMoveToFreePlaces()
{
    DashboardGrid grid;
    fill(grid, 4);
    grid.setCells({{"a", 0, 0, 2, 3}, {"b", 0, 1, 1, 1}, {"c", -1, 7, 0, 9}});
    QVERIFY(!overlap(grid.cells()));
    QCOMPARE(grid.cells().size(), std::size_t(4));
    QCOMPARE(grid.cells()[1].row, 2);
    grid.setColumns(1);
    QVERIFY(!overlap(grid.cells()));
    for (const GridCell& cell : grid.cells())
        QCOMPARE(cell.column, 0);
}

void TestDashboardGrid::removedPanelsAreGone()
{
    DashboardGrid grid;
    fill(grid, 3);
    const QPointer<PanelFrame> first = grid.panel("a");
    QSignalSpy active(&grid, &DashboardGrid::activeChanged);
    grid.removePanel("a");
    grid.removePanel("never there");
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QVERIFY(first.isNull());
    QCOMPARE(grid.ids(), (std::vector<QString>{"b", "c"}));
    QCOMPARE(grid.activeId(), QString("b"));
    QCOMPARE(active.count(), 1);
    grid.addPanel("d", new PanelFrame);
    QCOMPARE(grid.cells().back(), (GridCell{"d", 0, 0, 1, 1}));
}

void TestDashboardGrid::keysStepThroughPanels()
{
    DashboardGrid grid;
    fill(grid, 3);
    grid.show();
    QStringList seen;
    connect(&grid, &DashboardGrid::activeChanged, this, [&](const QString& id) { seen.append(id); });
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(&grid, Qt::Key_F6);
    QTest::keyClick(&grid, Qt::Key_F6, Qt::ShiftModifier);
    QCOMPARE(seen, (QStringList{"b", "c", "a", "c"}));
    QVERIFY(grid.panel("c")->isActive());
    QVERIFY(!grid.panel("a")->isActive());
}

void TestDashboardGrid::draggingAHeadSwaps()
{
    DashboardGrid grid;
    fill(grid, 3);
    grid.resize(900, 300);
    grid.show();
    QCoreApplication::processEvents();
    QSignalSpy changed(&grid, &DashboardGrid::cellsChanged);
    PanelFrame* a = grid.panel("a");
    PanelFrame* c = grid.panel("c");
    QTest::mousePress(a, Qt::LeftButton, {}, QPoint(60, 10));
    QTest::mouseRelease(a, Qt::LeftButton, {}, a->mapFromGlobal(c->mapToGlobal(QPoint(50, 100))));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(grid.cells()[0].id, QString("c"));
    QCOMPARE(grid.cells()[2].id, QString("a"));
    QTest::mousePress(a, Qt::LeftButton, {}, QPoint(60, 200)); // the body is no handle
    QTest::mouseRelease(a, Qt::LeftButton, {}, a->mapFromGlobal(c->mapToGlobal(QPoint(50, 100))));
    QCOMPARE(changed.count(), 1);
}

void TestDashboardGrid::menuTellsWhichPanel()
{
    DashboardGrid grid;
    fill(grid, 2);
    grid.show();
    QSignalSpy menu(&grid, &DashboardGrid::panelMenuRequested);
    auto* button = grid.panel("b")->findChild<QToolButton*>();
    QVERIFY(button);
    QCOMPARE(button->accessibleName(), QString("Menu of B"));
    button->click();
    QCOMPARE(menu.count(), 1);
    QCOMPARE(menu[0][0].toString(), QString("b"));
}

void TestDashboardGrid::bodyIsOwned()
{
    PanelFrame panel;
    const QPointer<QLabel> first = new QLabel("one");
    panel.setBody(first);
    panel.setBody(new QLabel("two"));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QVERIFY(first.isNull());
    QCOMPARE(panel.body()->parentWidget(), &panel);
}

QTEST_MAIN(TestDashboardGrid)
#include "tst_dashboard_grid.moc"
