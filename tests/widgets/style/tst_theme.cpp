// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/style/color_science.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QFile>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace weir::style;
using namespace weir::test;

class TestTheme : public QObject
{
    Q_OBJECT
private slots:
    void ciede2000MatchesPublishedPairs();
    void textContrast();
    void tintsCarryTheirText();
    void graphicsContrast();
    void seriesStandOutFromWells();
    void seriesDiffer_data();
    void seriesDiffer();
    void tokensAreThoseOfTheLook();
    void fontsFollowRatios();
    void rowsGrowWithFonts();
    void styleSheetIsComplete();
    void switchAnnouncesOnce();
    void labelsAreNeverRichText();
};

static double lowest(const QColor& color, std::initializer_list<QColor> surfaces)
{
    double result = 100;
    for (const QColor& surface : surfaces)
        result = std::min(result, contrast(color, surface));
    return result;
}

static std::array<const Theme*, 2> themes()
{
    return {&Theme::dark(), &Theme::light()};
}

void TestTheme::ciede2000MatchesPublishedPairs()
{
    const auto check = [](Triple a, Triple b, double expected) {
        QVERIFY2(std::fabs(ciede2000(a, b) - expected) < 1e-4, qPrintable(QString::number(ciede2000(a, b), 'f', 5)));
    };
    check({50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425);
    check({50, -1, 2}, {50, 0, 0}, 2.3669);
    check({50, 2.5, 0}, {50, 0, -2.5}, 4.3065);
    check({50, 2.5, 0}, {73, 25, -18}, 27.1492);
    check({60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644);
    check({2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082);
}

void TestTheme::textContrast()
{
    for (const Theme* theme : themes()) {
        const Colors& c = theme->color;
        for (const QColor& text : {c.text.primary, c.text.secondary, c.text.muted})
            QVERIFY2(
                lowest(text, {c.bg.chrome, c.bg.well, c.bg.wellAlt, c.bg.raised, c.bg.header, c.bg.overlay, c.bg.hover})
                    >= 4.5,
                qPrintable(text.name()));
        QVERIFY(contrast(c.selection.text, c.selection.bg) >= 9);
        QVERIFY(contrast(c.text.onAccent, c.accent.base) >= 4.5);
        QVERIFY(lowest(c.accent.base, {c.bg.chrome, c.bg.well, c.bg.raised}) >= 4.5);
        for (const QColor& word : {c.syntax.keyword, c.syntax.string, c.syntax.number, c.syntax.function,
                 c.syntax.comment, c.syntax.identifier, c.syntax.operators})
            QVERIFY(lowest(word, {c.bg.well}) >= 5.8);
    }
    QVERIFY(std::fabs(contrast(Theme::dark().color.selection.text, Theme::dark().color.selection.bg) - 9.2) < 0.06);
    QVERIFY(std::fabs(contrast(Theme::light().color.selection.text, Theme::light().color.selection.bg) - 12.4) < 0.06);
}

void TestTheme::tintsCarryTheirText()
{
    for (const Theme* theme : themes()) {
        const auto& s = theme->color.state;
        const std::array<std::pair<QColor, QColor>, 6> pairs = {std::pair{s.ok, s.okTint}, {s.warn, s.warnTint},
            {s.error, s.errorTint}, {s.info, s.infoTint}, {s.stale, s.staleTint}, {s.provisional, s.provisionalTint}};
        for (const auto& [text, tint] : pairs)
            QVERIFY2(
                lowest(text, {tint, theme->color.bg.well, theme->color.bg.chrome}) >= 4.5, qPrintable(text.name()));
    }
}

void TestTheme::graphicsContrast()
{
    for (const Theme* theme : themes()) {
        const Colors& c = theme->color;
        QVERIFY(lowest(c.border.control, {c.bg.chrome, c.bg.well, c.bg.raised}) >= 3);
        QVERIFY(lowest(c.accent.focus, {c.bg.chrome, c.bg.well, c.bg.header}) >= 5);
        for (const QColor& line : {c.plot.p50, c.plot.p95, c.plot.p99})
            QVERIFY(contrast(line, c.plot.casing) >= 6.7);
        QCOMPARE(c.plot.heatmap.front(), c.bg.well); // no records is no ink
    }
}

void TestTheme::seriesStandOutFromWells()
{
    for (const Theme* theme : themes()) {
        for (const SeriesLook& look : Theme::series())
            QVERIFY2(contrast(look.color, theme->color.bg.well) >= 3, qPrintable(look.name));
    }
}

void TestTheme::seriesDiffer_data()
{
    QTest::addColumn<int>("sight");
    for (int sight = 0; sight < 4; ++sight)
        QTest::addRow("%d", sight) << sight;
}

void TestTheme::seriesDiffer()
{
    QFETCH(int, sight);
    const auto& looks = Theme::series();
    QCOMPARE(looks.size(), std::size_t(10));
    for (std::size_t i = 0; i < looks.size(); ++i) {
        for (std::size_t k = i + 1; k < looks.size(); ++k) {
            const double distance = ciede2000(
                lab(seen(linearRgb(looks[i].color), Sight(sight))), lab(seen(linearRgb(looks[k].color), Sight(sight))));
            const double needed = k < 5 ? 11.0 : 9.1;
            QVERIFY2(distance >= needed - 0.05,
                qPrintable(QString("%1 and %2: %3").arg(looks[i].name, looks[k].name).arg(distance)));
        }
    }
}

void TestTheme::tokensAreThoseOfTheLook()
{
    QCOMPARE(Theme::dark().color.bg.well, QColor("#101418"));
    QCOMPARE(Theme::light().color.state.error, QColor("#B3261E"));
    QCOMPARE(Theme::sizes().height.panelHeader, 28);
    QCOMPARE(Theme::sizes().line.p95.dash, (QList<qreal>{7, 3}));
    QCOMPARE(Theme::sizes().space[9], 32);
    QCOMPARE(Theme::seriesLook(5).dash, (QList<qreal>{6, 3}));
    QCOMPARE(Theme::seriesLook(99).name, QString("stone"));
}

void TestTheme::fontsFollowRatios()
{
    const Fonts& f = Theme::fonts();
    QVERIFY(f.ui.pixelSize() >= 13);
    QCOMPARE(f.caption.pixelSize(), qRound(f.ui.pixelSize() * 0.85));
    QCOMPARE(f.data.pixelSize(), qRound(f.ui.pixelSize() * 0.92));
    QCOMPARE(f.strong.weight(), QFont::DemiBold);
    const QFontMetrics metrics(f.data);
    QCOMPARE(metrics.horizontalAdvance('1'), metrics.horizontalAdvance('8'));
}

void TestTheme::rowsGrowWithFonts()
{
    QFont big = Theme::fonts().data;
    QCOMPARE(Theme::rowHeight(22, big), 22);
    big.setPixelSize(30);
    QVERIFY(Theme::rowHeight(22, big) > 30);
}

void TestTheme::styleSheetIsComplete()
{
    for (const Theme* theme : themes()) {
        const QString sheet = theme->styleSheet();
        QVERIFY(!sheet.contains('@'));
        static const QRegularExpression url("url\\(([^)]*)\\)");
        int images = 0;
        for (auto it = url.globalMatch(sheet); it.hasNext(); ++images)
            QVERIFY(QFile::exists(it.next().captured(1)));
        QVERIFY(images > 10);
        QCOMPARE(sheet.count('{'), sheet.count('}'));
    }
}

void TestTheme::switchAnnouncesOnce()
{
    ThemeSwitch& theme = ThemeSwitch::instance();
    theme.apply(*qApp, Mode::Dark);
    QSignalSpy spy(&theme, &ThemeSwitch::changed);
    theme.apply(*qApp, Mode::Dark);
    QCOMPARE(spy.count(), 0);
    theme.toggle(*qApp);
    QCOMPARE(spy.count(), 1);
    QCOMPARE(Theme::current().color.bg.well, Theme::light().color.bg.well);
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::light().color.bg.chrome);
    theme.apply(*qApp, Mode::Dark);
}

void TestTheme::labelsAreNeverRichText()
{
    std::unique_ptr<QLabel> made(label("<b>x</b>", Role::Caption));
    QCOMPARE(made->textFormat(), Qt::PlainText);
    QCOMPARE(made->property("role").toString(), QString("caption"));
    std::unique_ptr<QToolButton> button(iconButton({}, "Add panel"));
    QCOMPARE(button->accessibleName(), QString("Add panel"));
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"

#include <algorithm>
