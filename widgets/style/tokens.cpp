// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/tokens.h"

#include <QFile>
#include <QFontDatabase>
#include <QFontInfo>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

static void initWeirResources()
{
    Q_INIT_RESOURCE(weir);
}

namespace weir::style::tokens {
namespace {

QJsonValue need(const QJsonObject& object, const char* name)
{
    const QJsonValue value = object.value(QLatin1String(name));
    if (value.isUndefined())
        qFatal("tokens.json has no %s", name);
    return value;
}

/// Values of one group of the tokens.
class Group
{
public:
    Group(const QJsonObject& parent, const char* name) : m_object(need(parent, name).toObject()) { }

    QColor color(const char* name) const
    {
        const QColor result(need(m_object, name).toString());
        if (!result.isValid())
            qFatal("tokens.json: %s is no colour", name);
        return result;
    }
    int px(const char* name) const { return need(m_object, name).toInt(); }
    qreal real(const char* name) const { return need(m_object, name).toDouble(); }
    const QJsonObject& object() const { return m_object; }

private:
    QJsonObject m_object;
};

QList<qreal> dashes(const QJsonValue& value)
{
    QList<qreal> result;
    for (const QJsonValue& length : value.toArray())
        result.append(length.toDouble());
    return result;
}

LineLook line(const Group& lines, const char* name)
{
    const QJsonObject object = need(lines.object(), name).toObject();
    return {object.value("width").toDouble(1), dashes(object.value("dash"))};
}

void readSurfaces(const QJsonObject& theme, Colors& c)
{
    const Group bg(theme, "bg");
    c.bg = {bg.color("chrome"), bg.color("well"), bg.color("wellAlt"), bg.color("raised"), bg.color("hover"),
        bg.color("pressed"), bg.color("overlay"), bg.color("header")};
    const Group text(theme, "text");
    c.text = {text.color("primary"), text.color("secondary"), text.color("muted"), text.color("disabled"),
        text.color("onAccent")};
    const Group border(theme, "border");
    c.border = {border.color("subtle"), border.color("default"), border.color("control"), border.color("grid")};
    const Group accent(theme, "accent");
    c.accent = {accent.color("base"), accent.color("hover"), accent.color("tint"), accent.color("focus")};
    const Group selection(theme, "selection");
    c.selection = {selection.color("bg"), selection.color("text"), selection.color("inactive")};
}

void readMeanings(const QJsonObject& theme, Colors& c)
{
    const Group state(theme, "state");
    c.state = {state.color("ok"), state.color("okTint"), state.color("warn"), state.color("warnTint"),
        state.color("error"), state.color("errorTint"), state.color("info"), state.color("infoTint"),
        state.color("stale"), state.color("staleTint"), state.color("provisional"), state.color("provisionalTint")};
    const Group syntax(theme, "syntax");
    c.syntax = {syntax.color("keyword"), syntax.color("string"), syntax.color("number"), syntax.color("function"),
        syntax.color("comment"), syntax.color("identifier"), syntax.color("operator")};
}

void readPlot(const QJsonObject& theme, Colors& c)
{
    const Group plot(theme, "plot");
    const Group percentile(plot.object(), "percentile");
    c.plot = {plot.color("area"), plot.color("areaLine"), plot.color("axis"), plot.color("cursor"),
        plot.color("threshold"), plot.color("nodata"), {}, percentile.color("p50"), percentile.color("p95"),
        percentile.color("p99"), percentile.color("casing")};
    const QJsonArray stops = need(plot.object(), "heatmap").toArray();
    if (std::size_t(stops.size()) != c.plot.heatmap.size())
        qFatal("tokens.json: heatmap needs seven stops");
    for (std::size_t i = 0; i < c.plot.heatmap.size(); ++i)
        c.plot.heatmap[i] = QColor(stops.at(qsizetype(i)).toString());
}

void readHeights(const QJsonObject& root, Sizes& s)
{
    const Group h(root, "height");
    s.height = {h.px("menuBar"), h.px("tabBar"), h.px("toolbar"), h.px("field"), h.px("button"), h.px("buttonSmall"),
        h.px("pill"), h.px("panelHeader"), h.px("tableHeader"), h.px("tableHeaderTwoLine"), h.px("row"),
        h.px("rowSpark"), h.px("rowComfortable"), h.px("legendRow"), h.px("editorLine"), h.px("hexLine"),
        h.px("counterStrip"), h.px("kpiStrip"), h.px("histogram"), h.px("statusBar")};
    const Group w(root, "width");
    s.width = {w.px("leftDock"), w.px("leftDockNarrow"), w.px("splitter"), w.px("scrollBar"), w.px("validityBar"),
        w.px("rowGlyph"), w.px("gauge"), w.px("sparkline")};
    const Group i(root, "icon");
    s.icon = {
        i.px("grid"), i.px("chevron"), i.px("inline"), i.px("normal"), i.px("card"), i.px("liveDot"), i.real("stroke")};
}

void readLines(const QJsonObject& root, Sizes& s)
{
    const Group l(root, "line");
    const Group percentile(l.object(), "percentile");
    const Group dash(percentile.object(), "dash");
    const qreal width = percentile.real("width");
    s.line = {line(l, "seriesDense"), line(l, "seriesSparse"), line(l, "seriesSelected"),
        {width, dashes(dash.object().value("p50"))}, {width, dashes(dash.object().value("p95"))},
        {width, dashes(dash.object().value("p99"))}, line(l, "threshold"), line(l, "cursor"), line(l, "provisional"),
        line(l, "mean"), line(l, "annotation"), line(l, "sparkline"), line(l, "squiggle"), percentile.real("casing"),
        l.px("border"), l.px("focus"), l.px("tabUnderline")};
}

QFont sized(QFont font, int basePx, const Group& sizes, const char* name)
{
    const qreal ratio = need(sizes.object(), name).toObject().value("ratio").toDouble(1);
    font.setPixelSize(qRound(basePx * ratio));
    return font;
}

Marker marker(const QString& name)
{
    static const QStringList names = {"circle", "square", "diamond", "triangle", "triangleInverted"};
    return Marker(std::max<qsizetype>(0, names.indexOf(name)));
}

} // namespace

QJsonObject document()
{
    initWeirResources();
    QFile file(":/weir/themes/tokens.json");
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the tokens are not part of this executable");
    return QJsonDocument::fromJson(file.readAll()).object();
}

Colors readColors(const QJsonObject& theme)
{
    Colors result;
    readSurfaces(theme, result);
    readMeanings(theme, result);
    readPlot(theme, result);
    return result;
}

Sizes readSizes(const QJsonObject& root)
{
    Sizes result;
    readHeights(root, result);
    readLines(root, result);
    const Group alpha(root, "alpha");
    result.alpha = {alpha.real("brush"), alpha.real("alertBand"), alpha.real("disabledIcon"), alpha.real("scrim")};
    const Group hatch(root, "hatch");
    const Group provisional(hatch.object(), "provisional");
    const Group stale(hatch.object(), "stale");
    const Group noData(hatch.object(), "noData");
    result.hatch = {provisional.real("spacing"), provisional.real("line"), stale.real("spacing"), stale.real("line"),
        noData.real("spacing"), noData.real("line")};
    const Group space(root, "space");
    result.space[0] = 0;
    for (std::size_t i = 1; i < result.space.size(); ++i)
        result.space[i] = space.px(QByteArray::number(int(i)).constData());
    result.radius = Group(root, "radius").px("control");
    return result;
}

std::vector<SeriesLook> readSeries(const QJsonObject& root)
{
    std::vector<SeriesLook> result;
    for (const QJsonValue& entry : need(need(root, "series").toObject(), "colors").toArray()) {
        const QJsonObject object = entry.toObject();
        result.push_back({object.value("name").toString(), QColor(object.value("color").toString()),
            dashes(object.value("dash")), marker(object.value("marker").toString())});
    }
    return result;
}

Fonts makeFonts(const QJsonObject& root)
{
    const Group font(root, "font");
    const Group sizes(font.object(), "size");
    const int strong = Group(font.object(), "weight").px("strong");
    QFont user = QGuiApplication::font();
    // Without a desktop Qt falls back to 9 pt, one pixel below the reference that the sizes were drawn for.
    const int base = std::max(QFontInfo(user).pixelSize(), Group(font.object(), "ui").px("referencePx"));
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setStyleHint(QFont::Monospace);

    Fonts f;
    f.ui = sized(user, base, sizes, "ui");
    f.strong = f.ui;
    f.strong.setWeight(QFont::Weight(strong));
    f.caption = sized(user, base, sizes, "caption");
    f.heading = sized(f.strong, base, sizes, "heading");
    f.title = sized(f.strong, base, sizes, "title");
    f.data = sized(fixed, base, sizes, "data");
    f.dataStrong = f.data;
    f.dataStrong.setWeight(QFont::Weight(strong));
    f.dataItalic = f.data;
    f.dataItalic.setItalic(true);
    f.dataCaption = sized(fixed, base, sizes, "caption");
    f.counter = sized(fixed, base, sizes, "counter");
    return f;
}

} // namespace weir::style::tokens
