// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace weir {

/// The questions that stop the user; tests answer them without a dialog.
struct Prompts
{
    /// Whether to go on with what cannot be undone. `action` is the word on the button.
    std::function<bool(QWidget* parent, const QString& question, const QString& action)> confirm;
    /// Another text for `value`; empty: cancelled.
    std::function<QString(QWidget* parent, const QString& title, const QString& value)> askName;
};

/// Asks with dialogs.
Prompts dialogPrompts();

} // namespace weir
