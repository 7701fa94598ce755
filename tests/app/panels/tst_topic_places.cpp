// SPDX-License-Identifier: GPL-3.0-or-later
// A topic view as its user orders it, goes from record to record in it, marks and compares them.
#include "app/panels/position_bar.h"
#include "app/panels/record_panel.h"
#include "tests/app/shown_topic.h"
#include "widgets/inspector/json_view.h"
#include "widgets/plots/histogram_strip.h"
#include "widgets/style/theme.h"
#include "widgets/tables/table_header.h"

#include <QClipboard>
#include <QMenu>
#include <QSignalSpy>

using namespace weir;
using namespace weir::test;

namespace {

/// Clicks the head of a column.
void clickHead(const Shown& shown, const QString& column)
{
    auto* head = shown.table->findChild<tables::TableHeader*>();
    const int logical = static_cast<int>(shown.columns().indexOf(column));
    const QPoint place(head->sectionViewportPosition(logical) + head->sectionSize(logical) / 2, head->height() / 2);
    QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, place);
}

QStringList column(const Shown& shown, const QString& name)
{
    QStringList cells;
    for (qint64 row = shown.table->rows()->firstRow(); row < shown.rows(); ++row)
        cells << shown.cell(row, name);
    return cells;
}

/// Values of one key in several versions.
std::vector<GivenRecord> versions(const std::vector<std::string>& keys, EpochMs begin = 1'700'000'000'000)
{
    std::vector<GivenRecord> records;
    for (const std::string& key : keys) {
        const auto number = std::to_string(records.size());
        records.push_back({"{\"v\":" + number + ",\"name\":\"" + key + "\"}", key,
            begin + static_cast<EpochMs>(records.size()) * 1000});
    }
    return records;
}

} // namespace

