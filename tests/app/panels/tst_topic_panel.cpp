// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/notice_bar.h"
#include "app/panels/topic_panel.h"
#include "tests/app/panel_bench.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/inspector/hex_view.h"
#include "widgets/inspector/json_view.h"
#include "widgets/style/theme.h"
#include "widgets/tables/record_table.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace weir;
using namespace weir::test;

namespace {

/// A topic panel on screen, with its parts at hand.
struct Shown
{
    explicit Shown(PanelBench& bench, const TabDocument& tab = {"topic", "a", "orders", {}})
        : panel(bench.context, tab), table(panel.findChild<tables::RecordTable*>()),
          pill(panel.findChild<dashboard::StatePill*>()), notice(panel.findChild<NoticeBar*>())
    {
        panel.resize(1200, 900);
        panel.show();
    }
    qint64 rows() const { return table->rows() ? table->rows()->endRow() : 0; }
    bool says(const QString& text) const
    {
        for (const QLabel* label : panel.findChildren<QLabel*>()) {
            if (label->isVisibleTo(&panel) && label->text().contains(text))
                return true;
        }
        return false;
    }

    TopicPanel panel;
    tables::RecordTable* table;
    dashboard::StatePill* pill;
    NoticeBar* notice;
};

std::vector<GivenRecord> orders(int count)
{
    std::vector<GivenRecord> records;
    for (int i = 0; i < count; ++i)
        records.push_back({R"({"order_id":)" + std::to_string(i) + "}", "k" + std::to_string(i), 1'700'000'000'000});
    return records;
}

} // namespace

