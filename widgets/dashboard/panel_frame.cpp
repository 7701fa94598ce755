// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dashboard/panel_frame.h"

#include "widgets/dashboard/state_pill.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace weir::dashboard {

using style::Role;
using style::Theme;

PanelFrame::PanelFrame(QWidget* parent) : QFrame(parent)
{
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(1, 1, 1, 1);
    m_layout->setSpacing(0);
    m_layout->addWidget(makeHead());
    m_layout->addStretch(1);
}

PanelFrame* PanelFrame::pane(const QString& title, QWidget* parent)
{
    auto* frame = new PanelFrame(parent);
    frame->setTitle(title);
    frame->setMenuVisible(false);
    frame->setStateVisible(false);
    frame->activateOnFocus();
    return frame;
}

QWidget* PanelFrame::makeHead()
{
    const auto& s = Theme::sizes();
    auto* head = new QWidget(this);
    style::setRole(head, Role::PanelHead);
    head->setFixedHeight(Theme::rowHeight(s.height.panelHeader, Theme::fonts().strong));
    m_title = style::label({}, Role::Strong, head);
    m_unit = style::label({}, Role::Caption, head);
    m_unit->setMinimumWidth(0);
    m_unit->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_state = new StatePill(head);
    m_state->setPlain(true);
    m_menu = style::iconButton(style::icon(style::Icon::More), "Panel menu", head);
    m_headLayout = new QHBoxLayout(head);
    m_headLayout->setContentsMargins(s.space[5], 0, s.space[2], 0);
    m_headLayout->setSpacing(s.space[4]);
    m_headLayout->addWidget(m_title);
    m_headLayout->addWidget(m_unit, 1);
    m_headLayout->addWidget(m_state);
    m_headLayout->addWidget(m_menu);
    connect(m_menu, &QToolButton::clicked, this,
        [this] { emit menuRequested(m_menu->mapToGlobal(QPoint(0, m_menu->height()))); });
    return head;
}

void PanelFrame::setTitle(const QString& title)
{
    m_title->setText(title);
    m_menu->setAccessibleName("Menu of " + title);
    setAccessibleName(title);
}

QString PanelFrame::title() const
{
    return m_title->text();
}

void PanelFrame::setUnit(const QString& unit)
{
    m_unit->setText(unit);
    m_unit->setToolTip(unit);
}

QString PanelFrame::unit() const
{
    return m_unit->text();
}

void PanelFrame::setState(style::State state, const QString& text)
{
    m_state->setState(state, text);
}

void PanelFrame::setBody(QWidget* body)
{
    if (m_body == body)
        return;
    if (m_body) {
        m_layout->removeWidget(m_body);
        m_body->deleteLater();
    } else {
        delete m_layout->takeAt(1); // the stretch that held the head on top
    }
    m_body = body;
    m_layout->addWidget(body, 1);
}

void PanelFrame::addHeadWidget(QWidget* widget)
{
    m_headLayout->insertWidget(m_headLayout->indexOf(m_state), widget);
}

void PanelFrame::setMenuVisible(bool visible)
{
    m_menu->setVisible(visible);
}

void PanelFrame::setStateVisible(bool visible)
{
    m_state->setVisible(visible);
}

void PanelFrame::activateOnFocus()
{
    connect(qApp, &QApplication::focusChanged, this,
        [this](QWidget*, QWidget* now) { setActive(now && (now == this || isAncestorOf(now))); });
}

void PanelFrame::setActive(bool active)
{
    if (active == m_active)
        return;
    m_active = active;
    m_layout->setContentsMargins(1, active ? Theme::sizes().line.focus : 1, 1, 1);
    update();
}

void PanelFrame::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const style::Colors& c = Theme::current().color;
    painter.fillRect(rect(), c.border.normal);
    painter.fillRect(rect().adjusted(1, 1, -1, -1), c.bg.well);
    if (m_active)
        painter.fillRect(QRect(0, 0, width(), Theme::sizes().line.focus), c.accent.focus);
}

void PanelFrame::mousePressEvent(QMouseEvent* event)
{
    emit activated();
    QFrame::mousePressEvent(event);
}

void PanelFrame::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->pos().y() > Theme::sizes().height.panelHeader) {
        event->ignore();
        return;
    }
    emit menuRequested(event->globalPos());
}

} // namespace weir::dashboard