class TestTopicPlaces : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void headsOfColumnsSort()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give({{R"({"n":7})", "c", 3}, {R"({"n":-2})", "a", 1}, {R"({"n":10})", "b", 2}});
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 3 && shown.columns().contains("field:n"); }));
        clickHead(shown, "field:n");
        QVERIFY(bench.pullUntil([&] { return column(shown, "field:n") == QStringList({"-2", "7", "10"}); }));
        QVERIFY(bench.pullUntil([&] { return shown.says("; by n") && !shown.says("in order so far"); }));
        shown.table->setCurrentRow(1); // 7
        clickHead(shown, "field:n"); // the other way round, with the same record
        QVERIFY(bench.pullUntil([&] { return column(shown, "field:n") == QStringList({"10", "7", "-2"}); }));
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 1; }));
        topic.give({{R"({"n":8})", "d", 4}}); // finds its place, and who is selected moves on
        QVERIFY(bench.pullUntil([&] { return column(shown, "field:n") == QStringList({"10", "8", "7", "-2"}); }));
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 2; }));
        QCOMPARE(shown.panel.tab()->view.value("order").toString(), QString("field:n desc"));
        clickHead(shown, "field:n"); // as they came
        QVERIFY(bench.pullUntil([&] { return column(shown, "field:n") == QStringList({"7", "-2", "10", "8"}); }));
        clickHead(shown, "key");
        QVERIFY(bench.pullUntil([&] { return column(shown, "key") == QStringList({"a", "b", "c", "d"}); }));
        clickHead(shown, "time");
        QVERIFY(bench.pullUntil([&] { return column(shown, "key") == QStringList({"a", "b", "c", "d"}); }));
    }

    void findingGoesInTheOrderOfTheRows()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench, {{"order", "offset desc"}});
        topic.give(orders(100));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 100; }));
        shown.panel.find();
        QTest::keyClicks(shown.find->findChild<QLineEdit*>(), "PAID");
        QVERIFY(bench.pullUntil([&] { return shown.says("10 of 100 rows match"); }));
        shown.table->setCurrentRow(0); // offset 99
        shown.panel.findNext(true);
        QCOMPARE(shown.cell(shown.table->currentRow(), "offset"), QString("90"));
        shown.panel.findNext(true);
        QCOMPARE(shown.cell(shown.table->currentRow(), "offset"), QString("80"));
        shown.panel.findNext(false);
        shown.panel.findNext(false); // round to the last
        QCOMPARE(shown.cell(shown.table->currentRow(), "offset"), QString("0"));
    }

    void theNewestOfEachKeyIsATable()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(versions({"a", "b", "a", "c", "b"}));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 5 && shown.columns().contains("field:v"); }));
        shown.panel.setLatestPerKey(true);
        QVERIFY(bench.pullUntil([&] { return column(shown, "field:v") == QStringList({"2", "4", "3"}); }));
        QVERIFY(bench.pullUntil([&] { return shown.says("newest of 3 keys"); }));
        topic.give({{R"({"v":9})", "a", 1'700'000'100'000}, {std::nullopt, "c", 1'700'000'100'000}});
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 3 && shown.cell(0, "field:v") == "9"; }));
        QVERIFY(bench.pullUntil([&] { return shown.table->rows()->rows(2, 1)[0].message.contains("tombstone"); }));
        QCOMPARE(shown.panel.tab()->view.value("latestPerKey").toBool(), true);
        shown.panel.setLatestPerKey(false);
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 7; }));
    }

    void severalTopicsAreMergedByTime()
    {
        PanelBench bench;
        LiveTopic& orders = bench.topic("orders");
        LiveTopic& payments = bench.topic("payments");
        bench.connectTo("a");
        Shown shown(bench);
        QVERIFY(bench.pullUntil([&] { return orders.opened() == 1; }));
        shown.panel.addTopic("payments");
        QCOMPARE(shown.panel.title(), QString("orders + payments"));
        QVERIFY(bench.pullUntil([&] { return payments.opened() == 1 && orders.opened() == 2 && orders.alive() == 1; }));
        payments.give({{R"({"paid":1})", "k1", 2'000}, {R"({"paid":2})", "k2", 4'000}});
        orders.give({{R"({"n":1})", "k1", 1'000}, {R"({"n":2})", "k2", 3'000}});
        QVERIFY(bench.pullUntil([&] {
            return shown.rows() == 4
                && column(shown, "topic") == QStringList({"orders", "payments", "orders", "payments"});
        }));
        QCOMPARE(column(shown, "key"), QStringList({"k1", "k1", "k2", "k2"}));
        QVERIFY(bench.pullUntil(
            [&] { return shown.columns().contains("field:n") && shown.columns().contains("field:paid"); }));
        QCOMPARE(shown.cell(1, "field:n"), QString("NULL"));
        const auto saved = shown.panel.tab();
        QCOMPARE(saved->name, QString("orders"));
        QCOMPARE(saved->view.value("topics").toVariant().toStringList(), QStringList({"orders", "payments"}));
        shown.panel.removeTopic("payments");
        QVERIFY(bench.pullUntil([&] { return orders.opened() == 3 && shown.panel.title() == "orders"; }));
    }

    void aKeyIsFollowedInAViewOfItsOwn()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        QJsonObject view;
        {
            Shown shown(bench);
            topic.give(versions({"a", "it's", "a"}));
            QVERIFY(bench.pullUntil([&] { return shown.rows() == 3 && shown.filter->table(); }));
            QSignalSpy requested(&shown.panel, &TopicPanel::viewRequested);
            shown.table->setCurrentRow(1);
            shown.panel.followKey();
            QCOMPARE(requested.size(), 1);
            view = requested.front().front().value<TabDocument>().view;
            QCOMPARE(view.value("filter").toString(), QString("key = 'it''s'"));
        }
        const int opened = topic.opened();
        Shown followed(bench, view);
        QCOMPARE(followed.panel.title(), QString("key it's"));
        QVERIFY(!followed.panel.isPlain());
        QVERIFY(bench.pullUntil([&] { return topic.opened() == opened + 1; }));
        topic.give(versions({"a", "it's", "a"})); // from which the fields are known
        QVERIFY(bench.pullUntil([&] { return topic.opened() == opened + 2 && topic.alive() == 1; }));
        QVERIFY(std::holds_alternative<FromBeginning>(bench.asked.start));
        topic.give(versions({"a", "it's", "a", "it's"}));
        QVERIFY(bench.pullUntil([&] { return column(followed, "key") == QStringList({"it's", "it's"}); }));
        QVERIFY(bench.pullUntil([&] { return followed.says("2 of 4 match"); }));
    }

    void recordsAreMarkedAndCommented()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        QList<MarkDocument> marks;
        connect(&shown.panel, &TopicPanel::markSaved, &shown.panel, [&](MarkDocument mark) {
            marks.removeIf([&](const MarkDocument& one) { return !mark.id.isEmpty() && one.id == mark.id; });
            mark.id = mark.id.isEmpty() ? QString::number(marks.size()) : mark.id;
            marks.append(mark);
            shown.panel.setMarks(marks);
        });
        connect(&shown.panel, &TopicPanel::markRemoved, &shown.panel, [&](const QString& id) {
            marks.removeIf([&](const MarkDocument& one) { return one.id == id; });
            shown.panel.setMarks(marks);
        });
        topic.give(orders(20));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 20; }));
        shown.panel.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.panel));
        shown.table->setFocus();
        shown.table->setCurrentRow(7);
        QTest::keyClick(shown.table, Qt::Key_M, Qt::ControlModifier);
        QTRY_COMPARE(marks.size(), 1);
        QCOMPARE(marks.front().offset, qint64{7});
        QCOMPARE(marks.front().topic, QString("orders"));
        QCOMPARE(shown.table->rows()->rows(7, 1)[0].glyph, tables::RowGlyph::Marked);
        QVERIFY(!shown.columns().contains("comment")); // nothing to say yet
        bench.answer = "looks odd";
        shown.panel.commentRecord();
        QCOMPARE(marks.size(), 1);
        QCOMPARE(shown.cell(7, "comment"), QString("looks odd"));
        QTest::keyClick(shown.table, Qt::Key_M, Qt::ControlModifier);
        QTRY_COMPARE(marks.size(), 0);
        QCOMPARE(shown.table->rows()->rows(7, 1)[0].glyph, tables::RowGlyph::None);
        MarkDocument elsewhere;
        elsewhere.connection = "b";
        elsewhere.topic = "orders";
        shown.panel.setMarks({elsewhere});
        QCOMPARE(shown.table->rows()->rows(0, 1)[0].glyph, tables::RowGlyph::None);
    }

    void filtersColourRows()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        FilterDocument paid;
        paid.name = "Paid";
        paid.topic = "orders";
        paid.sql = "status = 'PAID'";
        paid.colour = "warn";
        FilterDocument wrong = paid;
        wrong.sql = "no such column";
        shown.panel.setSavedFilters({wrong, paid});
        topic.give(orders(20));
        QVERIFY(bench.pullUntil(
            [&] { return shown.rows() == 20 && shown.table->rows()->rows(10, 1)[0].tint == tables::RowTint::Warn; }));
        QCOMPARE(shown.table->rows()->rows(11, 1)[0].tint, tables::RowTint::None);
        shown.panel.setSavedFilters({});
        QCOMPARE(shown.table->rows()->rows(10, 1)[0].tint, tables::RowTint::None);
    }

    void problemsAreMarkedAndGoneTo()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        std::vector<GivenRecord> records = orders(200);
        records[20].value = R"({"id":20,"status")";
        records[150].value = R"({"id":)";
        topic.give(records);
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 200; }));
        shown.panel.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.panel));
        shown.table->setFocus();
        shown.table->setCurrentRow(30);
        QTest::keyClick(shown.table, Qt::Key_F8);
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 150; }));
        QTest::keyClick(shown.table, Qt::Key_F8, Qt::ShiftModifier);
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 20; }));
        QTest::keyClick(shown.table, Qt::Key_F8, Qt::ShiftModifier);
        QVERIFY(bench.pullUntil([&] { return bench.logLines().join(' ').contains("No problem before this row"); }));
        auto* histogram = shown.panel.findChild<plots::HistogramStrip*>();
        QVERIFY(bench.pullUntil([&] { return !histogram->data().failures.empty(); }));
    }

    void backAndForward()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(200));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 200 && shown.filter->table(); }));
        shown.table->setCurrentRow(42);
        shown.type("id < 100");
        QTest::keyClick(shown.filterEdit(), Qt::Key_Return);
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 100 && shown.table->currentRow() == 42; }));
        shown.panel.goToRecord({{"orders", PartitionId{0}}, 77});
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 77; }));
        shown.panel.goToRecord({{"orders", PartitionId{0}}, 5});
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 5; }));
        shown.panel.goBack();
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 77; }));
        shown.panel.goBack();
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 42; }));
        QCOMPARE(shown.filter->filterText(), QString("id < 100"));
        shown.panel.goForward();
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 77; }));
        const int opened = topic.opened();
        shown.panel.goBack();
        QVERIFY(bench.pullUntil([&] { return shown.table->currentRow() == 42; }));
        shown.panel.goBack(); // to what was read without the filter
        QVERIFY(bench.pullUntil([&] { return topic.opened() == opened + 1 && shown.filter->filterText().isEmpty(); }));
        shown.panel.goBack(); // there is nothing more
        QCOMPARE(topic.opened(), opened + 1);
    }

    void aRecordThatTheFilterHidesIsShown()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(50));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 50 && shown.filter->table(); }));
        shown.type("id < 10");
        QTest::keyClick(shown.filterEdit(), Qt::Key_Return);
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 10; }));
        shown.panel.goToRecord({{"orders", PartitionId{0}}, 33});
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 50 && shown.table->currentRow() == 33; }));
        QVERIFY(shown.filter->filterText().isEmpty());
    }

    /// What is not among the rows is read: the view goes to its time.
    void aRecordThatWasNotReadIsReadTo()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(10));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 10; }));
        // Other rows than those with the record in them.
        shown.panel.findChild<PositionBar*>()->setFrom("end");
        emit shown.panel.findChild<PositionBar*>()->changed();
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 2 && shown.rows() == 0; }));
        shown.panel.goToRecord({{"orders", PartitionId{0}}, 7});
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 3 && topic.alive() == 1; }));
        QVERIFY(bench.asked.start == StartPosition(FromTime{1'700'000'007'000}));
        topic.give(orders(20)); // the test's topic goes on with offset 10
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 20; }));
        shown.panel.goToRecord({{"orders", PartitionId{0}}, 12});
        QVERIFY(bench.pullUntil(
            [&] { return shown.table->currentRow() >= 0 && shown.cell(shown.table->currentRow(), "offset") == "12"; }));
        shown.panel.goToRecord({{"orders", PartitionId{0}}, 500});
        QVERIFY(
            bench.pullUntil([&] { return bench.logLines().join(' ').contains("there is no record at this offset"); }));
    }

    void recordsAreCopiedInWhole()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(versions({"a", "b", "c"}));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 3; }));
        shown.table->selectAll();
        QGuiApplication::clipboard()->clear();
        shown.panel.copyRows(exporter::Format::Csv);
        QVERIFY(bench.pullUntil([&] { return !QGuiApplication::clipboard()->text().isEmpty(); }));
        const QStringList lines = QGuiApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 4);
        QVERIFY2(lines[0].startsWith("topic,partition,offset,timestamp,"), qPrintable(lines[0]));
        QVERIFY2(lines[2].contains("orders,0,1,1700000001000"), qPrintable(lines[2]));
        shown.table->setCurrentRow(1);
        QGuiApplication::clipboard()->clear();
        shown.panel.copyRows(exporter::Format::Raw);
        QVERIFY(bench.pullUntil([&] { return !QGuiApplication::clipboard()->text().isEmpty(); }));
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("{\"v\":1,\"name\":\"b\"}\n"));
    }

    void whatIsChosenIsExported()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(orders(20));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 20 && shown.filter->table(); }));
        QVERIFY(!shown.panel.asked(true).chosen.rows); // all of them: what the view holds
        shown.table->selectAll();
        QCOMPARE(shown.panel.asked(true).chosen.count, std::int64_t{20});
        shown.table->setCurrentRow(3);
        QVERIFY(!shown.panel.asked(true).chosen.rows);
        shown.type("id < 5");
        QTest::keyClick(shown.filterEdit(), Qt::Key_Return);
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 5; }));
        QCOMPARE(shown.panel.asked(true).chosen.count, std::int64_t{5});
    }

    void aRecordIsComparedWithTheOneBefore()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        topic.give(versions({"a", "b", "a"}));
        QVERIFY(bench.pullUntil([&] { return shown.rows() == 3; }));
        shown.table->setCurrentRow(2);
        shown.panel.compareWithBefore();
        auto* record = shown.panel.findChild<RecordPanel*>();
        QVERIFY(bench.pullUntil([&] { return record->isComparing() || !bench.logLines().isEmpty(); }));
        QVERIFY2(record->isComparing(), qPrintable(bench.logLines().join('\n')));
        QStringList told;
        for (const inspector::InspectorLine& line : shown.panel.findChild<inspector::JsonView*>()->lines()) {
            if (line.type == "changed" && !line.foldable)
                told << line.key + " " + line.value;
        }
        QVERIFY2(told.contains(QStringLiteral("v 0 → 2")), qPrintable(told.join('|')));
        record->endComparison();
        QVERIFY(!record->isComparing());
        shown.table->setCurrentRow(1); // the first of its key
        shown.panel.compareWithBefore();
        QVERIFY(bench.pullUntil([&] { return bench.logLines().join(' ').contains("no record with the same key"); }));
    }
};

QTEST_MAIN(TestTopicPlaces)
#include "tst_topic_places.moc"