class TestTopicPanel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void recordsComeAsTheyAreProduced()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        QVERIFY(bench.pullUntil([&] { return shown.pill->state() == style::State::Live; }));
        topic.give(orders(3));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 3; }));
        QCOMPARE(shown.table->rows()->rows(2, 1)[0].cells[3].text, QString("k2"));
        topic.give(orders(50));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 53; }));
        QVERIFY(bench.pullUntil([&] { return shown.says("53 records"); }));
        QVERIFY(bench.pullUntil([&] { return shown.pill->text() == "Live, at the end"; }));
        QVERIFY(bench.traffic.total().recordsPerSecond > 0);
    }

    void whereToStartIsAsked_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<int>("position"); ///< index into StartPosition
        QTest::newRow("last") << "-1000" << 2;
        QTest::newRow("end") << "end" << 1;
        QTest::newRow("5 min ago") << "-5m" << 4;
        QTest::newRow("a time") << "2026-03-12 14:08:00" << 4;
        QTest::newRow("an offset") << "@42" << 3;
        QTest::newRow("offsets") << "@0:42,3:7" << 5;
        QTest::newRow("beginning") << "beginning" << 0;
        QTest::newRow("of a later version") << "full moon" << 2;
    }
    void whereToStartIsAsked()
    {
        QFETCH(QString, from);
        QFETCH(int, position);
        PanelBench bench;
        bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench, {"topic", "a", "orders", {{"from", from}, {"isolation", "read_committed"}}});
        QVERIFY(bench.pullUntil([&] { return shown.pill->state() == style::State::Live; }));
        QCOMPARE(int(bench.asked.start.index()), position);
        QCOMPARE(bench.asked.isolation, IsolationLevel::ReadCommitted);
        QCOMPARE(shown.panel.tab()->view.value("isolation").toString(), QString("read_committed"));
    }

    void malformedValuesAreCountedAndStopNothing()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(200));
        topic.give({{"{\"broken\":", "k"}, {"no json", "k"}});
        topic.give(orders(5));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 207; }));
        QVERIFY(bench.pullUntil([&] { return shown.says("2 malformed"); }));
        QCOMPARE(bench.traffic.total().decodeErrors, std::uint64_t{2});
        QCOMPARE(shown.table->rows()->rows(200, 1)[0].glyph, tables::RowGlyph::DecodeFailure);
        QCOMPARE(shown.pill->state(), style::State::Live);
    }

    void evictedRowsSaySoAndAreCounted()
    {
        PanelBench bench;
        bench.budget = std::make_shared<MemoryBudget>(std::size_t{1} << 20);
        LiveConnections connections(bench.budget, bench.clock,
            [&](const SessionSettings& settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock)
                -> Result<std::shared_ptr<Session>> { return Session::over(bench.cluster, settings, budget, clock); });
        LiveTopic& topic = bench.topic("orders");
        ConnectionDocument document;
        document.id = "a";
        document.bootstrapServers = "b:1";
        (void)connections.add(document, true);
        const PanelContext context{
            connections, bench.frames, bench.background, bench.log, bench.traffic, bench.prompts};
        TopicPanel panel(context, {"topic", "a", "orders", {}});
        panel.show();
        auto* table = panel.findChild<tables::RecordTable*>();
        for (int i = 0; i < 40; ++i) {
            topic.give({{std::string(20'000, 'x'), "k"}});
            bench.pullUntil([&] { return table->rows() && table->rows()->endRow() == i + 1; });
        }
        QVERIFY(bench.pullUntil([&] { return bench.traffic.total().droppedRows > 0; }));
        const qint64 first = table->rows()->firstRow();
        QVERIFY(first > 0);
        QVERIFY(table->rows()->rows(first - 1, 1)[0].message.contains("left the buffer"));
    }

    void rowsOnDiskAreShownLikeOthers()
    {
        const QTemporaryDir cache;
        PanelBench bench;
        bench.connections.setLiveBuffers(LiveBuffers::open({cache.path().toStdString()}, bench.budget, bench.clock));
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        for (int i = 0; i < 20; ++i)
            topic.give(orders(500));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 10'000; }));
        QVERIFY(!shown.notice->isVisible());
        QVERIFY(bench.pullUntil([&] { return shown.table->rows()->rows(7'777, 1)[0].cells.size() >= 6; }));
        QCOMPARE(shown.table->rows()->rows(7'777, 1)[0].cells[2].text, QString("7777"));
        QCOMPARE(shown.table->textOf(9'990, 10).count('\n'), 10);
        QVERIFY(shown.table->textOf(9'990, 10).contains("9999"));
        shown.table->setCurrentRow(3);
        QVERIFY(bench.pullUntil([&] { return shown.says("orders 0@3"); }));
    }

    void rowsInMemoryAreSaidToBe()
    {
        PanelBench bench;
        bench.connections.setLiveBuffers(LiveBuffers::open({"/proc/weir"}, bench.budget, bench.clock));
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(5));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 5 && shown.notice->isVisible(); }));
        QVERIFY2(shown.notice->text().contains("/proc/weir"), qPrintable(shown.notice->text()));
        QCOMPARE(shown.pill->state(), style::State::Live);
    }

    void problemsBecomeAStateAndGoByThemselves()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(3));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 3; }));
        QVERIFY(!shown.notice->isVisible());
        topic.setProblem("Broker b:1 does not answer since 12:00. Weir goes on trying.");
        QVERIFY(bench.pullUntil([&] { return shown.pill->state() == style::State::Stale; }));
        QVERIFY(shown.notice->isVisible());
        QCOMPARE(shown.notice->text(), QString("Broker b:1 does not answer since 12:00. Weir goes on trying."));
        QCOMPARE(shown.rows(), qint64{3}); // rows stay
        topic.setProblem({});
        QVERIFY(bench.pullUntil([&] { return shown.pill->state() == style::State::Live; }));
        QVERIFY(!shown.notice->isVisible());
        QCOMPARE(bench.logLines().filter("does not answer").size(), 2); // came, and went
    }

    void aTopicThatCannotBeOpenedIsTriedAgain()
    {
        PanelBench bench;
        bench.topic("orders");
        bench.refusal = Error{ErrorKind::Unreachable, "no broker answers", "b:1"};
        bench.connectTo("a");
        Shown shown(bench);
        QVERIFY(bench.pullUntil([&] { return shown.pill->state() == style::State::Failed; }));
        QVERIFY2(shown.notice->text().contains("b:1: no broker answers"), qPrintable(shown.notice->text()));
        bench.refusal.reset();
        QVERIFY(bench.pullUntil([&] { return shown.pill->state() == style::State::Live; })); // by itself
        QVERIFY(!shown.notice->isVisible());
    }

    void followsItsConnection()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a", false);
        Shown shown(bench);
        QCOMPARE(shown.pill->state(), style::State::NotConnected);
        QSignalSpy wanted(&shown.panel, &TopicPanel::connectRequested);
        shown.notice->findChild<QPushButton*>()->click();
        QCOMPARE(wanted.count(), 1);
        QVERIFY(bench.connections.connectTo("a").ok());
        topic.give(orders(4));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 4; }));
        bench.connections.disconnectFrom("a");
        QCOMPARE(shown.pill->state(), style::State::NotConnected);
        QCOMPARE(shown.rows(), qint64{4}); // what was read stays
        QTRY_COMPARE(topic.alive(), 0); // and nothing is read any more
        QVERIFY(bench.connections.connectTo("a").ok());
        topic.give(orders(2));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 2; }));
        QCOMPARE(shown.pill->state(), style::State::Live);
    }

    void pausesWhileOneLooks()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(100));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 100; }));
        shown.table->setCurrentRow(50);
        QCOMPARE(shown.pill->state(), style::State::Paused);
        topic.give(orders(20));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 120; }));
        QVERIFY(bench.pullUntil([&] { return shown.pill->text().contains("20 newer rows"); }));
        QCOMPARE(shown.table->currentRow(), qint64{50});
        QTest::keyClick(shown.table, Qt::Key_End);
        QCOMPARE(shown.pill->state(), style::State::Live);
        shown.table->setFocus();
        QTest::keyClick(shown.table, Qt::Key_Space);
        QTRY_COMPARE(shown.pill->state(), style::State::Paused);
    }

    void readingStopsAndStarts()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(5));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 5; }));
        shown.panel.toggleStream();
        QTRY_COMPARE(topic.alive(), 0);
        QCOMPARE(shown.rows(), qint64{5});
        QVERIFY(shown.pill->text().contains("Stopped"));
        shown.panel.toggleStream();
        topic.give(orders(1));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 1; }));
    }

    void theChosenRecordIsShownInFull()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give({{R"({"order":{"id":4711}})", "key-1", 1'700'000'000'000}});
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 1; }));
        shown.table->setCurrentRow(0);
        const auto* json = shown.panel.findChild<inspector::JsonView*>();
        QStringList keys;
        for (const inspector::InspectorLine& line : json->lines())
            keys.append(line.key);
        QVERIFY(keys.contains("id") && keys.contains("Key") && keys.contains("Headers"));
        QCOMPARE(shown.panel.findChild<inspector::HexView*>()->size(), qint64{21});
    }

    void columnsComeBack()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        tables::TableState state;
        state.columns = {{"key", 222, false}, {"size", 50, true}};
        Shown shown(bench, {"topic", "a", "orders", {{"table", state.toJson()}}});
        topic.give(orders(1));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 1; }));
        const tables::TableState back = shown.table->saveState();
        QCOMPARE(back.columns[0].id, QString("key"));
        QCOMPARE(back.columns[0].width, 222);
        QVERIFY(back.columns[1].hidden);
        QCOMPARE(shown.panel.tab()->view.value("table").toObject(), state.toJson());
    }

    void aHiddenPanelIsNotPulled()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        QVERIFY(bench.pullUntil([&] { return shown.pill->state() == style::State::Live; }));
        shown.panel.hide();
        topic.give(orders(3));
        QTRY_VERIFY(shown.panel.snapshot() && shown.panel.snapshot()->records == 3);
        for (int i = 0; i < 20; ++i)
            bench.frames.frame();
        QVERIFY(!shown.says("3 records"));
        shown.panel.show();
        bench.frames.frame();
        QVERIFY(shown.says("3 records"));
    }

    void leavesNothingBehind()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        {
            Shown shown(bench);
            topic.give(orders(3));
            QVERIFY(bench.pullUntil([&] { return shown.rows() == 3; }));
        }
        QTRY_COMPARE(topic.alive(), 0);
        QCOMPARE(bench.traffic.total().recordsPerSecond, 0.0);
    }
};

QTEST_MAIN(TestTopicPanel)
#include "tst_topic_panel.moc"
