// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_map_image.h"
#include "widgets/plots/legend_table.h"
#include "widgets/plots/plot_paint.h"
#include "widgets/plots/sparkline.h"
#include "widgets/plots/state_lines.h"
#include "widgets/plots/time_plot.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QLayout>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

using namespace weir::plots;
using weir::style::State;
using weir::style::Theme;

class TestTimePlot : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void drawsOnlyWhenAskedAndVisible();
    void valuesAtCursor();
    void gapsBreakTheLine();
    void reducedIsSaid();
    void statesStandWorstFirst();
    void wheelZoomsAndUndoReturns();
    void keysMoveTheCursor();
    void doubleClickNamesTheBin();
    void readersHearTheState();
    void stacksListFromTheTop();
    void hatchStaysTheSameHoweverLargeItsRectangle();
    void heatMapKeepsEmptyCellsEmpty();
    void sparklineStaysInside();
    void sixPanelsPerFrame();

private:
    static PlotData ramp(int count, std::int64_t step);
    static QWidget* canvas(TimePlot& plot);
};

void TestTimePlot::initTestCase()
{
    weir::style::ThemeSwitch::instance().apply(*qApp, weir::style::Mode::Dark);
}

PlotData TestTimePlot::ramp(int count, std::int64_t step)
{
    PlotData data;
    data.range = {0, count * step};
    data.binMs = step;
    PlotSeries series{"orders"};
    for (int i = 0; i < count; ++i)
        series.samples.push_back({i * step, double(i)});
    data.series.push_back(std::move(series));
    return data;
}

QWidget* TestTimePlot::canvas(TimePlot& plot)
{
    return plot.focusProxy();
}

void TestTimePlot::drawsOnlyWhenAskedAndVisible()
{
    TimePlot plot;
    plot.setData(ramp(50, 1000));
    plot.refresh();
    QVERIFY(plot.isDirty()); // hidden
    plot.resize(400, 300);
    plot.show();
    QVERIFY(!plot.isDirty());
    QCOMPARE(plot.pointsDrawn(), std::size_t(50));
    plot.setData(ramp(60, 1000));
    QVERIFY(plot.isDirty());
    QCOMPARE(plot.pointsDrawn(), std::size_t(50));
    plot.refresh();
    QCOMPARE(plot.pointsDrawn(), std::size_t(60));
}

