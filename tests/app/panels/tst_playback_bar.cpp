// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/reaper.h"
#include "app/models/background.h"
#include "app/panels/playback_bar.h"
#include "app/panels/query_view.h"
#include "connectors/capture/capture_writer.h"
#include "tests/support/manual_clock.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

constexpr EpochMs start = 1'700'000'000'000;

/// Ten batches a second for twenty seconds, each second with one record more per batch.
void writeCapture(const QString& folder)
{
    const SystemClock clock;
    capture::Manifest about;
    about.topics.push_back({"orders", {}, {}, {}, {{PartitionId{0}, {}, {}}}});
    auto writer = capture::CaptureWriter::create(folder.toStdString(), about, {}, clock);
    QVERIFY(writer);
    std::int64_t offset = 0;
    for (int i = 0; i < 200; ++i) {
        const std::size_t records = 1 + static_cast<std::size_t>(i) / 10;
        RecordBatchBuilder builder(
            std::make_shared<const std::string>("orders"), PartitionId{0}, {records, 0, records * 8});
        for (std::size_t r = 0; r < records; ++r)
            builder.add(offset++, start + i * 100 - 5, TimestampType::CreateTime, "k", "{}");
        QVERIFY((*writer)->append(*builder.finish(start + i * 100, nullptr), std::nullopt));
        if (i % 20 != 10)
            continue;
        capture::Observation seen; // every two seconds, a group that falls behind by ten more
        seen.groups.time = start + i * 100;
        seen.groups.ends = {{{"orders", PartitionId{0}}, offset}};
        seen.groups.groups.push_back(
            {{"billing", "Stable", {}, {}, {}}, {{{"orders", PartitionId{0}}, offset - std::int64_t{i} / 2, {}}}});
        (*writer)->observe(seen);
    }
    QVERIFY((*writer)->finish("done"));
}

struct Shown
{
    explicit Shown(const QString& folder) : connections(std::make_shared<MemoryBudget>(std::size_t{64} << 20), clock)
    {
        ConnectionDocument document;
        document.id = "c";
        document.capture = folder;
        (void)connections.add(document, true);
        bar = std::make_unique<PlaybackBar>(connections, background);
        bar->showCapture("c");
        appeared = QTest::qWaitFor([&] {
            bar->pull();
            return bar->isVisibleTo(nullptr) || !bar->isHidden();
        });
    }
    ~Shown()
    {
        connections.remove("c");
        Reaper::instance().drain(10s);
    }
    QPushButton& button(const QString& text)
    {
        for (auto* one : bar->findChildren<QPushButton*>()) {
            if (one->text() == text)
                return *one;
        }
        qFatal("no button %s", qPrintable(text));
    }
    QString time() { return bar->findChild<QLabel*>()->text(); }
    std::shared_ptr<capture::Playback> playback() { return connections.session("c")->playback(); }
    /// Records per second of each second that the monitor has drawn.
    std::map<std::int64_t, double> curve()
    {
        std::map<std::int64_t, double> values;
        const auto snapshot = connections.session("c")->monitor().snapshot();
        if (snapshot->topics.empty())
            return values;
        const SeriesLevel& level = snapshot->topics.front().throughput->levels.front();
        for (std::size_t i = 0; i < level.bins.size(); ++i) {
            if (level.bins[i].count > 0)
                values[(level.origin - start) / 1000 + std::int64_t(i)] =
                    level.bins[i].sum / double(level.bins[i].count);
        }
        return values;
    }

    /// Lag of the group at each second that was drawn.
    std::map<std::int64_t, double> lags()
    {
        std::map<std::int64_t, double> values;
        const auto snapshot = connections.session("c")->monitor().snapshot();
        if (snapshot->groups.empty())
            return values;
        const SeriesLevel& level = snapshot->groups.front().lagSeries->levels.front();
        for (std::size_t i = 0; i < level.bins.size(); ++i) {
            if (level.bins[i].count > 0)
                values[(level.origin - start) / 1000 + std::int64_t(i)] = level.bins[i].max;
        }
        return values;
    }

    ManualClock clock;
    LiveConnections connections;
    Background background;
    std::unique_ptr<PlaybackBar> bar;
    bool appeared = false;
};

} // namespace

class TestPlaybackBar : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;

