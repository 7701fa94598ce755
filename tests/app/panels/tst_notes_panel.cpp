// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/notes_panel.h"
#include "tests/app/panel_bench.h"
#include "widgets/style/theme.h"

#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTreeWidget>

using namespace weir;
using namespace weir::test;

class TestNotesPanel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void placesAreGoneTo()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        NotesPanel panel(bench.context, {"a", "orders"});
        panel.resize(1200, 800);
        panel.show();
        QCOMPARE(panel.title(), QString("Notes on orders"));
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 1; }));
        std::vector<GivenRecord> records;
        for (int i = 0; i < 50; ++i)
            records.push_back({"{\"id\":" + std::to_string(i) + "}", "k" + std::to_string(i), 1'700'000'000'000 + i});
        records[20].timestamp -= 500;
        records[30].value = "{\"id\":";
        topic.give(records);
        auto* report = panel.findChild<QPlainTextEdit*>();
        QVERIFY(bench.pullUntil([&] { return report->toPlainText().contains("50 records of"); }));
        panel.toggleStream();
        QVERIFY(bench.pullUntil([&] { return !panel.isRunning() && panel.list()->topLevelItemCount() == 2; }));
        QTreeWidgetItem* poison = panel.list()->topLevelItem(0); // the worst
        QCOMPARE(poison->text(0), QString("error: poison record"));
        QCOMPARE(poison->childCount(), 1);
        QSignalSpy requested(&panel, &NotesPanel::recordRequested);
        emit panel.list()->itemActivated(poison, 0); // opens
        QVERIFY(poison->isExpanded());
        QVERIFY(requested.isEmpty());
        emit panel.list()->itemActivated(poison->child(0), 0);
        QCOMPARE(requested.size(), 1);
        const auto place = requested.front().at(1).value<RecordPlace>();
        QCOMPARE(place.offset, std::int64_t{30});
        QCOMPARE(place.partition.topic, std::string("orders"));
        QVERIFY(panel.list()->topLevelItem(1)->text(2).contains("at most 499 ms"));
    }

    void wellIsSaid()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        NotesPanel panel(bench.context, {"a", "orders"});
        panel.show();
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 1; }));
        topic.give({{"{}", "k", 1}});
        auto* report = panel.findChild<QPlainTextEdit*>();
        QVERIFY(bench.pullUntil([&] { return report->toPlainText().contains("Nothing remarkable"); }));
    }
};

QTEST_MAIN(TestNotesPanel)
#include "tst_notes_panel.moc"
