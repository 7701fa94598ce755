// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/theme.h"

#include "widgets/style/tokens.h"

#include <QApplication>
#include <QFontMetrics>
#include <QJsonObject>
#include <QPixmapCache>
#include <QStyle>
#include <QStyleFactory>

#include <algorithm>

namespace weir::style {
namespace {

Theme make(Mode mode)
{
    const QJsonObject themes = tokens::document().value("themes").toObject();
    Theme theme;
    theme.mode = mode;
    theme.color = tokens::readColors(themes.value(mode == Mode::Dark ? "dark" : "light").toObject());
    return theme;
}

} // namespace

const Theme& Theme::dark()
{
    static const Theme theme = make(Mode::Dark);
    return theme;
}

const Theme& Theme::light()
{
    static const Theme theme = make(Mode::Light);
    return theme;
}

const Theme& Theme::current()
{
    return of(ThemeSwitch::instance().mode());
}

const Sizes& Theme::sizes()
{
    static const Sizes sizes = tokens::readSizes(tokens::document());
    return sizes;
}

const Fonts& Theme::fonts()
{
    static const Fonts fonts = tokens::makeFonts(tokens::document());
    return fonts;
}

const std::vector<SeriesLook>& Theme::series()
{
    static const std::vector<SeriesLook> looks = tokens::readSeries(tokens::document());
    return looks;
}

const SeriesLook& Theme::seriesLook(int index)
{
    const auto& looks = series();
    return looks[std::size_t(std::clamp<int>(index, 0, int(looks.size()) - 1))];
}

int Theme::rowHeight(int token, const QFont& font)
{
    return std::max(token, QFontMetrics(font).height() + 4);
}

QColor Theme::blend(const QColor& under, const QColor& over, qreal alpha)
{
    const auto mix = [alpha](int a, int b) { return qRound(a + (b - a) * alpha); };
    return QColor(mix(under.red(), over.red()), mix(under.green(), over.green()), mix(under.blue(), over.blue()));
}

QPalette Theme::palette() const
{
    QPalette p;
    p.setColor(QPalette::Window, color.bg.chrome);
    p.setColor(QPalette::WindowText, color.text.primary);
    p.setColor(QPalette::Base, color.bg.well);
    p.setColor(QPalette::AlternateBase, color.bg.wellAlt);
    p.setColor(QPalette::Text, color.text.primary);
    p.setColor(QPalette::PlaceholderText, color.text.muted);
    p.setColor(QPalette::Button, color.bg.raised);
    p.setColor(QPalette::ButtonText, color.text.primary);
    p.setColor(QPalette::BrightText, color.state.error);
    p.setColor(QPalette::Highlight, color.selection.bg);
    p.setColor(QPalette::HighlightedText, color.selection.text);
    p.setColor(QPalette::ToolTipBase, color.bg.overlay);
    p.setColor(QPalette::ToolTipText, color.text.primary);
    p.setColor(QPalette::Link, color.accent.base);
    p.setColor(QPalette::LinkVisited, color.accent.base);
    p.setColor(QPalette::Light, color.bg.hover);
    p.setColor(QPalette::Midlight, color.bg.raised);
    p.setColor(QPalette::Mid, color.border.normal);
    p.setColor(QPalette::Dark, color.border.subtle);
    p.setColor(QPalette::Shadow, color.bg.well);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, color.text.disabled);
    p.setColor(QPalette::Inactive, QPalette::Highlight, color.selection.inactive);
    p.setColor(QPalette::Inactive, QPalette::HighlightedText, color.text.primary);
    return p;
}

ThemeSwitch& ThemeSwitch::instance()
{
    static ThemeSwitch instance;
    return instance;
}

void ThemeSwitch::apply(QApplication& app, Mode mode)
{
    const bool first = app.property("weirTheme").isNull();
    if (!first && mode == m_mode)
        return;
    const Fonts& fonts = Theme::fonts(); // before the application's own font is replaced
    m_mode = mode;
    const Theme& theme = Theme::of(mode);
    if (first)
        QApplication::setStyle(QStyleFactory::create("Fusion"));
    app.setProperty("weirTheme", mode == Mode::Dark ? "dark" : "light");
    QApplication::setFont(fonts.ui);
    QApplication::setPalette(theme.palette());
    app.setStyleSheet(theme.styleSheet());
    QPixmapCache::clear();
    emit changed();
}

} // namespace weir::style
