// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dashboard/counter_strip.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/dashboard/status_gauge.h"
#include "widgets/style/theme.h"

#include <QImage>
#include <QTest>

using namespace weir::dashboard;
using weir::style::State;
using weir::style::Theme;

class TestInstruments : public QObject
{
    Q_OBJECT
private slots:
    void pillSpeaks();
    void gaugeSpeaks();
    void gaugeFillsInProportion();
    void countersOnlyGrow();
};

void TestInstruments::pillSpeaks()
{
    StatePill pill;
    QCOMPARE(pill.accessibleName(), QString("Live"));
    const int narrow = pill.sizeHint().width();
    pill.setState(State::Stale, "No data for 2 min 49 s");
    QCOMPARE(pill.accessibleName(), QString("No data for 2 min 49 s"));
    QVERIFY(pill.sizeHint().width() > narrow);
    pill.setState(State::Live);
    pill.setPlain(true);
    QVERIFY(pill.sizeHint().width() < 16); // a quiet dot
}

void TestInstruments::gaugeSpeaks()
{
    StatusGauge gauge("Memory");
    gauge.setValue(588.0 * (1 << 20), double(1 << 30));
    QCOMPARE(gauge.accessibleName(), QString("Memory 588 MiB of 1 GiB"));
    gauge.setValue(0, 0);
    QCOMPARE(gauge.accessibleName(), QString("Memory 0 B"));
}

void TestInstruments::gaugeFillsInProportion()
{
    StatusGauge gauge("Disk");
    gauge.resize(gauge.sizeHint());
    const auto filled = [&](double share, const QColor& color) {
        gauge.setValue(share * 1000, 1000);
        const QImage image = gauge.grab().toImage();
        int count = 0;
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, image.height() / 2) == color;
        return count;
    };
    QCOMPARE(filled(0.5, Theme::current().color.accent.base), 45); // of the 90 px inside the frame
    QCOMPARE(filled(0, Theme::current().color.accent.base), 0);
    QVERIFY(filled(2, Theme::current().color.state.warn) >= 89); // over the budget: full, in another colour
}

void TestInstruments::countersOnlyGrow()
{
    CounterStrip strip;
    strip.setCounters({{"Rows in", "4,829,410", "1,842/s", {}, {}, ""}});
    const int wide = strip.sizeHint().width();
    strip.setCounters({{"Rows in", "9", "", {}, {}, ""}});
    QCOMPARE(strip.sizeHint().width(), wide);
    QCOMPARE(strip.accessibleName(), QString("Rows in 9"));
    strip.setCounters({{"Rows in", "4,829,410,000,000", "1,842/s", {}, {}, ""}});
    QVERIFY(strip.sizeHint().width() > wide);
}

QTEST_MAIN(TestInstruments)
#include "tst_instruments.moc"
