// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/prompts.h"
#include "app/workspace/documents.h"

#include <QWidget>

class QHBoxLayout;
class QMenu;
class QPushButton;
class QToolButton;

namespace weir {

/// The named filters of a topic as buttons, and a star that names the one in force. Keeps none: its owner does. GUI
/// thread.
class SavedFilters : public QWidget
{
    Q_OBJECT
public:
    SavedFilters(const Prompts& prompts, QString topic, QWidget* parent = nullptr);

    /// Those of the topic are shown.
    void setFilters(const QList<FilterDocument>& filters);
    /// The text in force; empty: none. Its button is checked, and it can be named.
    void setCurrent(const QString& sql);

signals:
    void chosen(const QString& sql); ///< empty: the one in force was taken back
    void saved(const weir::FilterDocument& filter); ///< a new one, or another name for one there is
    void removed(const QString& id);
    void commandRequested(); ///< for what is in force

private:
    void save();
    void showMenu(const FilterDocument& filter, const QPoint& place);
    void showChecked();

    const Prompts m_prompts;
    const QString m_topic;
    QString m_current;
    QList<FilterDocument> m_filters;
    QHBoxLayout* m_layout = nullptr;
    QList<QPushButton*> m_buttons; ///< one for each filter
    QToolButton* m_star = nullptr;
};

} // namespace weir
