// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QIcon>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

/// Looks that the style sheet knows beyond plain Qt controls. A role is the dynamic property "role" of a widget.
namespace weir::style {

/// Labels and frames, by what they say.
enum class Role {
    Primary, ///< button: the one primary button of a screen
    Flat, ///< button: no border until hovered (panel heads)
    Small, ///< button: 22 px
    Segment, ///< checkable button in a row of choices
    Link, ///< button: accent text, no surface
    Secondary, ///< label: text.secondary
    Caption, ///< label: text.muted in caption size
    Strong, ///< label: weight 600
    Heading, ///< label: card titles
    Title, ///< label: welcome only
    Data, ///< label, field, table, editor: fixed font
    Counter, ///< label: counter strips
    Key, ///< label: a key cap such as Ctrl+P
    Ok, ///< label: state.ok text
    Warn, ///< label: state.warn text
    Error, ///< label: state.error text
    Provisional, ///< label: state.provisional text
    Chrome, ///< frame: bg.chrome
    Well, ///< frame or scroll area: bg.well
    Bar, ///< frame: tool bar, 1 px line below
    PanelHead, ///< frame: bg.header, 1 px line below
    Card, ///< frame: bg.raised with border
    CardChosen, ///< frame: bg.raised with an accent border
    Tinted, ///< frame: accent.tint with accent border
    OkBox, ///< frame: state.okTint
    ErrorBox, ///< frame: state.errorTint
    Dialog ///< frame: bg.chrome with border.control
};

/// Gives the widget its role; may be called again later to change it.
void setRole(QWidget* widget, Role role);

/// A plain-text label: never renders rich text, whatever it is fed.
QLabel* label(const QString& text, Role role, QWidget* parent = nullptr);
/// A label with the ordinary look.
QLabel* label(const QString& text, QWidget* parent = nullptr);
/// An icon-only button; `name` is its accessible name and tool tip.
QToolButton* iconButton(const QIcon& icon, const QString& name, QWidget* parent = nullptr);

} // namespace weir::style
