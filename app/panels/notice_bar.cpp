// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/notice_bar.h"

#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QHBoxLayout>

namespace weir {

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent), m_glyph(new QLabel), m_text(style::label({})), m_action(new QPushButton)
{
    style::setRole(this, style::Role::PanelHead);
    style::setRole(m_action, style::Role::Link);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 5, 10, 5);
    layout->addWidget(m_glyph, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action, 0, Qt::AlignTop);
    connect(m_action, &QPushButton::clicked, this, &NoticeBar::actionRequested);
    hide();
}

void NoticeBar::tell(style::State state, const QString& text, const QString& action)
{
    if (isVisibleTo(parentWidget()) && m_state == state && m_text->text() == text && m_action->text() == action)
        return;
    m_state = state;
    const int side = style::Theme::sizes().icon.normal;
    m_glyph->setPixmap(
        style::pixmap(style::stateLook(state).glyph, style::stateLook(state).color, side, devicePixelRatioF()));
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(text);
    show();
}

void NoticeBar::clear()
{
    m_text->clear();
    hide();
}

QString NoticeBar::text() const
{
    return m_text->text();
}

} // namespace weir
