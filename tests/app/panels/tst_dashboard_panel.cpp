// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/dashboard_panel.h"
#include "tests/app/panel_bench.h"
#include "widgets/dashboard/dashboard_grid.h"
#include "widgets/plots/heat_map_plot.h"
#include "widgets/plots/time_plot.h"
#include "widgets/style/theme.h"

#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>

using namespace weir;
using namespace weir::test;

namespace {

DashboardPanelDocument panelOf(const QString& kind, const QString& topic = {})
{
    DashboardPanelDocument panel;
    panel.kind = kind;
    panel.connection = "a";
    panel.topic = topic;
    return panel;
}

DashboardDocument boardOf(const QList<DashboardPanelDocument>& panels)
{
    DashboardDocument document;
    document.id = "d";
    document.name = "Order pipeline";
    document.rangeSeconds = 300;
    document.panels = panels;
    return document;
}

QStringList kindsOf(const DashboardDocument& document)
{
    QStringList kinds;
    for (const DashboardPanelDocument& panel : document.panels)
        kinds.append(panel.kind);
    return kinds;
}

struct Shown
{
    Shown(PanelBench& bench, const DashboardDocument& document) : panel(bench.context, document)
    {
        QObject::connect(&panel, &DashboardPanel::edited, [this](const DashboardDocument& edited) { saved = edited; });
        panel.resize(1200, 800);
        panel.setVisible(true);
    }
    plots::TimePlot* plot(std::size_t index) const
    {
        return qobject_cast<plots::TimePlot*>(panel.view(index)->frame()->body());
    }
    plots::HeatMapPlot* heatMap(std::size_t index) const
    {
        return qobject_cast<plots::HeatMapPlot*>(panel.view(index)->frame()->body());
    }

    DashboardDocument saved;
    DashboardPanel panel;
};

/// Whether the topic of a latency panel is being read: what comes from now on is no history to it.
bool isBeingRead(const DashboardView& view)
{
    constexpr std::uint64_t snapshots = std::uint64_t{1} << 40; // below are the snapshots of its reader
    return view.generation() % snapshots >= 2;
}

bool hasState(const std::vector<style::StateLine>& states, style::State state)
{
    return std::any_of(states.begin(), states.end(), [&](const style::StateLine& line) { return line.state == state; });
}

} // namespace

