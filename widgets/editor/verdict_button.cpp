// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/verdict_button.h"

#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QFontMetrics>
#include <QPainter>

namespace weir::editor {

using style::Theme;

namespace {

struct Look
{
    QColor colour;
    QColor tint;
    style::Icon icon;
};

Look lookOf(VerdictButton::Kind kind)
{
    const auto& state = Theme::current().color.state;
    switch (kind) {
    case VerdictButton::Kind::Good:
        return {state.ok, state.okTint, style::Icon::CheckCircle};
    case VerdictButton::Kind::Limited:
        return {state.warn, state.warnTint, style::Icon::Warning};
    case VerdictButton::Kind::Local:
    case VerdictButton::Kind::Broken:
        break;
    }
    return {state.error, state.errorTint, style::Icon::Error};
}

} // namespace

VerdictButton::VerdictButton(QWidget* parent) : QAbstractButton(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
}

void VerdictButton::setVerdict(Kind kind, const QString& text, const QString& details)
{
    m_kind = kind;
    setText(text);
    setAccessibleName(text);
    setAccessibleDescription(details);
    setToolTip(details.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
    updateGeometry();
    update();
}

QSize VerdictButton::sizeHint() const
{
    const auto& s = Theme::sizes();
    const QFontMetrics metrics(Theme::fonts().strong);
    return {s.icon.inlined + s.space[3] + metrics.horizontalAdvance(text()) + 2 * s.space[5],
        Theme::rowHeight(s.height.pill, Theme::fonts().strong) + 2 * s.space[1]};
}

void VerdictButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const auto& s = Theme::sizes();
    const Look look = lookOf(m_kind);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(look.colour, hasFocus() ? 2 : 1));
    painter.setBrush(underMouse() ? Theme::current().color.bg.hover : look.tint);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), s.radius, s.radius);
    const int glyph = s.icon.inlined;
    const int x = s.space[5];
    style::paintIcon(painter, QRectF(x, (height() - glyph) / 2.0, glyph, glyph), look.icon, look.colour);
    painter.setFont(Theme::fonts().strong);
    painter.setPen(look.colour);
    painter.drawText(QRect(x + glyph + s.space[3], 0, width(), height()), Qt::AlignVCenter, text());
}

} // namespace weir::editor
