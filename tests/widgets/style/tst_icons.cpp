// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/icons.h"
#include "widgets/style/state_look.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPainter>
#include <QTest>

#include <set>

using namespace weir::style;

class TestIcons : public QObject
{
    Q_OBJECT
private slots:
    void everyIconDrawsInItsColourOnly();
    void iconsDiffer();
    void iconFollowsTheTheme();
    void statesHaveGlyphAndWord();
    void sheet();
};

static QImage drawn(Icon id, const QColor& color, int size = 32)
{
    return pixmap(id, color, size).toImage().convertToFormat(QImage::Format_ARGB32);
}

void TestIcons::everyIconDrawsInItsColourOnly()
{
    for (int i = 0; i < int(Icon::Count_); ++i) {
        const QImage image = drawn(Icon(i), QColor("#ff0000"));
        int ink = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                if (pixel.alpha() < 40)
                    continue;
                ++ink;
                QVERIFY2(pixel.red() > 200 && pixel.green() < 20, qPrintable(iconName(Icon(i))));
            }
        }
        QVERIFY2(ink > 20, qPrintable(iconName(Icon(i)) + " is empty"));
    }
}

void TestIcons::iconsDiffer()
{
    for (int i = 0; i < int(Icon::Count_); ++i) {
        for (int k = i + 1; k < int(Icon::Count_); ++k)
            QVERIFY2(drawn(Icon(i), Qt::black) != drawn(Icon(k), Qt::black),
                qPrintable(iconName(Icon(i)) + " = " + iconName(Icon(k))));
    }
}

void TestIcons::iconFollowsTheTheme()
{
    ThemeSwitch::instance().apply(*qApp, Mode::Dark);
    const QIcon made = icon(Icon::Stop, Tint::Primary);
    const QImage dark = made.pixmap(16).toImage();
    ThemeSwitch::instance().apply(*qApp, Mode::Light);
    QVERIFY(made.pixmap(16).toImage() != dark);
    ThemeSwitch::instance().apply(*qApp, Mode::Dark);
    QVERIFY(made.pixmap(16).toImage() == dark);
}

void TestIcons::statesHaveGlyphAndWord()
{
    std::set<std::pair<int, QString>> seen;
    for (int s = 0; s <= int(State::Failed); ++s) {
        const StateLook look = stateLook(State(s));
        QVERIFY(!look.word.isEmpty());
        QVERIFY(look.color.isValid() && look.tint.isValid());
        QVERIFY(seen.insert({int(look.glyph), look.word}).second);
    }
}

/// For the eye: all icons in both themes, and the logo.
void TestIcons::sheet()
{
    for (const Mode mode : {Mode::Dark, Mode::Light}) {
        ThemeSwitch::instance().apply(*qApp, mode);
        const Colors& c = Theme::current().color;
        QImage image(16 * 34, 6 * 34 + 60, QImage::Format_RGB32);
        image.fill(c.bg.chrome);
        QPainter painter(&image);
        for (int i = 0; i < int(Icon::Count_); ++i)
            paintIcon(painter, QRectF(i % 16 * 34 + 9, i / 16 * 34 + 9, 16, 16), Icon(i), c.text.primary);
        paintLogo(painter, QRectF(12, 6 * 34 + 10, 58, 40));
        painter.end();
        QDir().mkpath("grabs");
        QVERIFY(image.save(mode == Mode::Dark ? "grabs/icons-dark.png" : "grabs/icons-light.png"));
    }
}

QTEST_MAIN(TestIcons)
#include "tst_icons.moc"