private slots:
    void initTestCase()
    {
        style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark);
        writeCapture(m_dir.filePath("capture"));
    }

    void beginsWithEverything()
    {
        Shown shown(m_dir.filePath("capture"));
        QVERIFY(shown.appeared);
        QCOMPARE(shown.time(), QString("all of 2023-11-14 22:13:20.000 to 22:13:39.999"));
        QVERIFY(!shown.button("Everything").isEnabled());
        QTRY_COMPARE(shown.curve().size(), std::size_t{20});
        for (const auto& [second, value] : shown.curve())
            QCOMPARE(value, 10.0 * double(second + 1));
    }

    void plays()
    {
        Shown shown(m_dir.filePath("capture"));
        auto* pace = shown.bar->findChild<QComboBox*>();
        pace->setCurrentIndex(pace->findText("2 ×"));
        const auto before = shown.connections.session("c");
        shown.button("Play").click();
        QVERIFY(shown.connections.session("c") != before); // whoever looks begins anew
        QVERIFY(QTest::qWaitFor([&] { return shown.playback()->span().has_value(); }));
        shown.clock.advance(2s);
        shown.bar->pull();
        QCOMPARE(shown.time(), QString("2023-11-14 22:13:23.999 of 22:13:39.999"));
        QCOMPARE(shown.bar->findChild<QSlider*>()->value(), 10'000 * 3'999 / 19'999);
        shown.button("Pause").click();
        shown.clock.advance(1min);
        shown.bar->pull();
        QCOMPARE(shown.time(), QString("2023-11-14 22:13:23.999 of 22:13:39.999"));
        shown.button("Step").click();
        QTRY_COMPARE(shown.time(), QString("2023-11-14 22:13:24.000 of 22:13:39.999"));
        shown.button("Step").click();
        QTRY_COMPARE(shown.time(), QString("2023-11-14 22:13:24.100 of 22:13:39.999"));
        shown.button("From the start").click();
        QVERIFY(QTest::qWaitFor([&] {
            shown.bar->pull();
            return shown.time().startsWith("2023-11-14 22:13:20.000 of");
        }));
        auto* place = shown.bar->findChild<QSlider*>();
        place->triggerAction(QAbstractSlider::SliderPageStepAdd); // a click beside the handle
        QVERIFY2(shown.time().startsWith("2023-11-14 22:13:20.999 of"), qPrintable(shown.time()));
        const auto session = shown.connections.session("c");
        place->triggerAction(QAbstractSlider::SliderPageStepAdd);
        QVERIFY(shown.connections.session("c") == session);
        place->triggerAction(QAbstractSlider::SliderToMinimum); // back: read again from the beginning
        QVERIFY(shown.connections.session("c") != session);
        QVERIFY(QTest::qWaitFor([&] {
            shown.bar->pull();
            return shown.time().startsWith("2023-11-14 22:13:20.000 of");
        }));
        shown.button("Everything").click();
        QVERIFY(shown.time().startsWith("all of"));
    }

    /// The same capture gives the same curve, at any pace and however often one looks.
    void curvesAreTheSameEachTime()
    {
        std::map<std::int64_t, double> expected;
        std::map<std::int64_t, double> lags;
        for (const std::chrono::milliseconds stride : {137ms, 900ms, 5'000ms}) {
            Shown shown(m_dir.filePath("capture"));
            shown.button("Play").click();
            QVERIFY(QTest::qWaitFor([&] { return shown.playback()->span().has_value(); }));
            while (shown.playback()->state() == capture::PlaybackState::Playing) {
                shown.clock.advance(stride);
                QTest::qWait(stride > 500ms ? 60 : 5);
            }
            QTRY_COMPARE(shown.curve().size(), std::size_t{20});
            if (expected.empty())
                expected = shown.curve();
            QVERIFY(shown.curve() == expected);
            QTRY_VERIFY(shown.lags().contains(19));
            if (lags.empty())
                lags = shown.lags();
            QCOMPARE(lags[1], 5.0);
            QCOMPARE(lags[19], 95.0);
            QVERIFY(shown.lags() == lags);
        }
    }

    /// What was asked of a capture is asked again when it begins anew.
    void queriesBeginAnewWithIt()
    {
        Shown shown(m_dir.filePath("capture"));
        FrameScheduler frames;
        LogModel log{shown.clock};
        Traffic traffic;
        const PanelContext context{shown.connections, frames, shown.background, log, traffic, {}};
        QueryView view(context, nullptr);
        view.run("c",
            "CREATE TABLE orders (a STRING) WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json', "
            "'properties.bootstrap.servers' = 'x:1', 'scan.startup.mode' = 'earliest-offset'); SELECT a FROM orders;");
        const auto rowsIn = [&] { return view.snapshot() ? qint64(view.snapshot()->counters.rowsIn) : -1; };
        QTRY_COMPARE(rowsIn(), qint64{2'100});
        shown.button("Play").click();
        QTRY_COMPARE(rowsIn(), qint64{0});
        QVERIFY2(view.failure().isEmpty(), qPrintable(view.failure()));
        shown.clock.advance(1s);
        QTRY_COMPARE(rowsIn(), qint64{10}); // the batches of the first second, but for the one that comes now
        shown.clock.advance(1min);
        QTRY_COMPARE(rowsIn(), qint64{2'100});
    }

    void hidesWithoutACapture()
    {
        Shown shown(m_dir.filePath("capture"));
        shown.bar->showCapture("another");
        QVERIFY(shown.bar->isHidden());
        shown.bar->togglePlay(); // the keys do nothing then
        shown.bar->step();
        shown.bar->restart();
        shown.bar->showEverything();
        QVERIFY(shown.bar->isHidden());
    }
};

QTEST_MAIN(TestPlaybackBar)
#include "tst_playback_bar.moc"
