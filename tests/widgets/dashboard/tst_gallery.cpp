// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/dashboard/incident.h"
#include "widgets/dashboard/counter_strip.h"
#include "widgets/dashboard/dashboard_grid.h"
#include "widgets/dashboard/panel_frame.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/dashboard/status_gauge.h"
#include "widgets/plots/heat_map_plot.h"
#include "widgets/plots/sparkline.h"
#include "widgets/plots/time_plot.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QTabBar>
#include <QTest>
#include <QTreeWidget>

using namespace weir;
using style::Role;
using style::State;

/// Draws every widget of style, plots and dashboard in both themes into grabs/, for the eye, and checks what a machine
/// can see: that there is ink in the colours of the theme.
class TestGallery : public QObject
{
    Q_OBJECT
private slots:
    void dashboard_data() { themes(); }
    void dashboard();
    void strip_data() { themes(); }
    void strip();
    void controls_data() { themes(); }
    void controls();

private:
    static void themes();
    static QImage grab(QWidget& widget, const QString& name);
    static bool hasColor(const QImage& image, const QColor& color, int least);
};

void TestGallery::themes()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("dark") << int(style::Mode::Dark);
    QTest::newRow("light") << int(style::Mode::Light);
}

QImage TestGallery::grab(QWidget& widget, const QString& name)
{
    widget.show();
    QCoreApplication::processEvents();
    QTest::qWait(20);
    const QImage image = widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
    QDir().mkpath("grabs");
    image.save("grabs/" + name + '-' + QTest::currentDataTag() + ".png");
    return image;
}

bool TestGallery::hasColor(const QImage& image, const QColor& color, int least)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found += (image.pixel(x, y) & 0xffffff) == (color.rgb() & 0xffffff);
    }
    if (found < least)
        qWarning("only %d pixels of %s", found, qPrintable(color.name()));
    return found >= least;
}

namespace {

plots::TimePlot* timePlot(const plots::PlotData& data)
{
    auto* plot = new plots::TimePlot;
    plot->setHead("Throughput", "records/s");
    plot->setData(data);
    return plot;
}

dashboard::PanelFrame* panel(const QString& title, const QString& unit, QWidget* body)
{
    auto* frame = new dashboard::PanelFrame;
    frame->setTitle(title);
    frame->setUnit(unit);
    frame->setBody(body);
    return frame;
}

} // namespace

