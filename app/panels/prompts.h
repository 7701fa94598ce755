// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace weir {

/// A question that is answered by typing a name.
struct NamedQuestion
{
    QString title;
    QString text;
    QString name;
    QString action; ///< the word on the button
};

/// The questions that stop the user; tests answer them without a dialog.
struct Prompts
{
    /// Whether to go on with what cannot be undone. `action` is the word on the button.
    std::function<bool(QWidget* parent, const QString& question, const QString& action)> confirm;
    /// Another text for `value`; empty: cancelled.
    std::function<QString(QWidget* parent, const QString& title, const QString& value)> askName;
    /// Whether the user typed `name` to go on with what reaches beyond this machine.
    std::function<bool(QWidget* parent, const NamedQuestion& question)> confirmByName;
    /// A folder that is there; empty: cancelled.
    std::function<QString(QWidget* parent, const QString& title, const QString& start)> chooseFolder;
    /// A file to write, there or not; empty: cancelled.
    std::function<QString(QWidget* parent, const QString& title, const QString& start)> chooseSaveFile;
};

/// Asks with dialogs.
Prompts dialogPrompts();

} // namespace weir
