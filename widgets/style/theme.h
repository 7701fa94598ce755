// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>

#include <array>
#include <vector>

class QApplication;

namespace weir::style {

enum class Mode { Dark, Light };

/// All colours of one theme, named as in resources/themes/tokens.json.
struct Colors
{
    struct
    {
        QColor chrome, well, wellAlt, raised, hover, pressed, overlay, header;
    } bg;
    struct
    {
        QColor primary, secondary, muted, disabled, onAccent;
    } text;
    struct
    {
        QColor subtle, normal, control, grid; ///< `normal` is the token `default`
    } border;
    struct
    {
        QColor base, hover, tint, focus;
    } accent;
    struct
    {
        QColor bg, text, inactive;
    } selection;
    struct
    {
        QColor ok, okTint, warn, warnTint, error, errorTint, info, infoTint, stale, staleTint, provisional,
            provisionalTint;
    } state;
    struct
    {
        QColor keyword, string, number, function, comment, identifier, operators;
    } syntax;
    struct
    {
        QColor area, areaLine, axis, cursor, threshold, nodata;
        std::array<QColor, 7> heatmap;
        QColor p50, p95, p99, casing;
    } plot;
};

enum class Marker { Circle, Square, Diamond, Triangle, TriangleInverted };

/// How the n-th series of a panel looks, in both themes.
struct SeriesLook
{
    QString name;
    QColor color;
    QList<qreal> dash; ///< in pixels; empty: solid
    Marker marker = Marker::Circle;
};

/// One kind of line of the tokens; dash lengths in pixels.
struct LineLook
{
    qreal width = 1;
    QList<qreal> dash;
};

/// Sizes that both themes share, px at 96 dpi. `height` are minimums: use Theme::row() and friends for rows with text.
struct Sizes
{
    struct
    {
        int menuBar, tabBar, toolbar, field, button, buttonSmall, pill, panelHeader, tableHeader, tableHeaderTwoLine,
            row, rowSpark, rowComfortable, legendRow, editorLine, hexLine, counterStrip, kpiStrip, histogram, statusBar;
    } height;
    struct
    {
        int leftDock, leftDockNarrow, splitter, scrollBar, validityBar, rowGlyph, gauge, sparkline;
    } width;
    struct
    {
        int grid, chevron, inlined, normal, card, liveDot; ///< `inlined` is the token `inline`
        qreal stroke;
    } icon;
    struct
    {
        LineLook dense, sparse, selected, p50, p95, p99, threshold, cursor, provisional, mean, annotation, sparkline,
            squiggle;
        qreal percentileCasing;
        int border, focus, tabUnderline;
    } line;
    struct
    {
        qreal brush, alertBand, disabledIcon, scrim;
    } alpha;
    struct
    {
        qreal provisionalSpacing, provisionalLine, staleSpacing, staleLine, noDataSpacing, noDataLine;
    } hatch;
    std::array<int, 10> space; ///< space[1] = 2 … space[9] = 32; space[0] = 0
    int radius = 3;
};

/// Fonts derived from the user's UI font and fixed font; ratios from the tokens.
struct Fonts
{
    QFont ui, strong, caption, heading, title, data, dataStrong, dataItalic, dataCaption, counter;
};

/// One theme. Immutable; lives as long as the program. GUI thread, after QGuiApplication exists.
class Theme
{
public:
    static const Theme& dark();
    static const Theme& light();
    static const Theme& of(Mode mode) { return mode == Mode::Dark ? dark() : light(); }
    /// The theme in force. Ask at paint time; do not keep colours.
    static const Theme& current();

    Mode mode = Mode::Dark;
    Colors color;

    static const Sizes& sizes();
    static const Fonts& fonts();
    static const std::vector<SeriesLook>& series();
    /// Look of the series with this order of use; beyond the list it is the last one ("others").
    static const SeriesLook& seriesLook(int index);

    /// max(token, font height + 4), as rows must be.
    static int rowHeight(int token, const QFont& font);
    /// A mix of two colours without alpha: `over` at `alpha` on `under`.
    static QColor blend(const QColor& under, const QColor& over, qreal alpha);

    QPalette palette() const;
    /// The one style sheet of the application, generated from the tokens.
    QString styleSheet() const;
};

/// Tells when the theme changes. Widgets that paint themselves call update(); those with pixmaps reload them.
class ThemeSwitch : public QObject
{
    Q_OBJECT
public:
    static ThemeSwitch& instance();

    Mode mode() const { return m_mode; }
    /// Sets style, palette, font and style sheet of the application and announces the change. Idempotent.
    void apply(QApplication& app, Mode mode);
    void toggle(QApplication& app) { apply(app, m_mode == Mode::Dark ? Mode::Light : Mode::Dark); }

signals:
    void changed();

private:
    Mode m_mode = Mode::Dark;
};

} // namespace weir::style
