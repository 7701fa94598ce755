// SPDX-License-Identifier: GPL-3.0-or-later
// A topic view as its user filters, finds and goes to places in it.
#include "app/panels/notice_bar.h"
#include "app/panels/saved_filters.h"
#include "tests/app/shown_topic.h"
#include "widgets/plots/histogram_strip.h"
#include "widgets/style/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QMenu>
#include <QPushButton>

using namespace weir;
using namespace weir::test;

class TestTopicFilter : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void fieldsAreColumns()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(50));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 50 && shown.columns().contains("field:amount"); }));
        QCOMPARE(shown.cell(10, "field:id"), QString("10"));
        QCOMPARE(shown.cell(10, "field:status"), QString("PAID"));
        QCOMPARE(shown.cell(7, "field:amount"), QString("NULL"));
        QCOMPARE(shown.cell(10, "key"), QString("k0"));
    }

    void aConditionShowsWhatMatches()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(100));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 100 && shown.filter->table(); }));
        shown.type("status = 'PAID' AND id >= 50");
        QVERIFY(bench.pullUntil([&] { return shown.says("valid, 5 of 100 sampled"); }));
        QCOMPARE(shown.rows(), qint64{100}); // nothing is in force yet
        QTest::keyClick(shown.filterEdit(), Qt::Key_Return);
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 5 && shown.says("5 of 100 match (5.0 %)"); }));
        QCOMPARE(shown.cell(0, "field:id"), QString("50"));
        topic.give(orders(20, 100)); // what comes is asked too
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 7 && shown.says("7 of 120 match"); }));
        shown.table->setCurrentRow(6); // id 110
        shown.filterEdit()->clear(); // as the cross in the field does
        // The same record among all of them.
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 120 && shown.table->currentRow() == 110; }));
        QVERIFY(shown.panel.tab()->view.value("filter").isUndefined());
    }

    void aWrongOneStaysEditableAndTheLastOneInForce()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(100));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 100 && shown.filter->table(); }));
        shown.type("id < 10");
        QTest::keyClick(shown.filterEdit(), Qt::Key_Return);
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 10; }));
        shown.type("id < 10 AND statsu = 'NEW'");
        QVERIFY(bench.pullUntil([&] { return shown.says("column 13: Column 'statsu' not found"); }));
        QTest::keyClick(shown.filterEdit(), Qt::Key_Return);
        QCOMPARE(shown.filter->filterText(), QString("id < 10"));
        QCOMPARE(shown.rows(), qint64{10});
        QCOMPARE(shown.filterEdit()->text(), QString("id < 10 AND statsu = 'NEW'"));
        QTest::keyClick(shown.filterEdit(), Qt::Key_Escape); // back to what is in force
        QCOMPARE(shown.filterEdit()->text(), QString("id < 10"));
    }

    void conditionsComeBackWithTheTab()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench, {{"filter", "status = 'PAID'"}});
        topic.give(orders(100));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 10 && shown.says("10 of 100 match"); }));
        QCOMPARE(shown.panel.tab()->view.value("filter").toString(), QString("status = 'PAID'"));
    }

    void theWholeTopicIsSearched()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(30));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 30 && shown.filter->table(); }));
        shown.type("status = 'PAID'");
        QTest::keyClick(shown.filterEdit(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 2 && shown.rows() == 0; }));
        QVERIFY(std::holds_alternative<FromBeginning>(bench.asked.start));
        QVERIFY(std::holds_alternative<UntilEnd>(bench.asked.stop));
        topic.give(orders(200));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 20 && shown.says("20 of 200 match (10.0 %)"); }));
        QCOMPARE(shown.cell(19, "field:id"), QString("190"));
        QCOMPARE(shown.panel.tab()->view.value("scope").toString(), QString("topic"));
    }

    void whereNothingCanMatchNothingIsRead()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(30));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 30 && shown.filter->table(); }));
        shown.type("`partition` = 9");
        QTest::keyClick(shown.filterEdit(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 0 && shown.says("0 of 0 match"); }));
        QCOMPARE(topic.opened(), 1);
    }

    void filtersAreNamedAndComeBack()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(100));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 100 && shown.filter->table(); }));
        QList<FilterDocument> saved;
        connect(&shown.panel, &TopicPanel::filterSaved, &shown.panel, [&](const FilterDocument& filter) {
            saved.append(filter);
            shown.panel.setSavedFilters(saved);
        });
        shown.type("id < 10");
        QTest::keyClick(shown.filterEdit(), Qt::Key_Return);
        auto* filters = shown.panel.findChild<SavedFilters*>();
        auto* menu = filters->findChild<QMenu*>();
        bench.answer = "First ten";
        emit menu->aboutToShow();
        menu->actions().front()->trigger();
        QCOMPARE(saved.size(), 1);
        QCOMPARE(saved.front().topic, QString("orders"));
        QCOMPARE(saved.front().sql, QString("id < 10"));
        auto* button = filters->findChild<QPushButton*>();
        QCOMPARE(button->text(), QString("First ten"));
        QVERIFY(button->isChecked());
        button->click(); // off again
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 100; }));
        QVERIFY(!button->isChecked());
        button->click();
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 10; }));
        emit menu->aboutToShow();
        menu->actions().at(1)->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("weir-cli search orders -b a:9092 --where 'id < 10'"));
        FilterDocument other = saved.front();
        other.topic = "payments";
        shown.panel.setSavedFilters({other});
        QVERIFY(!filters->findChild<QPushButton*>());
    }

    void aSearchForNothingSaysWhatToDo()
    {
        PanelBench bench;
        bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        shown.panel.searchTopic();
        QVERIFY(shown.panel.findChild<NoticeBar*>()->text().contains("filter line"));
        QVERIFY(shown.panel.tab()->view.value("scope").isUndefined());
    }

    void wordsAreCompleted()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(100));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 100 && shown.filter->table(); }));
        shown.panel.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.panel));
        shown.type("am");
        QTest::keyClick(shown.filterEdit(), Qt::Key_Tab);
        QCOMPARE(shown.filterEdit()->text(), QString("amount"));
    }

    void findingGoesFromMatchToMatch()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(100));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 100; }));
        shown.panel.find();
        QVERIFY(shown.find->isVisible());
        auto* edit = shown.find->findChild<QLineEdit*>();
        QTest::keyClicks(edit, "PAID");
        QVERIFY(bench.pullUntil([&] { return shown.says("10 of 100 rows match"); }));
        shown.table->setCurrentRow(15);
        shown.panel.findNext(true);
        QCOMPARE(shown.table->currentRow(), qint64{20});
        shown.panel.findNext(false);
        QCOMPARE(shown.table->currentRow(), qint64{10});
        shown.table->setCurrentRow(95);
        shown.panel.findNext(true); // round to the first
        QCOMPARE(shown.table->currentRow(), qint64{0});
        auto* kind = shown.find->findChild<QComboBox*>();
        kind->setCurrentIndex(2);
        emit kind->activated(2);
        edit->setText("PA[");
        QVERIFY(bench.pullUntil([&] { return shown.says("cannot be run"); }));
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(!shown.find->isVisible());
    }

    void aBrushedTimeIsRead()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(10));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 10; }));
        emit shown.panel.findChild<plots::HistogramStrip*>()->brushed({1'700'000'000'000, 1'700'000'005'000});
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 2; }));
        QVERIFY(bench.asked.start == StartPosition(FromTime{1'700'000'000'000}));
        QVERIFY(bench.asked.stop == StopPosition(UntilTime{1'700'000'005'000}));
        QVERIFY(!shown.table->isFollowing());
        emit shown.panel.findChild<plots::HistogramStrip*>()->brushCleared();
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 3; }));
        QVERIFY(bench.asked.start == StartPosition(FromLast{1000}));
        QVERIFY(bench.asked.stop == StopPosition(Unbounded{}));
    }

    void keysFilterByTheCellThatWasClicked()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(100));
        QVERIFY(bench.pullUntil(
            [&] { return shown.rows() == 100 && shown.filter->table() && shown.columns().contains("field:status"); }));
        shown.panel.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.panel));
        shown.table->setFocus();
        shown.table->setCurrentRow(95); // a NEW one
        // Somewhere in its row is the column.
        const int rowHeight = shown.table->viewport()->height() / shown.table->visibleRows();
        const int y = static_cast<int>(95 - shown.table->topRow()) * rowHeight + rowHeight / 2;
        for (int x = 30; x < shown.table->viewport()->width() && shown.table->currentCell().columnId != "field:status";
             x += 20)
            QTest::mouseClick(shown.table->viewport(), Qt::LeftButton, {}, {x, y});
        QCOMPARE(shown.table->currentCell().columnId, QString("field:status"));
        QCOMPARE(shown.table->currentCell().text, QString("NEW"));
        QTest::keyClick(shown.table, Qt::Key_F, Qt::ShiftModifier);
        QTRY_VERIFY(shown.filter->filterText().contains("status <> 'NEW'"));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 10; }));
    }

    void wrongPlacesSaySo()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 1; }));
        auto* from = shown.panel.findChild<QComboBox*>();
        from->setEditText("yesterday");
        QTest::keyClick(from->lineEdit(), Qt::Key_Return);
        QVERIFY2(shown.panel.findChild<NoticeBar*>()->text().contains("'yesterday' is no place to start"),
            qPrintable(shown.panel.findChild<NoticeBar*>()->text()));
        QCOMPARE(topic.opened(), 1);
        from->setEditText("-2h");
        QTest::keyClick(from->lineEdit(), Qt::Key_Return);
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 2; }));
    }
};

QTEST_MAIN(TestTopicFilter)
#include "tst_topic_filter.moc"
