// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dashboard/state_pill.h"

#include "widgets/style/theme.h"

#include <QFontMetrics>
#include <QPainter>

namespace weir::dashboard {

using style::State;
using style::Theme;

StatePill::StatePill(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setState(State::Live);
}

void StatePill::setState(State state, const QString& text)
{
    if (state == m_state && text == m_text && !accessibleName().isEmpty())
        return;
    m_state = state;
    m_text = text;
    setAccessibleName(this->text());
    setToolTip(m_plain && state == State::Live ? this->text() : QString());
    updateGeometry();
    update();
}

QString StatePill::text() const
{
    return m_text.isEmpty() ? style::stateLook(m_state).word : m_text;
}

void StatePill::setPlain(bool plain)
{
    m_plain = plain;
    updateGeometry();
    update();
}

QSize StatePill::sizeHint() const
{
    const auto& s = Theme::sizes();
    const int glyph = m_state == State::Live ? s.icon.liveDot : s.icon.inlined;
    if (m_plain && m_state == State::Live && m_text.isEmpty())
        return {glyph + s.space[1], s.height.pill};
    const QFont& font = m_plain ? Theme::fonts().caption : Theme::fonts().strong;
    const int words = QFontMetrics(font).horizontalAdvance(text());
    return {glyph + s.space[3] + words + (m_plain ? s.space[1] : 2 * s.space[4]), s.height.pill};
}

void StatePill::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const auto& s = Theme::sizes();
    const style::StateLook look = style::stateLook(m_state);
    const bool live = m_state == State::Live;
    if (!m_plain) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(look.tint);
        painter.drawRoundedRect(rect(), s.radius, s.radius);
    }
    const int glyph = live ? s.icon.liveDot : s.icon.inlined;
    int x = m_plain ? 1 : s.space[4];
    if (live) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(look.color);
        painter.drawEllipse(QRectF(x, (height() - glyph) / 2.0, glyph, glyph));
    } else {
        style::paintIcon(painter, QRectF(x, (height() - glyph) / 2.0, glyph, glyph), look.glyph, look.color);
    }
    if (m_plain && live && m_text.isEmpty())
        return;
    x += glyph + s.space[3];
    painter.setFont(m_plain ? Theme::fonts().caption : Theme::fonts().strong);
    painter.setPen(look.color);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter, text());
}

} // namespace weir::dashboard
