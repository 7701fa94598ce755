// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/roles.h"

#include "widgets/style/theme.h"

#include <QStyle>

#include <array>

namespace weir::style {
namespace {

constexpr std::array<const char*, std::size_t(Role::Dialog) + 1> names = {"primary", "flat", "small", "segment", "link",
    "secondary", "caption", "strong", "heading", "title", "data", "counter", "key", "ok", "warn", "error",
    "provisional", "chrome", "well", "bar", "panelHead", "card", "cardChosen", "tinted", "okBox", "errorBox", "dialog"};

} // namespace

void setRole(QWidget* widget, Role role)
{
    const bool again = widget->property("role").isValid();
    widget->setProperty("role", QLatin1String(names[std::size_t(role)]));
    if (role == Role::Chrome || role >= Role::Well)
        widget->setAttribute(Qt::WA_StyledBackground);
    if (again) { // the sheet is matched only once per widget
        widget->style()->unpolish(widget);
        widget->style()->polish(widget);
    }
}

QLabel* label(const QString& text, QWidget* parent)
{
    auto* result = new QLabel(parent);
    result->setTextFormat(Qt::PlainText);
    result->setText(text);
    return result;
}

QLabel* label(const QString& text, Role role, QWidget* parent)
{
    QLabel* result = label(text, parent);
    setRole(result, role);
    return result;
}

QToolButton* iconButton(const QIcon& icon, const QString& name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    const int side = Theme::sizes().icon.normal;
    button->setIcon(icon);
    button->setIconSize({side, side});
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setAutoRaise(true);
    return button;
}

} // namespace weir::style