void TestGallery::dashboard()
{
    QFETCH(int, mode);
    style::ThemeSwitch::instance().apply(*qApp, style::Mode(mode));
    dashboard::DashboardGrid grid;
    style::setRole(&grid, Role::Chrome);
    grid.resize(1362, 880);
    auto* lag = panel("Consumer lag by group", "records", timePlot(test::consumerLag()));
    lag->setState(State::Alert, "1 alert");
    auto* stale = panel("Partition skew: clicks", "records/s, staging", timePlot(test::staleSkew()));
    stale->setState(State::Stale);
    auto* heat = new plots::HeatMapPlot;
    heat->setData(test::latency());
    grid.addPanel("a", panel("Throughput by topic", "records/s", timePlot(test::throughput())));
    grid.addPanel("b", lag);
    grid.addPanel("c", panel("Latency: orders.created_at to payments", "log append time", heat));
    grid.addPanel("d", panel("Revenue by region", "EUR, SUM(amount), TUMBLE 1 min", timePlot(test::revenue())));
    grid.addPanel("e", panel("Plot", "revenue per minute, EUR, by region", timePlot(test::revenueLines())));
    grid.addPanel("f", stale);
    grid.show();
    const std::int64_t cursor = test::incidentEnd - 200'000;
    for (auto* plot : grid.findChildren<plots::TimePlot*>()) {
        plot->refresh();
        plot->setCursor(cursor, plot == grid.panel("a")->body());
    }
    heat->refresh();
    heat->setCursor(cursor);
    const QImage image = grab(grid, "dashboard");
    const style::Colors& c = style::Theme::current().color;
    QVERIFY(hasColor(image, c.bg.well, 200'000));
    QVERIFY(hasColor(image, style::Theme::seriesLook(0).color, 3000));
    QVERIFY(hasColor(image, c.plot.threshold, 150));
    QVERIFY(hasColor(image, c.state.provisionalTint, 2000));
    QVERIFY(hasColor(image, c.accent.focus, 600));
}

void TestGallery::strip()
{
    QFETCH(int, mode);
    style::ThemeSwitch::instance().apply(*qApp, style::Mode(mode));
    QWidget window;
    style::setRole(&window, Role::Chrome);
    auto* layout = new QVBoxLayout(&window);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* strip = new plots::HistogramStrip;
    strip->setData(test::histogram());
    strip->setBrush(plots::Span{test::incidentEnd - 280'000, test::incidentEnd});
    layout->addWidget(strip);
    auto* counters = new dashboard::CounterStrip;
    counters->setCounters({{"State", "Live", "", style::Tint::Ok, style::Icon::Dot, ""},
        {"Rows in", "4,829,410", "1,842/s", {}, {}, ""}, {"After WHERE", "3,631,716", "75.2 %", {}, {}, ""},
        {"Late, dropped", "37", "0.001 %", style::Tint::Warn, {}, ""}, {"Query memory", "1.2 MiB", "", {}, {}, ""}});
    layout->addWidget(counters);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(8, 4, 8, 4);
    auto* pill = new dashboard::StatePill;
    pill->setState(State::Live, "Live, 0.2 s behind end");
    auto* paused = new dashboard::StatePill;
    paused->setState(State::Paused, "Paused at 14:12:06.402");
    auto* gauge = new dashboard::StatusGauge("Memory");
    gauge->setValue(588.0 * (1 << 20), double(1 << 30));
    for (QWidget* widget : std::initializer_list<QWidget*>{pill, paused, gauge})
        bar->addWidget(widget);
    bar->addStretch();
    layout->addLayout(bar);
    layout->addStretch();
    window.resize(1270, 230);
    window.show();
    strip->refresh();
    const QImage image = grab(window, "strip");
    const style::Colors& c = style::Theme::current().color;
    QVERIFY(hasColor(image, c.plot.area, 20'000));
    QVERIFY(hasColor(image, c.accent.base, 2000));
    QVERIFY(hasColor(image, c.state.error, 30));
    QVERIFY(hasColor(image, c.state.okTint, 1000));
}

namespace {

QWidget* buttons()
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    auto* primary = new QPushButton("Connect…");
    style::setRole(primary, Role::Primary);
    auto* pause = new QPushButton(style::icon(style::Icon::Pause, style::Tint::Primary), "Pause");
    auto* chosen = new QPushButton(style::icon(style::Icon::Link, style::Tint::Primary), "Linked cursor");
    chosen->setCheckable(true);
    chosen->setChecked(true);
    auto* off = new QPushButton("Export…");
    off->setEnabled(false);
    auto* combo = new QComboBox;
    combo->addItems({"last 15 min", "last hour"});
    auto* search = new QLineEdit;
    search->setPlaceholderText("Filter topics and groups");
    search->addAction(style::icon(style::Icon::Search, style::Tint::Muted), QLineEdit::LeadingPosition);
    auto* check = new QCheckBox("From the beginning");
    check->setChecked(true);
    for (QWidget* widget : std::initializer_list<QWidget*>{primary, pause, chosen, off, combo, search, check,
             style::label("Ctrl+P", Role::Key), style::iconButton(style::icon(style::Icon::Plus), "Add")})
        layout->addWidget(widget);
    return row;
}

QWidget* tree()
{
    auto* widget = new QTreeWidget;
    style::setRole(widget, Role::Chrome);
    widget->setHeaderLabels({"Field", "Type", "Value"});
    auto* top = new QTreeWidgetItem(widget, {"orders", "topic", "1,842"});
    for (const char* name : {"order_id", "customer_id", "region"})
        new QTreeWidgetItem(top, {name, "STRING", "x"});
    widget->expandAll();
    widget->setCurrentItem(top->child(1));
    for (int i = 0; i < 20; ++i)
        new QTreeWidgetItem(widget, {QString("topic %1").arg(i), "topic", "12"});
    return widget;
}

QWidget* welcome()
{
    auto* card = new QFrame;
    style::setRole(card, Role::CardChosen);
    auto* layout = new QVBoxLayout(card);
    layout->addWidget(style::label("Weir", Role::Title));
    layout->addWidget(style::label("Connect to a cluster", Role::Heading));
    layout->addWidget(style::label("Kafka. Give one broker address; Weir finds the rest.", Role::Secondary));
    layout->addWidget(style::label("88120314", Role::Data));
    layout->addStretch();
    return card;
}

} // namespace

void TestGallery::controls()
{
    QFETCH(int, mode);
    style::ThemeSwitch::instance().apply(*qApp, style::Mode(mode));
    QWidget window;
    style::setRole(&window, Role::Chrome);
    auto* layout = new QVBoxLayout(&window);
    auto* tabs = new QTabBar;
    tabs->addTab(style::icon(style::Icon::Topic, style::Tint::Secondary), "orders");
    tabs->addTab(style::icon(style::Icon::Dashboard), "Order pipeline");
    tabs->setTabsClosable(true);
    tabs->setExpanding(false);
    layout->addWidget(tabs);
    layout->addWidget(buttons());
    auto* row = new QHBoxLayout;
    row->addWidget(tree(), 2);
    row->addWidget(welcome(), 1);
    layout->addLayout(row, 1);
    window.resize(1150, 380);
    const QImage image = grab(window, "controls");
    const style::Colors& c = style::Theme::current().color;
    QVERIFY(hasColor(image, c.accent.base, 1000));
    QVERIFY(hasColor(image, c.bg.chrome, 50'000));
    QVERIFY(hasColor(image, c.border.control, 300));
}

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