class TestDashboardPanel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void throughputAndLagOfACluster()
    {
        PanelBench bench;
        bench.cluster->setTopic("orders", {1000, 500});
        bench.cluster->setTopic("__consumer_offsets", {10});
        bench.cluster->commit("billing", {"orders", PartitionId{0}}, 900);
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("throughput"), panelOf("lag")}));
        QVERIFY(bench.pullUntil([&] { return shown.plot(0)->data().series.size() == 1; }));
        QCOMPARE(shown.plot(0)->data().series[0].name, QString("orders"));
        bench.cluster->produce("orders", 4000);
        QVERIFY(bench.pullUntil([&] {
            const auto& samples = shown.plot(0)->data().series[0].samples;
            return !samples.empty() && samples.back().value > 0;
        }));
        QVERIFY(bench.pullUntil([&] { return shown.plot(1)->data().series.size() == 1; }));
        QCOMPARE(shown.plot(1)->data().series[0].name, QString("billing"));
        QVERIFY(bench.pullUntil([&] { return shown.plot(1)->data().series[0].samples.size() > 0; }));
        const auto range = shown.plot(0)->data().range;
        QCOMPARE(range.length(), std::int64_t{300'000});
        QVERIFY(shown.panel.summary()[0].startsWith("Throughput by topic: orders"));
    }

    void aSeriesKeepsItsColour()
    {
        PanelBench bench;
        bench.cluster->setTopic("payments", {1});
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("throughput")}));
        QVERIFY(bench.pullUntil([&] { return shown.plot(0)->data().series.size() == 1; }));
        const int look = shown.plot(0)->data().series[0].look;
        bench.cluster->setTopic("orders", {1}); // comes before it by name
        QVERIFY(bench.pullUntil([&] { return shown.plot(0)->data().series.size() == 2; }));
        QCOMPARE(shown.plot(0)->data().series[1].name, QString("payments"));
        QCOMPARE(shown.plot(0)->data().series[1].look, look);
        QVERIFY(shown.plot(0)->data().series[0].look != look);
    }

    void latencyByTimestampOrByField()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("latency", "orders")}));
        const EpochMs now = bench.clock.wallMs();
        QTRY_COMPARE(topic.opened(), 1);
        QTRY_VERIFY(isBeingRead(*shown.panel.view(0)));
        topic.give(
            {{R"({"at":)" + std::to_string(now - 5000) + "}", {}, now - 50}, {R"({"other":1})", {}, now - 50}}, now);
        QVERIFY(bench.pullUntil([&] { return !shown.heatMap(0)->data().columns.empty(); }));
        QVERIFY(std::abs(shown.heatMap(0)->data().columns[0].p50 - 50) < 1);
        QVERIFY(!hasState(shown.heatMap(0)->data().states, style::State::Incomplete));

        DashboardPanelDocument byField = panelOf("latency", "orders");
        byField.latencyField = "at";
        shown.panel.changePanel(0, byField);
        QCOMPARE(shown.saved.panels[0].latencyField, QString("at"));
        QVERIFY(shown.panel.view(0)->frame()->title().contains("orders.at"));
        QTRY_COMPARE(topic.opened(), 2);
        QTRY_COMPARE(topic.alive(), 1); // the former reader is gone: what is given is for the new one
        QTRY_VERIFY(isBeingRead(*shown.panel.view(0)));
        topic.give(
            {{R"({"at":)" + std::to_string(now - 5000) + "}", {}, now - 50}, {R"({"other":1})", {}, now - 50}}, now);
        QVERIFY(bench.pullUntil([&] { return !shown.heatMap(0)->data().columns.empty(); }));
        QVERIFY(std::abs(shown.heatMap(0)->data().columns[0].p50 - 5000) < 60);
        QVERIFY(hasState(shown.heatMap(0)->data().states, style::State::Incomplete));
        QVERIFY(shown.heatMap(0)->data().states[0].text.contains("1 of 2 records had no at"));
    }

    void panelsComeAndGo()
    {
        PanelBench bench;
        bench.cluster->setTopic("orders", {1});
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("throughput")}));
        shown.panel.addPanel(panelOf("lag"));
        shown.panel.addPanel(panelOf("throughput"));
        QCOMPARE(kindsOf(shown.saved), QStringList({"throughput", "lag", "throughput"}));
        shown.panel.removePanel(1);
        QCOMPARE(kindsOf(shown.saved), QStringList({"throughput", "throughput"}));
        shown.panel.removePanel(0);
        shown.panel.removePanel(0);
        QVERIFY(shown.saved.panels.isEmpty());
        shown.panel.addPanel(panelOf("lag")); // an empty dashboard takes panels again
        QCOMPARE(shown.panel.panelCount(), std::size_t{1});
        QVERIFY(bench.pullUntil([&] { return shown.plot(0)->data().range.length() > 0; }));
    }

    void placesAreKept()
    {
        PanelBench bench;
        bench.connectTo("a");
        DashboardDocument document = boardOf({panelOf("throughput"), panelOf("lag")});
        document.panels[0].place = {0, 1, 1, 1};
        document.panels[1].place = {0, 0, 1, 1};
        Shown shown(bench, document);
        auto* grid = shown.panel.findChild<dashboard::DashboardGrid*>();
        QCOMPARE(grid->cells()[0].column, 1);
        QCOMPARE(grid->cells()[1].column, 0);
        std::vector<dashboard::GridCell> cells = grid->cells();
        std::swap(cells[0].column, cells[1].column);
        grid->setCells(cells);
        emit grid->cellsChanged(); // as after a drag
        QVERIFY(shown.saved.panels[0].place == (PanelPlace{0, 0, 1, 1}));
        QVERIFY(shown.saved.panels[1].place == (PanelPlace{0, 1, 1, 1}));
        shown.panel.changePanel(0, shown.saved.panels[0]); // starts anew in its place
        QVERIFY(shown.saved.panels[0].place == (PanelPlace{0, 0, 1, 1}));
    }

    void kindsOfALaterVersionAreKeptInTheDocument()
    {
        PanelBench bench;
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("flame graph"), panelOf("lag")}));
        QCOMPARE(shown.panel.panelCount(), std::size_t{1});
        QCOMPARE(bench.logLines().filter("flame graph").size(), 1);
        shown.panel.addPanel(panelOf("throughput"));
        QCOMPARE(kindsOf(shown.saved), QStringList({"lag", "throughput", "flame graph"}));
    }

    void aPausedPictureStandsStill()
    {
        PanelBench bench;
        bench.cluster->setTopic("orders", {1});
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("throughput")}));
        QVERIFY(bench.pullUntil([&] { return shown.plot(0)->data().range.length() > 0; }));
        shown.panel.togglePause();
        const std::int64_t end = shown.plot(0)->data().range.endMs;
        for (int i = 0; i < 30; ++i) {
            QTest::qWait(20);
            bench.frames.frame();
        }
        QCOMPARE(shown.plot(0)->data().range.endMs, end);
        shown.panel.toggleStream(); // Ctrl+E goes on, as Space does
        QVERIFY(bench.pullUntil([&] { return shown.plot(0)->data().range.endMs > end; }));
    }

    void pullsAreBounded()
    {
        PanelBench bench;
        bench.cluster->setTopic("orders", {1});
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("throughput")}));
        QVERIFY(bench.pullUntil([&] { return shown.plot(0)->data().range.length() > 0; }));
        QElapsedTimer clock;
        clock.start();
        int pictures = 0;
        std::int64_t last = 0;
        while (clock.elapsed() < 1000) {
            bench.frames.frame();
            const std::int64_t end = shown.plot(0)->data().range.endMs;
            pictures += end != std::exchange(last, end) ? 1 : 0;
            QTest::qWait(1);
        }
        // Ten a second at most, whatever the number of frames: time moves the picture four times a second.
        QVERIFY2(pictures <= 1 + clock.elapsed() / 100, qPrintable(QString::number(pictures)));
    }

    void aClosedConnectionIsTold()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("throughput"), panelOf("latency", "orders")}));
        QVERIFY(bench.pullUntil([&] { return shown.plot(0)->data().series.size() == 1; }));
        bench.connections.disconnectFrom("a");
        QVERIFY(bench.pullUntil([&] { return hasState(shown.plot(0)->data().states, style::State::Stale); }));
        QVERIFY(shown.plot(0)->data().states[0].text.contains("a name is not open"));
        QCOMPARE(shown.plot(0)->data().series.size(), std::size_t{1}); // values are kept
        QVERIFY(bench.pullUntil([&] { return hasState(shown.heatMap(1)->data().states, style::State::NotConnected); }));
        QVERIFY(bench.connections.connectTo("a").ok());
        QVERIFY(bench.pullUntil([&] { return shown.plot(0)->data().states.empty(); }));
        QTRY_COMPARE(topic.alive(), 1);
        QVERIFY(bench.pullUntil([&] { return shown.heatMap(1)->data().states.empty(); }));
    }

    void queriesStartWhenTheirConnectionDoes()
    {
        PanelBench bench;
        bench.topic("orders");
        bench.connectTo("a", false);
        DashboardPanelDocument query = panelOf("query");
        query.title = "Revenue";
        query.sql = R"(CREATE TABLE orders (n BIGINT, made TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
          WATERMARK FOR made AS made) WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json',
          'properties.bootstrap.servers' = 'a:9092', 'scan.startup.mode' = 'earliest-offset');
          SELECT window_start, SUM(n) AS s, COUNT(*) AS c
          FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(made), INTERVAL '10' SECOND))
          GROUP BY window_start, window_end;)";
        Shown shown(bench, boardOf({query}));
        QVERIFY(bench.pullUntil([&] { return hasState(shown.plot(0)->data().states, style::State::Failed); }));
        QVERIFY(bench.connections.connectTo("a").ok());
        LiveTopic& topic = bench.topic("orders");
        QTRY_VERIFY(topic.opened() > 0);
        topic.give({{R"({"n":4})", {}, 1'000'000}, {R"({"n":5})", {}, 1'001'000}, {R"({"n":6})", {}, 1'015'000}});
        QVERIFY(bench.pullUntil([&] {
            const auto& series = shown.plot(0)->data().series;
            return series.size() == 1 && series[0].samples.size() == 2;
        }));
        QCOMPARE(shown.panel.view(0)->columns(), QStringList({"s", "c"}));
        DashboardPanelDocument sum = query;
        sum.plotColumn = "s";
        shown.panel.changePanel(0, sum);
        QTRY_VERIFY(topic.opened() > 1);
        QTRY_COMPARE(topic.alive(), 1);
        topic.give({{R"({"n":4})", {}, 1'000'000}, {R"({"n":6})", {}, 1'015'000}});
        QVERIFY(bench.pullUntil([&] {
            const auto& series = shown.plot(0)->data().series;
            return series.size() == 1 && series[0].samples.front().value == 4.0;
        }));
    }

    void theCursorIsLinked()
    {
        PanelBench bench;
        bench.cluster->setTopic("orders", {1});
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("throughput"), panelOf("lag")}));
        emit shown.plot(0)->cursorMoved(1'700'000'000'000);
        QCOMPARE(shown.plot(1)->cursor(), std::optional<std::int64_t>(1'700'000'000'000));
        emit shown.plot(0)->cursorMoved(std::nullopt);
        QCOMPARE(shown.plot(1)->cursor(), std::nullopt);
        for (QPushButton* button : shown.panel.findChildren<QPushButton*>()) {
            if (button->isCheckable())
                button->click();
        }
        QVERIFY(!shown.saved.linkedCursor);
        emit shown.plot(0)->cursorMoved(1'700'000'000'000);
        QCOMPARE(shown.plot(1)->cursor(), std::nullopt);
    }

    void rangeAndNameAreSaved()
    {
        PanelBench bench;
        bench.connectTo("a");
        Shown shown(bench, boardOf({panelOf("lag")}));
        auto* range = shown.panel.findChild<QComboBox*>();
        QCOMPARE(range->currentData().toInt(), 300);
        range->setCurrentIndex(range->findData(3600));
        emit range->activated(range->currentIndex());
        QCOMPARE(shown.saved.rangeSeconds, 3600);
        shown.panel.rename("Nightly");
        QCOMPARE(shown.saved.name, QString("Nightly"));
        QCOMPARE(shown.panel.title(), QString("Nightly"));
    }
};

QTEST_MAIN(TestDashboardPanel)
#include "tst_dashboard_panel.moc"
