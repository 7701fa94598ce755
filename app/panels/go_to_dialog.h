// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/icons.h"

#include <QDialog>

#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;

namespace weir {

/// Something to go to: a topic, a query, a dashboard, an open tab, or a command.
struct GoToEntry
{
    style::Icon icon = style::Icon::ChevronRight;
    QString name;
    QString caption; ///< which connection, which keys
    std::function<void()> go;
};

/// A field and a list under it: names that hold all typed words, best first. Return goes there. GUI thread.
class GoToDialog : public QDialog
{
    Q_OBJECT
public:
    GoToDialog(std::vector<GoToEntry> entries, const QString& prompt, QWidget* parent);

    /// Chosen by the user; call it after the dialog is closed. Null: nothing was.
    const std::function<void()>& chosen() const { return m_chosen; }
    QLineEdit* field() const { return m_field; }
    QListWidget* list() const { return m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const QString& text);
    void choose();

    std::vector<GoToEntry> m_entries;
    QLineEdit* m_field;
    QListWidget* m_list;
    std::function<void()> m_chosen;
};

} // namespace weir
