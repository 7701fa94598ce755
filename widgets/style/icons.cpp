// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/icons.h"

#include "widgets/style/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <algorithm>
#include <array>

namespace weir::style {
namespace {

constexpr std::array<const char*, std::size_t(Icon::Count_)> names = {"topic", "group", "cluster", "query", "dashboard",
    "play", "pause", "stop", "plus", "close", "search", "filter", "lock-closed", "lock-open", "clock", "dot", "stale",
    "bell", "incomplete", "provisional", "reduced", "check", "check-circle", "error", "warning", "info", "flask",
    "connect", "disconnected", "database", "settings", "chevron-right", "chevron-down", "chevron-up", "copy", "export",
    "import", "theme", "key", "tombstone", "star", "folder", "link", "more", "arrow-right", "arrow-up", "arrow-down",
    "field-text", "field-number", "field-list", "field-time", "field-bool", "field-bytes", "table", "plot", "not-tried",
    "eye", "format", "refresh", "log", "split", "delete", "edit", "save", "help"};

QByteArray source(Icon id, const QColor& color)
{
    Theme::sizes(); // makes sure that the resources are there
    QFile file(":/weir/icons/" + iconName(id) + ".svg");
    if (!file.open(QIODevice::ReadOnly))
        qFatal("icon %s is not part of this executable", names[std::size_t(id)]);
    return file.readAll().replace("currentColor", color.name().toLatin1());
}

/// Asks for the theme's colour at every painting, so that a theme switch needs no new icons.
class TintedEngine : public QIconEngine
{
public:
    TintedEngine(Icon id, Tint off, Tint on) : m_id(id), m_off(off), m_on(on) { }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        paintIcon(*painter, rect, m_id, colorFor(mode, state));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        return style::pixmap(m_id, colorFor(mode, state), std::min(size.width(), size.height()));
    }
    QIconEngine* clone() const override { return new TintedEngine(*this); }

private:
    QColor colorFor(QIcon::Mode mode, QIcon::State state) const
    {
        if (mode == QIcon::Disabled)
            return Theme::current().color.text.disabled;
        return tintColor(state == QIcon::On ? m_on : m_off);
    }

    Icon m_id;
    Tint m_off;
    Tint m_on;
};

} // namespace

QString iconName(Icon id)
{
    return QLatin1String(names[std::size_t(id)]);
}

QColor tintColor(Tint tint)
{
    const Colors& c = Theme::current().color;
    switch (tint) {
    case Tint::Primary:
        return c.text.primary;
    case Tint::Secondary:
        return c.text.secondary;
    case Tint::Muted:
        return c.text.muted;
    case Tint::Accent:
        return c.accent.base;
    case Tint::OnAccent:
        return c.text.onAccent;
    case Tint::Ok:
        return c.state.ok;
    case Tint::Warn:
        return c.state.warn;
    case Tint::Error:
        return c.state.error;
    case Tint::Info:
        return c.state.info;
    case Tint::Stale:
        return c.state.stale;
    case Tint::Provisional:
        return c.state.provisional;
    }
    return c.text.primary;
}

QIcon icon(Icon id, Tint tint)
{
    return QIcon(new TintedEngine(id, tint, tint));
}

QIcon icon(Icon id, Tint off, Tint on)
{
    return QIcon(new TintedEngine(id, off, on));
}

QPixmap pixmap(Icon id, const QColor& color, int size, qreal devicePixelRatio)
{
    const int pixels = qRound(size * devicePixelRatio);
    const QString key = QString("weir-%1-%2-%3").arg(int(id)).arg(color.rgb(), 0, 16).arg(pixels);
    QPixmap result;
    if (!QPixmapCache::find(key, &result)) {
        result = QPixmap(std::max(1, pixels), std::max(1, pixels));
        result.fill(Qt::transparent);
        QPainter painter(&result);
        QSvgRenderer(source(id, color)).render(&painter);
        painter.end();
        QPixmapCache::insert(key, result);
    }
    result.setDevicePixelRatio(devicePixelRatio);
    return result;
}

void paintIcon(QPainter& painter, const QRectF& rect, Icon id, const QColor& color)
{
    const int side = int(std::min(rect.width(), rect.height()));
    // Whole pixels: half a pixel blurs a stroke of 1.3.
    const QPoint corner(qRound(rect.center().x() - side / 2.0), qRound(rect.center().y() - side / 2.0));
    painter.drawPixmap(corner, pixmap(id, color, side, painter.device()->devicePixelRatioF()));
}

void paintLogo(QPainter& painter, const QRectF& rect)
{
    const Colors& c = Theme::current().color;
    const qreal scale = std::min(rect.width() / 58, rect.height() / 40);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.left(), rect.top());
    painter.scale(scale, scale);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Theme::blend(c.bg.well, c.accent.base, 0.6), 2, Qt::SolidLine, Qt::FlatCap));
    for (const qreal y : {12.0, 20.0, 28.0})
        painter.drawLine(QPointF(0, y), QPointF(17, y));
    painter.drawLine(QPointF(38, 35), QPointF(56, 35));
    painter.fillRect(QRectF(22, 10, 7, 25), c.text.primary);
    QPainterPath water(QPointF(0, 4));
    water.lineTo(21, 4);
    water.cubicTo(30, 4, 34, 9, 34, 16);
    water.lineTo(34, 22);
    water.cubicTo(34, 26, 36, 28, 40, 28);
    water.lineTo(56, 28);
    painter.setPen(QPen(c.accent.base, 2.8, Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(water);
    painter.restore();
}

QPixmap logo(const QSize& size, qreal devicePixelRatio)
{
    QPixmap result(size * devicePixelRatio);
    result.setDevicePixelRatio(devicePixelRatio);
    result.fill(Qt::transparent);
    QPainter painter(&result);
    paintLogo(painter, QRectF(QPointF(0, 0), QSizeF(size)));
    return result;
}

} // namespace weir::style