void TestTimePlot::valuesAtCursor()
{
    TimePlot plot;
    PlotData data = ramp(10, 1000);
    data.series[0].samples[4].value = std::nan("");
    plot.setData(data);
    QCOMPARE(plot.valuesAt(3000)[0], 3.0);
    QCOMPARE(plot.valuesAt(3999)[0], 3.0);
    QVERIFY(std::isnan(plot.valuesAt(4500)[0])); // a gap
    QVERIFY(std::isnan(plot.valuesAt(-1)[0]));
    QCOMPARE(plot.valuesAt(9000)[0], 9.0);
    QVERIFY(std::isnan(plot.valuesAt(60'000)[0])); // never carried on to now
}

void TestTimePlot::gapsBreakTheLine()
{
    TimePlot plot;
    plot.resize(500, 300);
    PlotData data = ramp(300, 1000); // enough for plain pens, whose pixels have the exact colour
    for (Sample& sample : data.series[0].samples)
        sample.value = sample.timeMs >= 120'000 && sample.timeMs < 180'000 ? std::nan("") : 50;
    plot.setData(data);
    plot.show();
    QTest::qWait(30);
    const QImage image = canvas(plot)->grab().toImage();
    const QColor blue = Theme::seriesLook(0).color;
    const auto ink = [&](int x) {
        for (int y = 0; y < image.height(); ++y) {
            const QColor pixel = image.pixelColor(x, y);
            if (std::abs(pixel.red() - blue.red()) + std::abs(pixel.blue() - blue.blue()) < 60)
                return true;
        }
        return false;
    };
    const int left = 80, right = image.width() - 20;
    QVERIFY(ink(left + (right - left) / 4));
    QVERIFY(!ink(left + (right - left) / 2));
    QVERIFY(ink(left + (right - left) * 3 / 4));
}

void TestTimePlot::reducedIsSaid()
{
    TimePlot plot;
    plot.resize(400, 300);
    plot.setData(ramp(1'200'000, 10));
    plot.show();
    auto* states = dynamic_cast<StateLines*>(plot.layout()->itemAt(1)->widget());
    QVERIFY(states);
    QCOMPARE(states->lines().size(), std::size_t(1));
    QVERIFY2(StateLines::textOf(states->lines()[0]).startsWith("Reduced: 1.2 M points → "),
        qPrintable(states->lines()[0].text));
    QVERIFY(plot.pointsDrawn() <= 4 * 400);
    QCOMPARE(plot.pointsRead(), std::size_t(1'200'000));
}

void TestTimePlot::statesStandWorstFirst()
{
    StateLines lines;
    lines.setLines({{State::Reduced, "a"}, {State::Alert, "Firing since 1"}, {State::Provisional, "b"},
        {State::Stale, "No data"}, {State::Incomplete, "c"}});
    QStringList words;
    for (const auto& line : lines.lines())
        words.append(StateLines::textOf(line));
    QCOMPARE(words, (QStringList{"Firing since 1", "No data", "Incomplete: c", "Provisional: b", "Reduced: a"}));
}

void TestTimePlot::wheelZoomsAndUndoReturns()
{
    TimePlot plot;
    plot.resize(500, 300);
    plot.setData(ramp(1000, 1000));
    plot.show();
    QTest::qWait(10);
    QSignalSpy zoomed(&plot, &TimePlot::zoomChanged);
    const QPointF at(canvas(plot)->width() / 2.0, 60);
    const auto wheel = [&](int delta, Qt::KeyboardModifiers modifiers) {
        QWheelEvent event(at, canvas(plot)->mapToGlobal(at), {}, {0, delta}, {}, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(canvas(plot), &event);
    };
    wheel(120, {});
    const Span once = plot.view();
    QVERIFY(plot.isZoomed());
    QVERIFY(std::abs(once.length() - 800'000) < 2000);
    wheel(120, {});
    QVERIFY(plot.view().length() < once.length());
    QTest::keyClick(canvas(plot), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(plot.view(), once);
    QTest::keyClick(canvas(plot), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!plot.isZoomed());
    QCOMPARE(plot.view(), (Span{0, 1'000'000}));
    wheel(-120, {}); // never beyond what there is
    QVERIFY(!plot.isZoomed());
    wheel(120, Qt::ControlModifier);
    QVERIFY(!plot.isZoomed()); // values only
    QVERIFY(zoomed.count() >= 4);
}

void TestTimePlot::keysMoveTheCursor()
{
    TimePlot plot;
    plot.setData(ramp(100, 1000));
    plot.resize(400, 300);
    plot.show();
    QSignalSpy moved(&plot, &TimePlot::cursorMoved);
    plot.setCursor(50'000);
    QTest::keyClick(canvas(plot), Qt::Key_Left);
    QCOMPARE(plot.cursor(), std::optional<std::int64_t>(49'000));
    QTest::keyClick(canvas(plot), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(plot.cursor(), std::optional<std::int64_t>(59'000));
    for (int i = 0; i < 10; ++i)
        QTest::keyClick(canvas(plot), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(plot.cursor(), std::optional<std::int64_t>(99'000));
    QCOMPARE(moved.count(), 12);
    QVERIFY(canvas(plot)->accessibleDescription().contains("orders 99"));
    QSignalSpy activated(&plot, &TimePlot::binActivated);
    QTest::keyClick(canvas(plot), Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated[0][0].value<Span>(), (Span{99'000, 100'000}));
}

void TestTimePlot::doubleClickNamesTheBin()
{
    TimePlot plot;
    plot.setData(ramp(10, 1000));
    plot.resize(400, 300);
    plot.show();
    QTest::qWait(10);
    QSignalSpy activated(&plot, &TimePlot::binActivated);
    QTest::mouseDClick(canvas(plot), Qt::LeftButton, {}, QPoint(canvas(plot)->width() / 2, 50));
    QCOMPARE(activated.count(), 1);
    const Span bin = activated[0][0].value<Span>();
    QCOMPARE(bin.length(), std::int64_t(1000));
    QCOMPARE(bin.beginMs % 1000, std::int64_t(0));
    QTest::mouseDClick(canvas(plot), Qt::LeftButton, {}, QPoint(2, 50)); // beside the plot
    QCOMPARE(activated.count(), 1);
}

void TestTimePlot::readersHearTheState()
{
    TimePlot plot;
    plot.setHead("Consumer lag by group", "records");
    PlotData data = ramp(10, 1000);
    data.series.resize(4, data.series[0]);
    data.states = {{State::Alert, "Firing since 14:11:17"}};
    plot.setData(data);
    plot.show();
    QCOMPARE(plot.accessibleName(), QString("Consumer lag by group, records, firing, 4 series"));
}

void TestTimePlot::stacksListFromTheTop()
{
    TimePlot plot;
    PlotData data = ramp(10, 1000);
    data.kind = Kind::Bars;
    data.series.push_back({"top", data.series[0].samples});
    plot.setData(data);
    plot.show();
    auto* legend = dynamic_cast<LegendTable*>(plot.layout()->itemAt(2)->widget());
    QVERIFY(legend);
    QCOMPARE(legend->rows()[0].name, QString("top"));
    QCOMPARE(legend->rows()[1].cells[1].text, QString("9"));
}

void TestTimePlot::hatchStaysTheSameHoweverLargeItsRectangle()
{
    const auto hatched = [](const QRectF& rect) {
        QImage image(60, 40, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::black);
        QPainter painter(&image);
        painter.setClipRect(QRect(4, 3, 50, 30));
        paintHatch(painter, rect, provisionalHatch(Qt::white));
        painter.end();
        return image;
    };
    const QImage plain = hatched({10, 0, 30, 40});
    QCOMPARE(hatched({10, -1e7, 30, 2e7}), plain);
    QVERIFY(plain.pixel(5, 20) == qRgb(0, 0, 0)); // left of the rectangle
    int painted = 0;
    for (int x = 10; x < 40; ++x)
        painted += plain.pixel(x, 20) != qRgb(0, 0, 0) ? 1 : 0;
    QVERIFY(painted > 3);
    QVERIFY(plain.pixel(20, 36) == qRgb(0, 0, 0)); // below the clip
}

void TestTimePlot::heatMapKeepsEmptyCellsEmpty()
{
    HeatMapData data;
    data.columnMs = 1000;
    data.bucketBounds = logBounds(1, 16, 4);
    data.columns = {{1000, {0, 1, 100, 0}}, {4000, {1, 0, 0, 0}}, {90'000, {5, 5, 5, 5000}}};
    const HeatMapImage map = heatMapImage(data, {0, 10'000});
    QCOMPARE(map.image.size(), QSize(4, 4)); // 1 s to 4 s, the far column is not shown
    QCOMPARE(map.begin, std::int64_t(1000));
    QCOMPARE(map.largest, 100u);
    QCOMPARE(qAlpha(map.image.pixel(0, 3)), 0); // bucket 0 of the first column
    QCOMPARE(QColor(map.image.pixel(0, 1)), Theme::current().color.plot.heatmap.back());
    QCOMPARE(QColor(map.image.pixel(0, 2)), Theme::current().color.plot.heatmap[1]);
    QCOMPARE(qAlpha(map.image.pixel(1, 3)), 0);
    QVERIFY(qAlpha(map.image.pixel(3, 3)) > 0);
    QVERIFY(heatMapImage({}, {0, 10}).image.isNull());
}

void TestTimePlot::sparklineStaysInside()
{
    QImage image(60, 30, QImage::Format_RGB32);
    image.fill(Qt::black);
    QPainter painter(&image);
    const std::vector<float> values = {1, 5, NAN, 3, 1e9F, 0, 2};
    paintSparkline(painter, QRectF(10, 8, 40, 14), values, Qt::white);
    paintSparkline(painter, QRectF(10, 8, 40, 14), std::vector<float>{}, Qt::white);
    painter.end();
    int inside = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const bool ink = qGray(image.pixel(x, y)) > 0;
            if (ink)
                QVERIFY(x >= 9 && x <= 51 && y >= 7 && y <= 23);
            inside += ink;
        }
    }
    QVERIFY(inside > 20);
}

/// What one frame of a full dashboard costs. A bound of hundreds of ms only: machines differ, the figure is printed.
void TestTimePlot::sixPanelsPerFrame()
{
    std::vector<std::unique_ptr<TimePlot>> plots;
    PlotData data = ramp(2000, 1000);
    data.series.resize(4, data.series[0]);
    for (std::size_t s = 0; s < 4; ++s) {
        for (Sample& sample : data.series[s].samples)
            sample.value =
                1000 + 200 * double(s) + 90 * std::sin(double(sample.timeMs) / 700) * std::cos(double(s + 1));
    }
    for (int i = 0; i < 6; ++i) {
        plots.push_back(std::make_unique<TimePlot>());
        plots.back()->resize(440, 400);
        plots.back()->show();
    }
    QTest::qWait(30);
    std::vector<double> frames;
    for (int frame = 0; frame < 15; ++frame) {
        QElapsedTimer clock;
        clock.start();
        for (auto& plot : plots) {
            plot->setData(data);
            plot->refresh();
        }
        QCoreApplication::processEvents();
        frames.push_back(double(clock.nsecsElapsed()) / 1e6);
    }
    std::sort(frames.begin(), frames.end());
    qInfo("6 panels x 4 series x 2,000 points: median frame %.1f ms, replot of one %.2f ms", frames[7],
        plots[0]->lastReplotMs());
    QVERIFY(frames[7] < 500);
}

QTEST_MAIN(TestTimePlot)
#include "tst_time_plot.moc"
