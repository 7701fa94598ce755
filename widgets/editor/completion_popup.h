// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/editor/editor_types.h"

#include <QListWidget>

namespace weir::editor {

/// The list of completions. Never takes the focus: its owner hands keys over.
class CompletionPopup : public QListWidget
{
    Q_OBJECT
public:
    explicit CompletionPopup(QWidget* parent);

    /// Shows items below (or above) a line of text, given in global coordinates.
    void showItems(const std::vector<CompletionItem>& items, const QRect& line);
    void move(int rows); ///< of the chosen one; stops at the ends
    QString chosen() const;

signals:
    void picked(const QString& text); ///< by the mouse

private:
    void place(const QRect& line);
};

} // namespace weir::editor
