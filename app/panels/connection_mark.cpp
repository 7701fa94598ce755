// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/connection_mark.h"

#include "widgets/style/state_look.h"
#include "widgets/style/theme.h"

#include <QFontMetrics>
#include <QPainter>

namespace weir {

using style::Theme;

namespace {

constexpr int chip = 9;
constexpr int gap = 6;
constexpr int padding = 8;

style::State stateOf(ConnectionMark::Lock lock)
{
    return lock == ConnectionMark::Lock::Writable ? style::State::Writable : style::State::ReadOnly;
}

int widthOf(const QFont& font, const QString& text)
{
    return text.isEmpty() ? 0 : QFontMetrics(font).horizontalAdvance(text) + gap;
}

} // namespace

ConnectionMark::ConnectionMark(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&style::ThemeSwitch::instance(), &style::ThemeSwitch::changed, this, [this] { update(); });
    showNone();
}

void ConnectionMark::show(const ConnectionDocument& document, Lock lock)
{
    m_name = document.name;
    m_environment = document.environment;
    m_colour = document.colour;
    m_lock = lock;
    changed();
}

void ConnectionMark::showNone()
{
    m_name.clear();
    m_environment.clear();
    m_colour = -1;
    m_lock = Lock::NotConnected;
    changed();
}

void ConnectionMark::changed()
{
    const QString words = QStringList{m_name, m_environment, lockText()}.join(QLatin1Char(' ')).simplified();
    if (words == accessibleName() && m_colour >= 0)
        return update();
    setAccessibleName(words);
    setToolTip(
        m_lock == Lock::ReadOnly ? tr(
            "Weir only reads here: it joins no group, commits no offset and writes no record. Unlock writing in the "
            "connection's menu.")
            : m_lock == Lock::Writable ? tr("INSERT INTO writes records here until the lock closes again.")
                                       : QString());
    updateGeometry();
    update();
}

QString ConnectionMark::lockText() const
{
    return m_lock == Lock::NotConnected ? tr("not connected") : style::stateLook(stateOf(m_lock)).word;
}

QSize ConnectionMark::sizeHint() const
{
    const style::Fonts& fonts = Theme::fonts();
    int width = 2 * padding + QFontMetrics(fonts.caption).horizontalAdvance(lockText());
    if (m_colour >= 0)
        width += chip + gap + widthOf(fonts.ui, m_name) + widthOf(fonts.caption, m_environment);
    if (m_lock != Lock::NotConnected)
        width += Theme::sizes().icon.inlined + gap;
    return {width, Theme::rowHeight(Theme::sizes().height.pill, fonts.ui)};
}

void ConnectionMark::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const style::Colors& color = Theme::current().color;
    painter.setPen(color.border.normal);
    painter.drawRoundedRect(
        QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::sizes().radius, Theme::sizes().radius);
    QRect room = rect().adjusted(padding, 0, -padding, 0);
    const auto write = [&](const QFont& font, const QColor& ink, const QString& text) {
        painter.setFont(font);
        painter.setPen(ink);
        painter.drawText(room, Qt::AlignVCenter | Qt::TextSingleLine, text);
        room.setLeft(room.left() + widthOf(font, text));
    };
    if (m_colour >= 0) {
        painter.fillRect(room.left(), (height() - chip) / 2, chip, chip, Theme::seriesLook(m_colour).color);
        room.setLeft(room.left() + chip + gap);
        write(Theme::fonts().ui, color.text.primary, m_name);
        write(Theme::fonts().caption, color.text.muted, m_environment);
    }
    const bool open = m_lock != Lock::NotConnected;
    const style::StateLook lock = style::stateLook(stateOf(m_lock));
    if (open) {
        const int side = Theme::sizes().icon.inlined;
        style::paintIcon(painter, QRectF(room.left(), (height() - side) / 2.0, side, side), lock.glyph, lock.color);
        room.setLeft(room.left() + side + gap);
    }
    write(Theme::fonts().caption, open ? lock.color : color.text.muted, lockText());
}

} // namespace weir
