// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/state_look.h"

#include <QFrame>

class QLabel;
class QHBoxLayout;
class QToolButton;
class QVBoxLayout;

namespace weir::dashboard {

class StatePill;

/// A panel: a head of 28 px (name, unit, state, "…" menu) over any body. A 2 px line on top shows the focus.
class PanelFrame : public QFrame
{
    Q_OBJECT
public:
    explicit PanelFrame(QWidget* parent = nullptr);
    /// One that stands outside of a grid: a title, no menu, no state, and the line while the focus is inside.
    static PanelFrame* pane(const QString& title, QWidget* parent);

    void setTitle(const QString& title);
    QString title() const;
    /// Caption after the title: the unit, or where the data comes from.
    void setUnit(const QString& unit);
    QString unit() const;
    /// Live is a quiet dot; everything else is a glyph with words ("Stale", "1 alert").
    void setState(style::State state, const QString& text = {});
    /// Takes ownership; the former body is deleted.
    void setBody(QWidget* body);
    QWidget* body() const { return m_body; }
    /// A button or label in the head, right of the unit, before the state.
    void addHeadWidget(QWidget* widget);
    void setMenuVisible(bool visible);
    /// Without a state in its head, for panes that have none.
    void setStateVisible(bool visible);
    /// Shows the 2 px line whenever something inside has the focus. Not for panels of a grid, which chooses one itself.
    void activateOnFocus();
    /// The chosen panel of a grid shows the 2 px line.
    void setActive(bool active);
    bool isActive() const { return m_active; }

signals:
    /// Of the "…" button or a right click on the head; global position.
    void menuRequested(const QPoint& globalPos);
    /// Clicked or focused into.
    void activated();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    QWidget* makeHead();

    QLabel* m_title = nullptr;
    QLabel* m_unit = nullptr;
    StatePill* m_state = nullptr;
    QToolButton* m_menu = nullptr;
    QHBoxLayout* m_headLayout = nullptr;
    QVBoxLayout* m_layout = nullptr;
    QWidget* m_body = nullptr;
    bool m_active = false;
};

} // namespace weir::dashboard
